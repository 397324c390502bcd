"""What each stage costs by itself: the services' own code, without HTTP, broker and second readings.

    python -m tools.bench.stages WARM_UP DOCUMENT FOLDER EVALUATIONS DERIVATIONS PID

The URLs of two migrated databases, and the process id of their server, 0 for SQLite. Prints one JSON object: CPU seconds by
stage. Imports and a first run on the document WARM_UP are not counted.
"""

import asyncio
import gc
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from obligations.adapters.catalogue_files import load_obligation_catalogue
from obligations.adapters.derivations import SqlUnitOfWork as Derivations
from obligations.application.ports import DerivationRecord
from obligations.bootstrap import RENDERERS
from obligations.domain.compile_notice import compile_checked, shipped_groups
from obligations.domain.derive import Obligation, derive
from obligations.domain.life import derived_life
from obligations.domain.notice import Organization
from policy_eval.adapters.evaluations import SqlUnitOfWork as Evaluations
from policy_eval.adapters.shipped_policies import default_loaded
from policy_eval.application.evaluation_rows import EvaluationRows
from policy_eval.application.ports import EvaluationRecord
from policy_eval.application.rows import rows_of
from policy_eval.domain.evaluation import Evaluation, evaluate
from policy_eval.domain.knowledge import LicenseKnowledge
from policy_eval.domain.release import PartInventory, ReleaseInventory
from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import Refusal
from shared.clock import NewId, SystemClock, id_source
from shared.computation import without_cycle_search
from shared.contracts.contexts import DEFAULT_CONTEXT
from shared.contracts.decisions import DecidedRelease
from shared.contracts.events import ReleaseState
from shared.contracts.inventory import Inventory
from shared.licensing import load_catalogue, normalise
from shared.persistence.blobs import FolderBlobs
from shared.persistence.engine import Database
from tests.support.reading import read
from tools.bench.accounting import cpu_seconds, tree

STAGES = ("read", "store", "evaluate", "obligations", "notice")


@dataclass
class Meter:
    """CPU seconds by stage, with those of the process `server` and all that it started, where it is not 0."""

    server: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count what happens inside for the stage."""
        before = self._of_server()
        own = time.process_time()
        with without_cycle_search():  # as in the services and their readers
            yield
        own = time.process_time() - own
        self.seconds[name] = self.seconds.get(name, 0.0) + own + self._of_server() - before

    def _of_server(self) -> float:
        return cpu_seconds(tree(self.server)) if self.server else 0.0


@dataclass(frozen=True)
class Stores:
    """Where the results go."""

    blobs: FolderBlobs
    evaluations: Database
    derivations: Database
    new_id: NewId


async def run(raw: bytes, stores: Stores, meter: Meter) -> None:
    """Bring one document through all stages."""
    with meter.stage("read"):
        result = read(raw, Limits())
    assert not isinstance(result, Refusal), result
    evaluated = _evaluate(result.inventory, stores.new_id(), meter)
    decisions = msgspec.json.encode(evaluated.evaluation.release)
    obligations, rendered = _derive(decisions, meter)
    with meter.stage("store"):
        for content in (raw, result.inventory, decisions, *rendered):
            await stores.blobs.put(content)
        await store_evaluation(stores.evaluations, stores.new_id, evaluated)
        await _store_derivation(stores, evaluated.id, obligations)


@dataclass(frozen=True)
class Evaluated:
    """An evaluation under its id, with its rows."""

    id: str
    evaluation: Evaluation
    rows: EvaluationRows


def _evaluate(inventory: bytes, id_: str, meter: Meter) -> Evaluated:
    policy, knowledge = default_loaded().policy, LicenseKnowledge(load_catalogue(), normalise)
    with meter.stage("evaluate"):
        parts = {"main": PartInventory(msgspec.json.decode(inventory, type=Inventory), "")}
        evaluation = evaluate(ReleaseInventory("bench", "1", DEFAULT_CONTEXT, parts), policy, knowledge)
        return Evaluated(id_, evaluation, rows_of(evaluation, id_, id_))


def _derive(decisions: bytes, meter: Meter) -> tuple[list[Obligation], list[bytes]]:
    catalogue = load_obligation_catalogue()
    with meter.stage("obligations"):
        decided = msgspec.json.decode(decisions, type=DecidedRelease)
        obligations = derive(decided, catalogue)
    with meter.stage("notice"):
        shipped = shipped_groups(decided, catalogue)
        notice = compile_checked(decided, shipped, catalogue, Organization(), "bench").notice
        forms = RENDERERS if notice.status == "final" else ("text", "json")
        return obligations, [RENDERERS[form](notice) for form in forms]


async def store_evaluation(database: Database, new_id: NewId, evaluated: Evaluated) -> None:
    """Store an evaluation with its rows in one transaction, as policy-eval does."""
    policy, gate = default_loaded().identity, evaluated.evaluation.gate
    release = _release(new_id())
    record = EvaluationRecord(evaluated.id, release, "", policy, gate, 0, "", {})
    async with Evaluations(database, "bench", SystemClock(), new_id, _wake_nobody) as unit:
        await unit.evaluations.remember_inputs(release, [])
        await unit.evaluations.add(record, evaluated.rows)
        await unit.commit()


async def _store_derivation(stores: Stores, id_: str, obligations: list[Obligation]) -> None:
    release = _release(stores.new_id())
    record = DerivationRecord(id_, release.id, "bench", "1", 1, "", "draft", {}, [])
    async with Derivations(stores.derivations, "bench", SystemClock(), stores.new_id, _wake_nobody) as unit:
        await unit.derivations.add(record, [(each, derived_life(False)) for each in obligations], current=True)
        await unit.commit()


def _release(id_: str) -> ReleaseState:
    return ReleaseState(id_, "bench", "1", DEFAULT_CONTEXT, 1, "")


def _wake_nobody() -> None:
    """There is no relay."""


async def measure(warm_up: Path, document: Path, stores: Stores, server: int) -> dict[str, float]:
    """CPU seconds of each stage, those of the database's server included."""
    await run(await asyncio.to_thread(warm_up.read_bytes), stores, Meter())
    raw = await asyncio.to_thread(document.read_bytes)
    gc.collect()
    meter = Meter(server)
    await run(raw, stores, meter)
    await stores.evaluations.close()
    await stores.derivations.close()
    return meter.seconds


def _stores(folder: Path, evaluations: str, derivations: str) -> Stores:
    return Stores(FolderBlobs(folder), Database(evaluations), Database(derivations), id_source(SystemClock()))


if __name__ == "__main__":
    _, first, second, folder, *urls, pid = sys.argv
    measured = measure(Path(first), Path(second), _stores(Path(folder), *urls), int(pid))
    print(msgspec.json.encode(asyncio.run(measured)).decode())
