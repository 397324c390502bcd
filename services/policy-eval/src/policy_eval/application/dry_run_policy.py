"""Try a policy on the releases that use it, and say what would change before it does. Nothing is stored."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from policy_eval.application.check_policy import CheckPolicy
from policy_eval.application.evaluate_release import EvaluateRelease
from policy_eval.application.policy_ports import CurrentRelease, ReleasesOfPolicy
from policy_eval.application.ports import EvaluationReader
from policy_eval.domain.policy import Policy, UnknownContext
from shared.errors import NotFound

_MOST_COMPONENTS: Final = 20_000
"""After as many a page ends, however few releases it has: so that it costs seconds and not minutes."""


@dataclass(frozen=True, slots=True)
class DryRunPage:
    """What would change in the releases that were looked at; `next` goes on after them, None at the end."""

    examined: int
    changes: list[dict[str, Any]]
    next: str | None


@dataclass(frozen=True, slots=True)
class DryRunPolicy:
    """The use case, with what it needs."""

    releases: ReleasesOfPolicy
    reader: EvaluationReader
    evaluate: EvaluateRelease
    check: CheckPolicy

    async def __call__(self, name: str, body: bytes, sees: Callable[[str], bool], after: str, limit: int) -> DryRunPage:
        """Try the policy on up to `limit` releases of policy `name` in projects that `sees` admits, one at a time.

        Raises InvalidInput for a policy that is not valid (its own tests are not asked), OverLimit, Unavailable.
        """
        policy = await self.check.valid(body, name)
        found = await self.releases.current(name, after, limit)
        examined, components, changes = 0, 0, []
        last = found.scanned_to
        for release in found.releases:
            if not sees(release.state.project):
                continue
            change, size = await self._change(release, policy)
            examined, components = examined + 1, components + size
            changes += [change] if change else []
            if components >= _MOST_COMPONENTS:
                last = release.state.id
                break
        return DryRunPage(examined, changes, last)

    async def _change(self, release: CurrentRelease, policy: Policy) -> tuple[dict[str, Any] | None, int]:
        state = release.state
        now = await self.reader.record(state.id, release.evaluation)
        shown = {"release": state.id, "project": state.project, "version": state.version, "context": state.context}
        shown |= {"evaluation": now.id, "verdict": now.gate.verdict}
        try:
            then = await self.evaluate.trial(state, release.documents, policy)
        except (UnknownContext, NotFound) as error:
            return shown | {"would_be": None, "problem": str(error)}, 0
        before = await self.releases.fingerprints(now.id)
        added, removed = len(then.fingerprints - before), len(before - then.fingerprints)
        if (then.gate, added, removed) == (now.gate, 0, 0):
            return None, then.components
        counts = {"findings_added": added, "findings_removed": removed}
        return shown | {"would_be": then.gate.verdict} | counts, then.components
