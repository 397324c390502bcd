"""What a decision comes to for a component, as it is written down."""

from typing import Any

from msgspec import Struct

from policy_eval.domain.effective_license import Decision
from shared.contracts.decisions import Kind, OwnContext, Verdict
from shared.contracts.inventory import Linkage


class Outcome(Struct, frozen=True, array_like=True):
    """All that is written of a decision beside its trace, in the words of `shared.contracts.decisions.DecidedComponent`.

    What is written of a component depends on its document and on this. `modified`: what people say, None = the document.
    """

    verdict: Verdict
    category: str
    kind: Kind
    shipped: bool
    license: str | None
    effective_license: str | None
    chosen_from: str | None
    license_source: str | None
    linkage: Linkage | None
    modified: bool | None
    own_context: OwnContext | None

    def shown(self) -> dict[str, Any]:
        """What lists show of it; without `modified` where the document's word counts."""
        said = {
            "license": self.license,
            "effective_license": self.effective_license,
            "license_source": self.license_source,
            "category": self.category,
            "verdict": self.verdict,
            "linkage": self.linkage,
        }
        return said if self.modified is None else said | {"modified": self.modified}


def outcome_of(decision: Decision) -> Outcome:
    """The outcome of the decision; `linkage` is the one that was judged."""
    usage, judgement = decision.usage, decision.judgement
    return Outcome(
        judgement.verdict,
        judgement.category,
        usage.kind,
        usage.shipped,
        decision.license,
        decision.effective_license,
        decision.chosen_from,
        decision.mapped.origin,
        usage.linkage,
        decision.modified,
        usage.own_context,
    )
