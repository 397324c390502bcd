"""Fills databases with what many releases leave in them: popular and rare packages, versions and licences.

Popularity falls with the rank, as Zipf has it. The same arguments give the same rows.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Table
from sqlalchemy.ext.asyncio import create_async_engine

from gateway.adapters.tables import release
from gateway.domain.stages import ReleaseProgress, StageResult
from policy_eval.adapters.tables import decided_component, evaluation, evaluation_license, release_input
from policy_eval.application.ports import EvaluationRecord
from policy_eval.domain.component_search import license_keys
from policy_eval.domain.purls import package_key
from shared.contracts.contexts import DEFAULT_CONTEXT
from shared.contracts.events import Counts, Gate, PolicyVersion, ReleaseState
from shared.persistence.engine import Database, bulk_insert

POPULAR: Final = "pkg:npm/lodash"
RARE: Final = "pkg:npm/rare"
LICENSES: Final = ("MIT", "Apache-2.0", "BSD-3-Clause", "ISC", "MIT OR Apache-2.0", "GPL-2.0-only", "Zlib AND MIT")
RARE_LICENSE: Final = "Sleepycat"
RELEASES_OF_A_PROJECT: Final = 20
_PACKAGES, _VERSIONS = 20_000, 120
_RARE_EVERY: Final = 10_000
_RELEASES_AT_A_TIME: Final = 1_000
_SHOWN = msgspec.json.encode({"name": "x" * 40, "declared": ["MIT"], "copyright": ["Copyright (c) 2026 " + "y" * 100]})

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Amount:
    """How much is stored. The first release has `largest` components, each other one `components`."""

    releases: int
    components: int
    largest: int = 50_000

    def size_of(self, number: int) -> int:
        return self.largest if number == 0 else self.components


def release_id(number: int) -> str:
    return f"01950000-0000-7000-8000-{number:012}"


def evaluation_id(number: int) -> str:
    return f"01960000-0000-7000-8000-{number:012}"


def project_of(number: int) -> str:
    return f"team-{number // RELEASES_OF_A_PROJECT % 50}/project-{number // RELEASES_OF_A_PROJECT}"


async def fill_evaluations(database: Database, amount: Amount) -> int:
    """Store an evaluation of each release; return the number of component rows. Indexes are built at the end."""
    tables = (evaluation, release_input, decided_component, evaluation_license)
    indexes = [index for table in tables for index in table.indexes]
    stored = 0
    await _change(database.url, *(index.drop for index in indexes))
    for first in range(0, amount.releases, _RELEASES_AT_A_TIME):
        numbers = range(first, min(first + _RELEASES_AT_A_TIME, amount.releases))
        stored += await _store(database, numbers, amount)
    await _change(database.url, *(index.create for index in indexes), *_statistics(database))
    return stored


async def fill_releases(database: Database, count: int) -> None:
    """Store what the gateway knows of the releases."""
    for first in range(0, count, _RELEASES_AT_A_TIME):
        rows = [_release_row(number) for number in range(first, min(first + _RELEASES_AT_A_TIME, count))]
        await _insert(database, release, _OF_RELEASE, rows)
    await brought_up_to_date(database)


async def _store(database: Database, numbers: range, amount: Amount) -> int:
    components: list[Row] = []
    licenses: list[Row] = []
    for number in numbers:
        rows = list(_components(number, amount.size_of(number)))
        components += rows
        used = {row[_LICENSE] for row in rows}
        licenses += [(key, evaluation_id(number), release_id(number)) for key in license_keys(used)]
    await _insert(database, evaluation, _OF_EVALUATION, [_evaluation_row(number) for number in numbers])
    await _insert(database, release_input, _OF_INPUT, [_input_row(number) for number in numbers])
    await _insert(database, decided_component, _OF_COMPONENT, components)
    await _insert(database, evaluation_license, _OF_LICENSE, licenses)
    return len(components)


_OF_EVALUATION: Final = ("id", "release_id", "revision", "record")
_OF_INPUT: Final = ("release_id", "evaluation_id", "revision", "state", "documents", "project")
_OF_COMPONENT: Final = tuple(column.name for column in decided_component.columns)
_OF_LICENSE: Final = tuple(column.name for column in evaluation_license.columns)
_OF_RELEASE: Final = ("id", "project", "version", "revision", "verdict", "progress")
_LICENSE = _OF_COMPONENT.index("effective_license")


def _components(number: int, count: int) -> Iterator[Row]:
    chance = random.Random(number)
    ranks = chance.choices(range(_PACKAGES), cum_weights=_WEIGHTS, k=count)
    ranks[0] = 0  # every release ships the most popular package
    yield from (_component(number, position, rank, chance) for position, rank in enumerate(ranks))


_WEIGHTS = list(accumulate(1 / (rank + 10) for rank in range(_PACKAGES)))


def _component(number: int, position: int, rank: int, chance: random.Random) -> Row:
    is_rare = position == 1 and number % _RARE_EVERY == 1
    name = RARE if is_rare else POPULAR if rank == 0 else f"pkg:npm/package-{rank}"
    minor = min(int(chance.expovariate(0.1)), _VERSIONS - 1)
    version = "4.17.999" if rank == 0 and number % _RARE_EVERY == 1 else f"4.{minor}.{chance.randrange(3)}"
    license_ = RARE_LICENSE if is_rare else chance.choices(LICENSES, (60, 20, 8, 5, 3, 2, 2))[0]
    purl = f"{name}@{version}"
    keys = package_key(purl, version)
    shown = (name.rpartition("/")[2], version, license_, "permissive", "allow", position % 5 == 0)
    paths = b"[[%d]]" % position
    return (evaluation_id(number), position, purl, release_id(number), *keys, *shown, paths, _SHOWN)


def _evaluation_row(number: int) -> Row:
    gate = Gate("pass", Counts(0, 0, 0))
    record = EvaluationRecord(
        evaluation_id(number), _state(number), "", PolicyVersion("default", 1), gate, 0, "0" * 64, {}
    )
    return evaluation_id(number), release_id(number), 1, msgspec.json.encode(record)


def _input_row(number: int) -> Row:
    return release_id(number), evaluation_id(number), 1, msgspec.json.encode(_state(number)), b"[]", project_of(number)


def _release_row(number: int) -> Row:
    done = StageResult(1, "done", None, evaluation_id(number))
    gate = {"verdict": "pass", "counts": {"error": 0, "warning": 0, "hint": 0}}
    progress = ReleaseProgress(_state(number), {}, done, done, gate, 1)
    return release_id(number), project_of(number), f"1.{number}", 1, "pass", msgspec.json.encode(progress)


def _state(number: int) -> ReleaseState:
    return ReleaseState(release_id(number), project_of(number), f"1.{number}", DEFAULT_CONTEXT, 1, "")


async def _insert(database: Database, table: Table, columns: Sequence[str], rows: list[Row]) -> None:
    async with database.write() as connection:
        await bulk_insert(connection, table, columns, rows)
        await connection.commit()


async def brought_up_to_date(database: Database) -> None:
    """Let the database's planner know what is stored."""
    await _change(database.url, *_statistics(database))


def _statistics(database: Database) -> list[Callable[[Connection], Any]]:
    """What brings the planner's statistics, and PostgreSQL's map of visible pages, up to date."""
    return [_statement(text) for text in (("ANALYZE",) if database.is_sqlite else ("VACUUM", "ANALYZE"))]


async def _change(url: str, *changes: Callable[[Connection], Any]) -> None:
    """Apply changes of the schema one by one, each for itself and for as long as it takes."""
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        for change in changes:
            await connection.run_sync(change)
    await engine.dispose()


def _statement(text: str) -> Callable[[Connection], Any]:
    return lambda connection: connection.exec_driver_sql(text)
