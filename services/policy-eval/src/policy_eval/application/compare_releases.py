"""Compare two releases: which components, licences and findings came, went and changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from policy_eval.application.ports import EvaluationReader, EvaluationRecord
from policy_eval.domain.release_diff import ComparedComponent, compare_components, compare_licenses
from shared.computation import compute
from shared.persistence.blobs import Blobs

LONGEST_LIST: Final = 10_000


@dataclass(frozen=True, slots=True)
class _Decided:
    """What is read of `shared.contracts.decisions.DecidedRelease`: the rest of it, texts above all, is passed over."""

    components: list[ComparedComponent]


@dataclass(frozen=True, slots=True)
class ComparedRelease:
    """A release, as of one of its evaluations or else of the current one."""

    release_id: str
    evaluation_id: str | None = None


@dataclass(frozen=True, slots=True)
class CompareReleases:
    """The use case, with what it needs."""

    reader: EvaluationReader
    blobs: Blobs

    async def __call__(self, release: ComparedRelease, base: ComparedRelease) -> dict[str, Any]:
        """Return the difference as the API shows it: at most 10,000 items a list; raises NotFound.

        `truncated` names each list that is cut, with the number of all its items.
        """
        after, before = await self._record(release), await self._record(base)
        bodies = [await self.blobs.get(each.decisions_sha256) for each in (before, after)]
        lists = await compute(_compared, *bodies)
        totals = {name: len(items) for name, items in lists.items()}
        totals["findings.added"], added = await self.reader.new_findings(after.id, before.id, LONGEST_LIST)
        totals["findings.removed"], removed = await self.reader.new_findings(before.id, after.id, LONGEST_LIST)
        common = await self.reader.common_findings(after.id, before.id)
        return {
            "release": after.release.id,
            "evaluation": after.id,
            "base": before.release.id,
            "base_evaluation": before.id,
            "components": _shown_lists(lists, "components"),
            "licenses": _shown_lists(lists, "licenses"),
            "findings": {"added": added, "removed": removed, "unchanged": common},
            "limit": LONGEST_LIST,
            "truncated": {name: total for name, total in sorted(totals.items()) if total > LONGEST_LIST},
        }

    async def _record(self, wanted: ComparedRelease) -> EvaluationRecord:
        return await self.reader.record(wanted.release_id, wanted.evaluation_id)


def _compared(base: bytes, release: bytes) -> dict[str, Sequence[Any]]:
    before, after = (msgspec.json.decode(each, type=_Decided).components for each in (base, release))
    components, licenses = compare_components(before, after), compare_licenses(before, after)
    return {
        "components.added": components.added,
        "components.removed": components.removed,
        "components.changed": components.changed,
        "licenses.added": licenses.added,
        "licenses.removed": licenses.removed,
    }


def _shown_lists(lists: dict[str, Sequence[Any]], of: str) -> dict[str, list[Any]]:
    show: dict[str, Callable[[Any], Any]] = {
        "components.added": _shown_component,
        "components.removed": _shown_component,
        "components.changed": lambda pair: _shown_change(*pair),
    }
    return {
        name.partition(".")[2]: [show.get(name, str)(each) for each in items[:LONGEST_LIST]]
        for name, items in lists.items()
        if name.startswith(f"{of}.")
    }


def _shown_component(component: ComparedComponent) -> dict[str, Any]:
    return {
        "purl": component.purl,
        "name": component.name,
        "version": component.version,
        "license": component.effective_license,
    }


def _shown_change(before: ComparedComponent, after: ComparedComponent) -> dict[str, Any]:
    return {
        "purl": after.purl,
        "name": after.name,
        "from_version": before.version,
        "to_version": after.version,
        "from_license": before.effective_license,
        "to_license": after.effective_license,
    }
