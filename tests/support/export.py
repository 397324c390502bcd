"""Asks the classification of export as the API does, on a fixed day, from everything that is shipped."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import msgspec

from policy_eval.adapters.export_files import (
    shipped_algorithms,
    shipped_knowledge_base,
    shipped_law,
    shipped_version,
)
from policy_eval.application.classify_export import ClassifyExport, ExportKnowledge
from policy_eval.domain.export.detection import Detector
from policy_eval.domain.export.situation import Situation
from shared.contracts.inventory import Inventory

DAY = "2026-03-01"
NOTE3_MET = {
    "retail": True,
    "user_can_change_crypto": False,
    "needs_supplier_support": False,
    "details_available": True,
}
OPENSSL = {"purl": "pkg:deb/debian/libssl3@3.0.15-1"}
STRONG = {"kind": "uses", "functions": ["confidentiality"], "algorithms": ["AES-256"], "standard": True}
HOME_MADE = {"kind": "implements", "functions": ["confidentiality"], "algorithms": ["our cipher"], "standard": False}


class OneInventory:
    """`application.ports.InventorySource` that reads every document as one inventory."""

    def __init__(self, inventory: Inventory | None = None) -> None:
        self._inventory = inventory

    async def fetch(self, sha256: str) -> bytes:
        raise NotImplementedError

    async def read(self, document: bytes) -> bytes:
        return msgspec.json.encode(self._inventory)


class NoVerifications:
    """`application.record_ports.TableVerifications` where nobody has verified anything."""

    async def all(self) -> Mapping[str, date]:
        return {}


class FixedClock:
    """A clock that stands at noon of the fixed day."""

    def now(self) -> datetime:
        return datetime.fromisoformat(f"{DAY}T12:00:00").replace(tzinfo=UTC)


def shipped_knowledge() -> ExportKnowledge:
    """The rules, tables, packages and algorithms that are shipped."""
    algorithms = shipped_algorithms()
    detector = Detector(shipped_knowledge_base(), algorithms)
    return ExportKnowledge(shipped_law(), detector, algorithms, shipped_version())


async def classified(inventory: Inventory | None = None, **question: Any) -> dict[str, Any]:
    """The answer to a question; with an inventory, as if it were asked with an SBOM that reads so."""
    if inventory is not None:
        question["sbom"] = {}
    situation = msgspec.json.decode(msgspec.json.encode(question), type=Situation)
    ask = ClassifyExport(shipped_knowledge(), OneInventory(inventory), NoVerifications(), FixedClock())
    return await ask(situation)


async def verdict_of(jurisdiction: str, **question: Any) -> tuple[str, str]:
    """The rule and the verdict of one jurisdiction."""
    answer = await classified(jurisdictions=[jurisdiction], **question)
    shown = answer["verdicts"][jurisdiction]
    return shown["rule"], shown["verdict"]


def a_classification(code: str, **facts: Any) -> dict[str, Any]:
    """A reviewer's classification of the product in the United States unless told otherwise, made in January."""
    basis = {"jurisdiction": "US", "method": "reviewer", "by": "Erna", "date": "2026-01-15"}
    return basis | {"code": code} | facts
