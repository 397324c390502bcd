"""Compare the obligations of two releases: which came, which went, and which have other causes now."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from obligations.application.ports import DerivationReader
from obligations.domain.obligation_diff import ObligationHead, compare_obligations, without_others

LONGEST_LIST: Final = 10_000


@dataclass(frozen=True, slots=True)
class ComparedRelease:
    """A release, as of one of its evaluations or else of the current one."""

    release_id: str
    evaluation_id: str | None = None


@dataclass(frozen=True, slots=True)
class CompareReleases:
    """The use case, with what it needs."""

    reader: DerivationReader

    async def __call__(self, release: ComparedRelease, base: ComparedRelease) -> dict[str, Any]:
        """Return the difference as the API shows it: at most 10,000 items a list, `totals` of all; raises NotFound."""
        after, before = await self._evaluation(release), await self._evaluation(base)
        found = compare_obligations(await self.reader.heads(before), await self.reader.heads(after))
        changed = []
        for old, new in found.both:
            causes = await self._causes(before, old, after, new) if old.etag != new.etag else {}
            if any(causes.values()):
                changed.append(_shown(new) | causes)
        lists: dict[str, Sequence[Any]] = {
            "added": [_shown(each) for each in found.added],
            "removed": [_shown(each) for each in found.removed],
            "changed": changed,
        }
        totals = {name: len(items) for name, items in lists.items()}
        return {name: items[:LONGEST_LIST] for name, items in lists.items()} | {"totals": totals}

    async def _evaluation(self, wanted: ComparedRelease) -> str:
        return (await self.reader.record(wanted.release_id, wanted.evaluation_id)).evaluation_id

    async def _causes(self, before: str, old: ObligationHead, after: str, new: ObligationHead) -> dict[str, Any]:
        were = await self.reader.components(before, old.id)
        are = await self.reader.components(after, new.id)
        come, gone = without_others(are, were), without_others(were, are)
        return {"components_added": come[:LONGEST_LIST], "components_removed": gone[:LONGEST_LIST]}


def _shown(head: ObligationHead) -> dict[str, Any]:
    return {name: value for name, value in msgspec.to_builtins(head).items() if name != "etag"}
