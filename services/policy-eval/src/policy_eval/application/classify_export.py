"""Answer a question about export without a stored release: what it holds, and the verdict of each jurisdiction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import msgspec

from policy_eval.application.ports import InventorySource
from policy_eval.application.record_ports import TableVerifications
from policy_eval.domain.export.algorithms import Algorithms
from policy_eval.domain.export.assessment import Assessment, Assessor, Item, Law, Verdict
from policy_eval.domain.export.checks import InvalidSituation, check, day_of
from policy_eval.domain.export.detection import PRODUCT, CryptoFinding, Detector, Inspected, strictest
from policy_eval.domain.export.inspection import inspected, said_of_product
from policy_eval.domain.export.situation import CryptoStatement, Situation
from policy_eval.domain.purls import purl_name
from shared.clock import Clock
from shared.computation import compute
from shared.contracts.inventory import Inventory
from shared.errors import ErrorAt, InvalidInput

MOST_COMPONENTS: Final = 200_000


@dataclass(frozen=True, slots=True)
class ExportKnowledge:
    """What export questions are answered from; `version` names it in the inputs of evaluations."""

    law: Law
    detector: Detector
    algorithms: Algorithms
    version: str


@dataclass(frozen=True, slots=True)
class ClassifyExport:
    """The use case, with what it needs."""

    knowledge: ExportKnowledge
    inventories: InventorySource
    verifications: TableVerifications
    clock: Clock

    async def __call__(self, situation: Situation) -> dict[str, Any]:
        """Return the answer as the API shows it; raises InvalidInput, and what reading the SBOM raises."""
        today = self.clock.now().date()
        day = day_of(situation.as_of or "") or today
        checked(situation, day, self.knowledge.law)
        inventory = None
        if not isinstance(situation.sbom, msgspec.UnsetType) and bytes(situation.sbom) != b"null":
            body = await self.inventories.read(bytes(situation.sbom))
            inventory = msgspec.json.decode(body, type=Inventory)
        stale = self.knowledge.law.places.stale(today, await self.verifications.all())
        return await compute(self._answer, situation, inventory, day, tuple(stale))

    def _answer(
        self, situation: Situation, inventory: Inventory | None, day: date, stale: tuple[str, ...]
    ) -> dict[str, Any]:
        item = self._item(situation, inventory)
        assessor = Assessor(situation, self.knowledge.law, day, self.knowledge.detector)
        jurisdictions = tuple(dict.fromkeys(situation.jurisdictions or self.knowledge.law.lists.jurisdictions))
        assessment = assessor.assess(jurisdictions, item)
        return {
            "findings": [shown_finding(each) for each in assessor.findings(jurisdictions[0], item)],
            "verdicts": {
                each.jurisdiction: shown_verdict(each, self.knowledge.law, stale) for each in assessment.verdicts
            },
            "block_release": assessment.block_release,
            "evidence_needed": evidence_needed(assessment),
        }

    def _item(self, situation: Situation, inventory: Inventory | None) -> Item:
        asked = [Inspected(_name_of(each.purl), each.purl, (), each.published) for each in situation.components or ()]
        read, edges = inspected(inventory, self.knowledge.algorithms) if inventory else ([], [])
        components = [*read, *asked]
        said = said_of_product(inventory, self.knowledge.algorithms) if inventory else []
        own = own_statement(situation.crypto, self.knowledge.detector, said)
        return Item(own, components, self.knowledge.detector.all(components, edges))


def checked(situation: Situation, day: date, law: Law) -> None:
    """Raise InvalidInput unless the question makes sense."""
    try:
        check(situation, day, law.places, law.lists)
    except InvalidSituation as error:
        places = tuple(ErrorAt(pointer, message) for pointer, message in error.faults)
        raise InvalidInput(str(error), errors=places) from error


def shown_finding(finding: CryptoFinding) -> dict[str, Any]:
    """Return a finding as the API shows it; one by words of the document with these and their place."""
    words = {} if finding.text is None else {"text": finding.text, "pointer": finding.pointer}
    return {
        "subject": finding.subject,
        "detected": finding.detected,
        "kind": finding.kind,
        "functions": sorted(finding.functions or ()),
        "algorithms": list(finding.algorithms),
        "source": finding.source,
        "confidence": finding.confidence,
        "path": list(finding.path),
        **words,
    }


def shown_verdict(verdict: Verdict, law: Law, stale: Iterable[str]) -> dict[str, Any]:
    """Return a verdict as the API shows it; tables that nobody verified lately are told with the reason."""
    tables = ", ".join(stale)
    warning = f" Not verified in the last 90 days: tables {tables}." if tables else ""
    return {
        "verdict": verdict.verdict,
        "code": verdict.shown_code,
        "rule": verdict.rule.id,
        "reference": verdict.rule.reference,
        "data_date": law.rules.data_date.isoformat(),
        "why": f"{verdict.why}{warning}",
    }


def evidence_needed(assessment: Assessment) -> list[str]:
    """Return what is missing for the verdicts to count, each once, with the rules that ask for it."""
    asked: dict[str, list[str]] = {}
    for verdict in assessment.verdicts:
        for each in verdict.missing:
            asked.setdefault(each, []).append(verdict.rule.id)
    return [f"{assessment.evidence[each]} ({', '.join(rules)})" for each, rules in asked.items()]


def own_statement(
    crypto: CryptoStatement | None, detector: Detector, said: Sequence[CryptoFinding] = ()
) -> CryptoFinding | None:
    """Return what counts of what is said of the product itself: by the caller, who is its supplier, and by documents."""
    own = _caller_s(crypto)
    return strictest(detector.completed(each) for each in (*said, *([own] if own else [])))


def _caller_s(crypto: CryptoStatement | None) -> CryptoFinding | None:
    """The caller's own statement; nothing is said where no kind or function is told."""
    if crypto is None:
        return None
    functions = None if crypto.functions is None else frozenset(crypto.functions)
    says_something = crypto.kind or crypto.functions or crypto.algorithms or crypto.standard is False
    if not says_something:
        return None
    return CryptoFinding(
        PRODUCT, crypto.kind or "uses", "supplier", functions or None, crypto.algorithms or (), crypto.standard,
        path=(PRODUCT,),
    )  # fmt: skip


def _name_of(purl: str) -> str:
    name = purl_name(purl) or purl
    return name.rpartition("/")[2]
