"""Which classification counts of a subject on a day, and what it says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from policy_eval.domain.export.checks import day_of, listed_on_day
from policy_eval.domain.export.codes import CodeKind, ControlLists
from policy_eval.domain.export.detection import CryptoFinding, Inspected
from policy_eval.domain.export.situation import Classification
from policy_eval.domain.export.statements import mentions
from policy_eval.domain.purls import Purl, read_purl

CodeState = Literal["none", "kb", "expired", "contradicted", "not-listed", "mass-market", "information-security",
                    "cryptanalysis", "other"]  # fmt: skip
_BY_PEOPLE: Final = ("self", "reviewer", "ccats", "authority")
_BY_AUTHORITY: Final = ("ccats", "authority")
_TRUST: Final = ("authority", "ccats", "reviewer", "self", None, "supplier", "kb-default")
_LISTED: Final = ("mass-market", "information-security", "cryptanalysis")
_LOWERED: Final[tuple[CodeKind, ...]] = ("not-listed",)


@dataclass(frozen=True, slots=True)
class InEffect:
    """The classification of a subject in a jurisdiction on a day; `classification` is None where there is none."""

    state: CodeState
    classification: Classification | None = None
    because: str = "no classification is on file"

    @property
    def code(self) -> str | None:
        """The code, where it counts."""
        counts = self.state not in ("none", "kb", "expired", "contradicted")
        return self.classification.code if counts and self.classification else None

    @property
    def is_by_authority(self) -> bool:
        """Whether an authority has made or confirmed it, by its method or a CCATS number among its evidence."""
        known = self.classification
        return known is not None and (known.method in _BY_AUTHORITY or mentions(known.evidence or "", "ccats"))


class Classifications:
    """The classifications of a question."""

    def __init__(self, all_: Iterable[Classification], lists: ControlLists, day: date) -> None:
        self._all = tuple(all_)
        self._lists = lists
        self._day = day
        self._by_jurisdiction: dict[str, list[Classification]] = {}
        self._by_name: dict[str, dict[str, list[tuple[Purl, Classification]]]] = {}

    def of_item(self, jurisdiction: str) -> list[Classification]:
        """Those of the whole item."""
        return [each for each in self._of(jurisdiction) if each.purl is None]

    def of_component(self, jurisdiction: str, purl: str | None) -> list[Classification]:
        """Those that name the package; a purl without a version covers all of its versions."""
        named = self._named(jurisdiction)
        asked = read_purl(purl) if purl and named else None
        return [each for known, each in named.get(asked.name, ()) if known.covers(asked)] if asked else []

    def names_packages(self, jurisdiction: str) -> bool:
        """Whether any of them names a package."""
        return bool(self._named(jurisdiction))

    def reviewed(self, jurisdiction: str, component: Inspected, found: CryptoFinding | None) -> CryptoFinding | None:
        """What was found of the component as a person sees it: none, where it is lowered; there, where it is listed."""
        named = self.of_component(jurisdiction, component.purl)
        state = self.in_effect(jurisdiction, named, found).state if named else "none"
        basis = found or CryptoFinding(component.subject, "implements", "reviewer", path=(component.name,))
        if state == "not-listed":
            return replace(basis, kind="none", source="reviewer", functions=frozenset())
        if state in _LISTED and not (found and found.may_be_confidential and not found.is_suspicion):
            return replace(basis, kind="implements", source="reviewer", functions=frozenset({"confidentiality"}))
        return found

    def in_effect(
        self, jurisdiction: str, candidates: Sequence[Classification], found: CryptoFinding | None
    ) -> InEffect:
        """The one that counts of the candidates, beside what was `found` by machines."""
        current = [each for each in candidates if is_current(each, self._day)]
        if not current:
            return self._without_current(candidates)
        best = min(current, key=lambda each: (_TRUST.index(each.method), *_newest_first(each)))
        if best.method == "kb-default":
            return InEffect("kb", best, "a default of the knowledge base is no classification")
        kind = self._lists.kind(jurisdiction, best.code, listed_on_day(best, self._day))
        if kind in _LOWERED and (lacking := _lacking_to_lower(best, found)):
            return InEffect("contradicted", best, f"{best.code} contradicts what was found and {lacking}")
        return InEffect(kind or "none", best, _said(best))

    def _named(self, jurisdiction: str) -> dict[str, list[tuple[Purl, Classification]]]:
        """Those of packages, by the canonical name of the package."""
        by_name = self._by_name.get(jurisdiction)
        if by_name is None:
            by_name = self._by_name[jurisdiction] = {}
            for each in self._of(jurisdiction):
                known = read_purl(each.purl) if each.purl is not None else None
                if known is not None:
                    by_name.setdefault(known.name, []).append((known, each))
        return by_name

    def _of(self, jurisdiction: str) -> list[Classification]:
        known = self._by_jurisdiction.get(jurisdiction)
        if known is None:
            of_all = [each for each in self._all if each.jurisdiction in (None, jurisdiction)]
            known = [
                each for each in of_all if self._lists.kind(jurisdiction, each.code, listed_on_day(each, self._day))
            ]
            self._by_jurisdiction[jurisdiction] = known
        return known

    def _without_current(self, candidates: Sequence[Classification]) -> InEffect:
        expired = [each for each in candidates if (day_of(each.valid_to or "") or date.max) < self._day]
        if expired:
            last = max(expired, key=lambda each: each.valid_to or "")
            return InEffect("expired", last, f"the classification {last.code} expired on {last.valid_to}")
        if candidates:
            first = min(candidates, key=lambda each: each.valid_from or each.date or "")
            begins = first.valid_from or first.date
            return InEffect("none", None, f"the classification {first.code} is not valid before {begins}")
        return InEffect("none")


def is_current(each: Classification, day: date) -> bool:
    """Whether the classification is valid on that day."""
    begin = day_of(each.valid_from or each.date or "") or date.min
    return begin <= day <= (day_of(each.valid_to or "") or date.max)


def _newest_first(each: Classification) -> tuple[int, str]:
    day = day_of(each.date or each.valid_from or "")
    return (-day.toordinal() if day else 0, each.code)


def _lacking_to_lower(best: Classification, found: CryptoFinding | None) -> str | None:
    """What the classification lacks to stand against what machines found."""
    if found is None or found.is_suspicion or not found.may_be_confidential:
        return None
    if best.method not in _BY_PEOPLE:
        return "only a person may lower it"
    lacking = [word for word, value in (("reason", best.reason), ("date", best.date or best.valid_from)) if not value]
    return f"gives no {' and no '.join(lacking)}" if lacking else None


def _said(best: Classification) -> str:
    by = f" by {best.by}" if best.by else ""
    on = f" on {best.date}" if best.date else ""
    return f"classified {best.code} ({best.method or 'method not told'}{by}{on})"
