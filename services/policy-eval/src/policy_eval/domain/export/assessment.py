"""The verdict on an item in each jurisdiction: that of its most severe part, for its most severe destination."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from policy_eval.domain.export.classification import Classifications, InEffect
from policy_eval.domain.export.codes import ControlLists
from policy_eval.domain.export.detection import PRODUCT, CryptoFinding, Detector, Inspected
from policy_eval.domain.export.evidence import OnFile, missing
from policy_eval.domain.export.facts import Part, facts_of, facts_of_crypto, facts_of_day, facts_of_place
from policy_eval.domain.export.periods import turning_days
from policy_eval.domain.export.places import Places
from policy_eval.domain.export.rules import ExportRule, Facts, RuleBook
from policy_eval.domain.export.situation import Situation
from policy_eval.domain.export.terms import ExportVerdict, severity
from policy_eval.domain.export.wording import explained

_NEVER_BLOCK: Final = frozenset({"not-controlled", "published-not-subject"})


@dataclass(frozen=True, slots=True)
class Law:
    """The rules, tables and lists by which situations are judged; `evidence` says what each id of evidence is."""

    rules: RuleBook
    places: Places
    lists: ControlLists
    evidence: Mapping[str, str]

    def since(self, day: date) -> date:
        """The day since which it is as it is on that day: when a rule, a membership or a code last began or ended."""
        periods = (*self.rules.periods(), *self.places.periods(), *self.lists.periods())
        return max((each for each in turning_days(periods) if each <= day), default=date.min)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict of one jurisdiction with what it rests on; `missing` are ids of evidence that is not on file."""

    jurisdiction: str
    rule: ExportRule
    part: Part
    code: InEffect
    destination: str | None
    missing: tuple[str, ...]
    why: str
    is_published: bool

    @property
    def verdict(self) -> ExportVerdict:
        """The word of the verdict."""
        return self.rule.verdict

    @property
    def blocks(self) -> bool:
        """Whether the release may not go out on this verdict."""
        if self.verdict in _NEVER_BLOCK:
            return False
        if self.verdict == "exception-available":
            return bool(self.missing)
        return not (self.verdict == "unclassified" and self.is_published and self.part.published)

    @property
    def shown_code(self) -> str | None:
        """The code that counts; published cryptography is 5D002 for information."""
        if self.code.code is None and self.verdict in ("published-not-subject", "notification-first"):
            finding = self.part.finding
            return "5D002" if finding is not None and finding.may_be_confidential and not finding.is_weak else None
        return self.code.code


@dataclass(frozen=True, slots=True)
class Assessment:
    """The verdicts, by jurisdiction in the order asked for; `evidence` says what each id of evidence is."""

    verdicts: tuple[Verdict, ...]
    evidence: Mapping[str, str]

    @property
    def block_release(self) -> bool:
        """Whether any of them blocks."""
        return any(each.blocks for each in self.verdicts)


@dataclass(frozen=True, slots=True)
class Item:
    """The item that is judged: what is said of it itself, its components, and what was found of each (None = unknown)."""

    own: CryptoFinding | None
    components: Sequence[Inspected]
    found: Sequence[CryptoFinding | None]


class Assessor:
    """Judges an item in one situation on one day."""

    def __init__(self, situation: Situation, law: Law, day: date, detector: Detector) -> None:
        self._situation = situation
        self._law = law
        self._day = day
        self._detector = detector
        self._classifications = Classifications(situation.classifications or (), law.lists, day)
        self._of_day = facts_of_day(situation, day)
        self._destinations = self._places_asked_for()

    def assess(self, jurisdictions: Sequence[str], item: Item) -> Assessment:
        """Judge the product and its parts; without a word on the product itself, it is what its parts are."""
        return Assessment(tuple(self._worst(name, item) for name in jurisdictions), self._law.evidence)

    def findings(self, jurisdiction: str, item: Item) -> list[CryptoFinding]:
        """What counts of the product and of each component; where a person has lowered it, that it is none."""
        of_product = self._of_product(jurisdiction, item)
        return [each for each in (of_product, *self._reviewed(jurisdiction, item)) if each is not None]

    def _places_asked_for(self) -> dict[str | None, frozenset[str]]:
        """The destinations with their groups; of those in the same groups, which no rule tells apart, the first."""
        places = self._law.places
        asked = self._situation.destinations or ()
        named: Sequence[str | None] = [place for each in asked for place in places.named(each, self._day)] or (None,)
        alike: dict[frozenset[str], str | None] = {}
        for place in named:
            alike.setdefault(facts_of_place(place, places, self._day), place)
        return {place: groups for groups, place in alike.items()}

    def _worst(self, jurisdiction: str, item: Item) -> Verdict:
        product = self._of_product(jurisdiction, item)
        parts = [Part(PRODUCT, None, product, published=True)] if product or not item.components else []
        verdicts = [self._of_part(jurisdiction, each) for each in (*parts, *self._distinct(jurisdiction, item))]
        return max(verdicts, key=_badness)

    def _of_product(self, jurisdiction: str, item: Item) -> CryptoFinding | None:
        return self._detector.of_product(item.own, self._reviewed(jurisdiction, item))

    def _reviewed(self, jurisdiction: str, item: Item) -> list[CryptoFinding | None]:
        """What was found, each as a person has classified the component where somebody has."""
        if not self._classifications.names_packages(jurisdiction):
            return list(item.found)
        pairs = zip(item.components, item.found, strict=True)
        return [self._classifications.reviewed(jurisdiction, component, found) for component, found in pairs]

    def _distinct(self, jurisdiction: str, item: Item) -> list[Part]:
        """The components; one stands for all of which the same is known and that no classification names."""
        alike: dict[tuple[object, ...], list[int]] = {}
        names_any = self._classifications.names_packages(jurisdiction)
        for place, (component, found) in enumerate(zip(item.components, item.found, strict=True)):
            named = names_any and self._classifications.of_component(jurisdiction, component.purl)
            key = (component.purl if named else None, component.published, *facts_of_crypto(found))
            alike.setdefault(key, []).append(place)
        return [_part(item, places) for places in alike.values()]

    def _of_part(self, jurisdiction: str, part: Part) -> Verdict:
        of_part = self._classifications.of_component(jurisdiction, part.purl)
        candidates = of_part or self._classifications.of_item(jurisdiction)
        code = self._classifications.in_effect(jurisdiction, candidates, part.finding)
        facts = {**facts_of(self._situation, part, code), **self._of_day}
        return max((self._at(jurisdiction, place, facts, part, code) for place in self._destinations), key=_badness)

    def _at(self, jurisdiction: str, place: str | None, facts: Facts, part: Part, code: InEffect) -> Verdict:
        at_place = {**facts, "destination": self._destinations[place]}
        rule = self._law.rules.decide(jurisdiction, at_place, self._day)
        lacking = tuple(missing(rule.evidence, OnFile(self._situation, part, code, self._day)))
        why = explained(rule, part, code, place, self._situation)
        return Verdict(jurisdiction, rule, part, code, place, lacking, why, self._situation.is_published)


def _part(item: Item, places: Sequence[int]) -> Part:
    first = item.components[places[0]]
    is_published = first.published is not False
    return Part(first.name, first.purl, item.found[places[0]], is_published, more=len(places) - 1)


def _badness(verdict: Verdict) -> tuple[int, bool]:
    return (severity(verdict.verdict), verdict.blocks)
