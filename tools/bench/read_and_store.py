"""Reads and stores one document, beside the least that this can cost.

    python -m tools.bench.read_and_store FORMAT WARM_UP DOCUMENT FOLDER FLOOR EVALUATIONS PID

FLOOR and EVALUATIONS are the URLs of two PostgreSQL databases with the tables of policy-eval, PID is the process id of
their server. Prints one JSON object, CPU seconds with those of the server: `parse` and `copy` are the floor, a plain parse
and a COPY of the same rows into the same tables, those of the queue included; `read` and `store` are ours, from the file to
the inventory, and from there the blobs and one transaction with the rows. Deciding what the rows say is neither. Imports
and a first run on WARM_UP are not counted.
"""

import asyncio
import gc
import hashlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast

import asyncpg
import msgspec

from policy_eval.adapters.queue_tables import open_question, queued_question
from policy_eval.adapters.shipped_policies import default_loaded
from policy_eval.adapters.tables import decided_component, evaluation_license, explanation, finding, question
from policy_eval.application.rows import rows_of
from policy_eval.domain.evaluation import evaluate
from policy_eval.domain.knowledge import LicenseKnowledge
from policy_eval.domain.open_questions import SEVERITY_ORDER
from policy_eval.domain.release import PartInventory, ReleaseInventory
from sbom_ingest.adapters.readers.registry import read
from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import ReadResult
from shared.clock import NewId, SystemClock, id_source, timestamp
from shared.contracts.contexts import DEFAULT_CONTEXT
from shared.contracts.inventory import Inventory
from shared.licensing import load_catalogue, normalise
from shared.persistence.blobs import FolderBlobs
from shared.persistence.engine import Database
from tools.bench.parse_floor import PARSERS
from tools.bench.stages import Evaluated, Meter, store_evaluation

_TABLES = (decided_component, evaluation_license, question, finding, explanation, open_question, queued_question)


@dataclass(frozen=True)
class Stores:
    """A connection for the floor, and what ours goes into."""

    floor: Any
    evaluations: Database
    blobs: FolderBlobs
    new_id: NewId


async def run(format_: str, document: Path, folder: Path, stores: Stores, meter: Meter) -> None:
    """Do all of it once; the floor goes first, so that nothing of ours warms its caches."""
    with meter.stage("parse"):
        PARSERS[format_](document)
    inventory, sha256 = folder / "inventory", _read(document, folder / "inventory", meter)
    evaluated = _evaluated(await asyncio.to_thread(inventory.read_bytes), stores.new_id())
    await _copy(stores.floor, evaluated, meter)
    of_document = hashlib.sha256(await asyncio.to_thread(document.read_bytes)).hexdigest()
    with meter.stage("store"):
        await stores.blobs.adopt(document, of_document)
        await stores.blobs.adopt(inventory, sha256)
        await store_evaluation(stores.evaluations, stores.new_id, evaluated)


def _new_stream() -> BinaryIO:
    return cast(BinaryIO, TemporaryFile())


def _read(document: Path, inventory: Path, meter: Meter) -> str:
    with meter.stage("read"), document.open("rb") as source, inventory.open("w+b") as output:
        outcome = read(source, output, Limits(), _new_stream)
    assert isinstance(outcome, ReadResult), outcome
    return outcome.inventory_sha256


def _evaluated(inventory: bytes, id_: str) -> Evaluated:
    policy, knowledge = default_loaded().policy, LicenseKnowledge(load_catalogue(), normalise)
    parts = {"main": PartInventory(msgspec.json.decode(inventory, type=Inventory), "")}
    evaluation = evaluate(ReleaseInventory("bench", "1", DEFAULT_CONTEXT, parts), policy, knowledge)
    return Evaluated(id_, evaluation, rows_of(evaluation, id_, id_))


async def _copy(connection: Any, evaluated: Evaluated, meter: Meter) -> None:
    pairs = list(zip(_TABLES, _records(evaluated), strict=True))
    with meter.stage("copy"):
        async with connection.transaction():
            await connection.execute("INSERT INTO evaluation VALUES ($1, '', 0, '')", evaluated.id)
            for table, records in pairs:
                columns = [column.name for column in table.columns if column.name != "inherited_from"]
                await connection.copy_records_to_table(table.name, records=records, columns=columns)


def _records(evaluated: Evaluated) -> Iterator[list[tuple[Any, ...]]]:
    """The rows that ours writes, of each of the tables."""
    rows, id_ = evaluated.rows, evaluated.id
    yield from (rows.components, rows.licenses, rows.questions, rows.findings, [(id_, rows.explanation)])
    opened = [(each, (SEVERITY_ORDER[each.severity], each.route, each.kind)) for each in rows.open_questions]
    yield [(id_, each.fingerprint, "bench", *kind, id_, each.rank) for each, kind in opened]
    now = timestamp(datetime.now(UTC))
    yield [(id_, each.fingerprint, *kind, 1, now) for each, kind in opened]  # in the queue of a project that is new


async def _measure(format_: str, paths: list[Path], databases: list[str], server: int) -> Meter:
    warm_up, document, folder = paths
    floor = await asyncpg.connect(databases[0].replace("+asyncpg", ""))
    stores = Stores(floor, Database(databases[1]), FolderBlobs(folder / "blobs"), id_source(SystemClock()))
    await run(format_, warm_up, folder, stores, Meter())
    gc.collect()
    meter = Meter(server)
    await run(format_, document, folder, stores, meter)
    await floor.close()
    await stores.evaluations.close()
    return meter


if __name__ == "__main__":
    arguments = sys.argv[1:]
    measured = asyncio.run(_measure(arguments[0], list(map(Path, arguments[1:4])), arguments[4:6], int(arguments[6])))
    print(msgspec.json.encode(measured.seconds).decode())
