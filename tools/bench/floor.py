"""The floor: the least that the task can cost in Python on this machine, in one process and without any service.

    python -m tools.bench.floor WARM_UP DOCUMENT DATABASE

File → SHA-256 → JSON → a schema check → rows and edges → a verdict for each distinct licence expression → bulk insert →
a NOTICE, joined and stored → commit. DATABASE is a SQLite file or a postgresql URL. Prints one JSON object. Imports, the
connection and a first run on the document WARM_UP are not counted.
"""

import asyncio
import gc
import hashlib
import sqlite3
import sys
import time
from collections import defaultdict
from functools import cache
from os import getpid
from pathlib import Path
from typing import Any, Protocol

import asyncpg
import jsonschema_rs
import msgspec

from shared.licensing import And, Expression, Or, With, parse
from tools.bench.accounting import cpu_seconds, peak_bytes

_COMPONENT = ("document", "position", "ref", "name", "version", "purl", "license", "copyright", "sha256", "verdict")
_EDGE = ("document", "source", "target")
_NOTICE = ("document", "sha256", "body")
_TABLES = (
    "CREATE TABLE component (document TEXT, position INTEGER, ref TEXT, name TEXT, version TEXT, purl TEXT, "
    "license TEXT, copyright TEXT, sha256 TEXT, verdict INTEGER, PRIMARY KEY (document, position))",
    "CREATE TABLE edge (document TEXT, source INTEGER, target INTEGER, PRIMARY KEY (document, source, target))",
    "CREATE TABLE notice (document TEXT PRIMARY KEY, sha256 TEXT, body TEXT)",
)
_STANDARD_TEXT = "Permission is granted to whoever has a copy of this work.\n" * 20
_NAMED = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}
_SCHEMA = jsonschema_rs.validator_for(
    {
        "type": "object",
        "properties": {
            "components": {"type": "array", "items": _NAMED},
            "packages": {"type": "array", "items": _NAMED | {"required": ["name", "SPDXID"]}},
            "dependencies": {"type": "array", "items": {"type": "object", "required": ["ref"]}},
            "relationships": {"type": "array", "items": {"type": "object", "required": ["relationshipType"]}},
        },
    }
)
Rows = list[tuple[Any, ...]]


class Store(Protocol):
    """A database with the three tables."""

    async def insert(self, tables: dict[str, tuple[tuple[str, ...], Rows]]) -> None:
        """Insert the rows, by table with its columns, in one transaction."""
        ...

    @property
    def backend(self) -> list[int]:
        """The process that works for us elsewhere."""
        ...


class Sqlite:
    """A SQLite file, as durable as that of the services."""

    backend: list[int] = []  # noqa: RUF012 - there never is one

    def __init__(self, file: str) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None)
        for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", *_TABLES):
            self._connection.execute(statement)

    async def insert(self, tables: dict[str, tuple[tuple[str, ...], Rows]]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        for table, (columns, rows) in tables.items():
            marks = ", ".join("?" for _ in columns)
            self._connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)
        self._connection.execute("COMMIT")


class Postgres:
    """A PostgreSQL database, filled by COPY."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.backend = [connection.get_server_pid()]

    async def insert(self, tables: dict[str, tuple[tuple[str, ...], Rows]]) -> None:
        async with self._connection.transaction():
            for table, (columns, rows) in tables.items():
                await self._connection.copy_records_to_table(table, records=rows, columns=columns)


async def connected(database: str) -> Store:
    """The database, with its tables made anew."""
    if not database.startswith("postgresql"):
        return Sqlite(database)
    connection = await asyncpg.connect(database.replace("+asyncpg", ""))
    await connection.execute("DROP TABLE IF EXISTS component, edge, notice")
    for statement in _TABLES:
        await connection.execute(statement)
    return Postgres(connection)


async def run(path: Path, store: Store) -> None:
    """Do all of it once."""
    id_, document = _read(path)
    components, edges = _cyclonedx(id_, document) if "components" in document else _spdx(id_, document)
    body = _notice(components)
    notice = [(id_, hashlib.sha256(body.encode()).hexdigest(), body)]
    await store.insert({"component": (_COMPONENT, components), "edge": (_EDGE, edges), "notice": (_NOTICE, notice)})


def _read(path: Path) -> tuple[str, Any]:
    raw = path.read_bytes()
    document = msgspec.json.decode(raw)
    assert _SCHEMA.is_valid(document)
    return hashlib.sha256(raw).hexdigest(), document


def _cyclonedx(id_: str, document: Any) -> tuple[Rows, Rows]:
    components = [
        _row(id_, position, each["bom-ref"], each, (_license(each["licenses"]), each["hashes"][0]["content"]))
        for position, each in enumerate(document["components"])
    ]
    positions = {row[2]: row[1] for row in components} | {"root": -1}
    edges = [
        (id_, positions[each["ref"]], positions[target])
        for each in document["dependencies"]
        for target in each["dependsOn"]
    ]
    return components, edges


def _license(choices: list[Any]) -> str:
    if not choices:
        return ""
    given = choices[0].get("license", choices[0])
    return str(given.get("id") or given.get("expression") or given["name"])


def _spdx(id_: str, document: Any) -> tuple[Rows, Rows]:
    components = []
    for position, each in enumerate(document["packages"][1:]):
        facts = {
            "name": each["name"],
            "version": each["versionInfo"],
            "purl": each["externalRefs"][0]["referenceLocator"],
            "copyright": each["copyrightText"],
        }
        license_and_hash = (each["licenseDeclared"], each["checksums"][0]["checksumValue"])
        components.append(_row(id_, position, each["SPDXID"], facts, license_and_hash))
    positions = {row[2]: row[1] for row in components} | {"SPDXRef-root": -1}
    edges = [
        (id_, positions[each["spdxElementId"]], positions[each["relatedSpdxElement"]])
        for each in document["relationships"]
        if each["relationshipType"] == "DEPENDS_ON"
    ]
    return components, edges


def _row(id_: str, position: int, ref: str, facts: Any, license_and_hash: tuple[str, str]) -> tuple[Any, ...]:
    license_, sha256 = license_and_hash
    named = (ref, facts["name"], facts["version"], facts["purl"], license_, facts["copyright"], sha256)
    return (id_, position, *named, _verdict(license_))


@cache
def _verdict(expression: str) -> int:
    try:
        return _rank(parse(expression))
    except ValueError:
        return 3


def _rank(expression: Expression) -> int:
    match expression:
        case And(operands=operands):
            return max(map(_rank, operands))
        case Or(operands=operands):
            return min(map(_rank, operands))
        case With(license=license_):
            return _rank(license_)
        case _:
            return 2 if expression.id.startswith(("GPL", "AGPL")) else int(expression.id.startswith(("LGPL", "MPL")))


def _notice(components: Rows) -> str:
    of_license: dict[str, Rows] = defaultdict(list)
    for row in components:
        of_license[row[6]].append(row)
    parts = []
    for license_, rows in sorted(of_license.items()):
        parts.append(f"{'=' * 78}\n{license_}\n")
        for row in sorted(rows, key=lambda row: (row[3], row[4])):
            parts.append(f"\n* {row[3]} {row[4]} ({row[5]})\n{row[7]}\n")
        parts.append(f"\n{_STANDARD_TEXT}\n")
    return "".join(parts)


async def measure(warm_up: Path, document: Path, database: str) -> dict[str, float]:
    """CPU seconds of this process and the database's, and the peak memory of this process in bytes."""
    store = await connected(database)
    await run(warm_up, store)
    _verdict.cache_clear()
    gc.collect()
    gc.disable()
    before, backend = time.process_time(), cpu_seconds(store.backend)
    await run(document, store)
    cpu = time.process_time() - before + cpu_seconds(store.backend) - backend
    return {"whole": cpu, "peak": peak_bytes(getpid())}


if __name__ == "__main__":
    _, first, second, target = sys.argv
    print(msgspec.json.encode(asyncio.run(measure(Path(first), Path(second), target))).decode())
