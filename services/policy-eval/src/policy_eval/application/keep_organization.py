"""Keep what the organisation says of itself."""

from dataclasses import dataclass
from typing import Any

from msgspec import structs

from policy_eval.application.change_ports import ReevaluationRequests
from policy_eval.application.check_decision import expression_at
from policy_eval.application.keep_decisions import Reviewer
from policy_eval.application.record_ports import Organizations
from policy_eval.domain.organization import Organization
from policy_eval.domain.project_patterns import EVERYWHERE
from shared.clock import Clock, timestamp
from shared.errors import Forbidden


@dataclass(frozen=True, slots=True)
class KeepOrganization:
    """The use case, with what it needs."""

    organizations: Organizations
    reevaluations: ReevaluationRequests
    clock: Clock

    async def current(self) -> dict[str, Any]:
        """Return what was said last; nulls where nobody said anything."""
        _, said = await self.organizations.current()
        return _shown(said)

    async def put(self, reviewer: Reviewer, said: Organization) -> dict[str, Any]:
        """Store a new version; raises InvalidInput, and Forbidden for a key that does not reach all projects."""
        if EVERYWHERE not in reviewer.projects:
            raise Forbidden("The organisation is the same for all projects: this needs a key for all of them (`*`).")
        listed = [
            str(expression_at(f"/preferred_licenses/{place}", text))
            for place, text in enumerate(said.preferred_licenses)
        ]
        said = structs.replace(said, preferred_licenses=listed)
        ask = self.reevaluations.drafted("the organization says something else of itself")
        await self.organizations.put(said, timestamp(self.clock.now()), reviewer.subject, ask)
        self.reevaluations.wake()
        return _shown(said)


def _shown(said: Organization) -> dict[str, Any]:
    offer = said.source_offer
    return structs.asdict(said) | {"source_offer": structs.asdict(offer) if offer else None}
