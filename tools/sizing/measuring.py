"""Measures what sizing is made of, on the four services with RabbitMQ and PostgreSQL: CPU and bytes of a document.

Each is a line through two sizes of documents: so much for any document, so much more for each of its components; what the
processes use while nobody asks for anything is taken off. A third size is then sent by several senders at once, as a run
that the simulation has to foretell.
"""

import asyncio
import os
import platform
import resource
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import quantiles

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tools.bench.accounting import cpu_seconds
from tools.bench.documents import cyclonedx
from tools.bench.measuring import submit
from tools.bench.sboms import product
from tools.bench.shapes import Shape, distributed

_SMALL, _LARGE, _CHECKED = 100, 1500, 500
_DOCUMENTS = {_SMALL: 30, _LARGE: 10, _CHECKED: 40}
_SENDERS = 8
_SETTLE_SECONDS = 2.0
_IDLE_SECONDS = 20.0
_TABLES = text(
    "SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
)


class Line(msgspec.Struct, frozen=True):
    """`once` for a document, and `each` for a component of it."""

    once: float
    each: float

    def of(self, components: float) -> float:
        return self.once + self.each * components


class Run(msgspec.Struct, frozen=True):
    """A run under load: seconds of the whole, from POST to verdict of the median and of 95 %, CPU seconds by process."""

    documents: int
    components: int
    senders: int
    seconds: float
    half: float
    most: float
    cpu: dict[str, float]


class Measured(msgspec.Struct, frozen=True):
    """CPU seconds by process, those of a second of idling, bytes by table and folder, and a run to compare with."""

    machine: str
    cores: int
    idle: dict[str, float]
    cpu: dict[str, Line]
    stored: dict[str, Line]
    run: Run


def measure() -> Measured:
    """Run everything once, which takes some minutes."""
    with tempfile.TemporaryDirectory(prefix="licet-sizing-") as name, distributed(Path(name)) as shape:
        folder = Path(name)
        submit(shape, _document(folder, "warm-up", _SMALL, 0))
        idle = _idle(shape)
        small, small_bytes = _sequence(shape, folder, _SMALL, idle)
        large, large_bytes = _sequence(shape, folder, _LARGE, idle)
        run = _run(shape, folder, idle)
    return Measured(
        machine=platform.machine(),
        cores=os.cpu_count() or 1,
        idle=idle,
        cpu={name: _line(small[name], large[name]) for name in small},
        # A table grows by pages: one that a few documents of one size left as large as it was, those of the other did not.
        stored={
            name: _line(small_bytes.get(name, 0.0), size)
            for name, size in large_bytes.items()
            if size or small_bytes.get(name)
        },
        run=run,
    )


def _idle(shape: Shape) -> dict[str, float]:
    """CPU seconds of a second in which nobody asks."""
    before = _cpu(shape)
    time.sleep(_IDLE_SECONDS)
    return _of_one(_IDLE_SECONDS, before, _cpu(shape))


def _sequence(
    shape: Shape, folder: Path, components: int, idle: dict[str, float]
) -> tuple[dict[str, float], dict[str, float]]:
    """Send documents one after the other; return CPU seconds and bytes of one."""
    documents = [_document(folder, f"of-{components}", components, n + 1) for n in range(_DOCUMENTS[components])]
    cpu, stored, started = _cpu(shape), _stored(shape), time.monotonic()
    for each in documents:
        submit(shape, each)
    time.sleep(_SETTLE_SECONDS)  # what follows the answers belongs to them
    worked = _without(idle, time.monotonic() - started, _cpu(shape))
    return _of_one(len(documents), cpu, worked), _of_one(len(documents), stored, _stored(shape))


def _run(shape: Shape, folder: Path, idle: dict[str, float]) -> Run:
    documents = [_document(folder, "checked", _CHECKED, 1000 + n) for n in range(_DOCUMENTS[_CHECKED])]
    cpu, own, started = _cpu(shape), _own_cpu(), time.monotonic()
    with ThreadPoolExecutor(_SENDERS) as senders:
        waited = list(senders.map(lambda each: _timed(shape, each), documents))
    seconds = time.monotonic() - started
    used = _of_one(1, cpu, _without(idle, seconds, _cpu(shape))) | {"client": _own_cpu() - own}
    shares = quantiles(waited, n=20)
    return Run(len(documents), _CHECKED, _SENDERS, seconds, shares[9], shares[18], used)


def _timed(shape: Shape, document: Path) -> float:
    started = time.monotonic()
    submit(shape, document)
    return time.monotonic() - started


def _document(folder: Path, name: str, components: int, seed: int) -> Path:
    path = folder / f"{name}-{seed}.json"
    path.write_bytes(cyclonedx(product(components, seed)))
    return path


def _cpu(shape: Shape) -> dict[str, float]:
    processes = shape.processes() | {"rabbitmq": shape.broker_processes()}
    return {name: cpu_seconds(pids) for name, pids in processes.items()}


def _own_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _stored(shape: Shape) -> dict[str, float]:
    """Bytes by `service table` and `service blobs`."""
    found = {
        f"{service} {table}": float(size)
        for service, url in shape.licet.databases.items()
        for table, size in asyncio.run(_tables(url))
    }
    for folder in (shape.licet.folder / "blobs").iterdir():
        found[f"{folder.name} blobs"] = float(
            sum(each.stat().st_blocks * 512 for each in folder.rglob("*") if each.is_file())
        )
    return found


async def _tables(url: str) -> list[tuple[str, int]]:
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        rows = [(row[0], row[1]) for row in await connection.execute(_TABLES)]
    await engine.dispose()
    return rows


def _without(idle: dict[str, float], seconds: float, cpu: dict[str, float]) -> dict[str, float]:
    return {name: value - idle.get(name, 0.0) * seconds for name, value in cpu.items()}


def _of_one(number: float, before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    return {name: (value - before.get(name, 0.0)) / number for name, value in after.items()}


def _line(small: float, large: float) -> Line:
    each = max(0.0, (large - small) / (_LARGE - _SMALL))
    return Line(round(max(0.0, small - each * _SMALL), 9), round(each, 9))
