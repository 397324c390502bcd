"""Measures reading and storing beside the least that they can cost, in every format, and the memory of a reader.

    python -m tools.bench.reading [--rounds 3] [--sizes 1000 10000 50000] [--formats spdx-json …] [--minutes 6] [--no-memory]

The floor is a plain parse of the same file and a COPY of the same rows into PostgreSQL, by turns with ours in one process.
"""

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from math import log
from pathlib import Path
from statistics import median

import msgspec

from sbom_ingest.adapters.reader_pool import ReaderPool
from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import Refusal
from shared.persistence.migrate import migrate
from tests.support.postgresql import ThrowawayPostgres
from tools.bench.accounting import peak_bytes
from tools.bench.sboms import product
from tools.bench.serializations import SERIALIZATIONS

_MIB = 1024 * 1024
_MOST, _FASTER = 2.5, 0.05
_STAGES = ("parse", "copy", "read", "store")
Measured = dict[tuple[str, int], list[dict[str, float]]]


def main() -> int:
    arguments = _arguments()
    ends = time.monotonic() + 60 * arguments.minutes
    with tempfile.TemporaryDirectory(prefix="licet-bench-") as name, ThrowawayPostgres(fsync=True) as postgres:
        databases = [postgres.database(each) for each in ("floor", "evaluations")]
        for each in databases:
            migrate("policy_eval", each)
        pid = str(postgres.pid)
        measured: Measured = defaultdict(list)
        for number in range(arguments.rounds):
            _round(Path(name), arguments, number, [*databases, pid], measured)
            if time.monotonic() > ends:
                break
        _print(measured)
        if not arguments.no_memory:
            _print_memory(arguments, asyncio.run(_peaks(Path(name), arguments)))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.bench.reading", description="Measure reading and storing.")
    parser.add_argument("--rounds", type=int, default=3, help="measurements of each figure; the median is shown")
    parser.add_argument("--minutes", type=float, default=6, help="begin no round later than that")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 50_000], help="components")
    parser.add_argument("--no-memory", action="store_true", help="measure CPU alone")
    parser.add_argument("--formats", nargs="+", choices=SERIALIZATIONS, default=list(SERIALIZATIONS))
    return parser.parse_args()


def _documents(arguments: argparse.Namespace) -> list[tuple[str, int]]:
    # YAML is bounded in size, and takes long.
    most = {"spdx-yaml": 10_000}
    return [
        (format_, size) for format_ in arguments.formats for size in arguments.sizes if size <= most.get(format_, size)
    ]


def _round(folder: Path, arguments: argparse.Namespace, number: int, server: list[str], measured: Measured) -> None:
    for format_, size in _documents(arguments):
        warm_up, document = _written(folder, format_, 1_000, -1), _written(folder, format_, size, number)
        command = [sys.executable, "-m", "tools.bench.read_and_store", format_, *map(str, (warm_up, document, folder))]
        answer = subprocess.run([*command, *server], capture_output=True, text=True, check=False)
        if answer.returncode:
            raise RuntimeError(answer.stderr[-2000:])
        measured[format_, size].append(msgspec.json.decode(answer.stdout, type=dict[str, float]))


def _written(folder: Path, format_: str, size: int, seed: int) -> Path:
    path = folder / f"{format_}-{size}-{seed}"
    path.write_bytes(SERIALIZATIONS[format_](product(size, seed)))
    return path


def _print(measured: Measured) -> None:
    header = "".join(f"{each:>9}" for each in _STAGES)
    print(f"{'CPU ms (median)':<24}{header}{'floor':>9}{'OURS':>9}{'ratio':>7}")
    totals: dict[tuple[str, int], tuple[float, float]] = {}
    for (format_, size), runs in measured.items():
        of = {stage: median(run[stage] for run in runs) * 1000 for stage in _STAGES}
        floor, ours = of["parse"] + of["copy"], of["read"] + of["store"]
        ratio = median((run["read"] + run["store"]) / (run["parse"] + run["copy"]) for run in runs)
        totals[format_, size] = floor, ours
        stages = "".join(f"{of[stage]:>9.1f}" for stage in _STAGES)
        met = "" if ratio <= _MOST else f"  over {_MOST}"
        print(f"{format_:<16}{size:>8,}{stages}{floor:>9.1f}{ours:>9.1f}{ratio:>7.2f}{met}")
    _print_growth(totals)


def _print_growth(totals: dict[tuple[str, int], tuple[float, float]]) -> None:
    print("\nexponent of growth from the smallest to the largest size, floor and ours (1 is linear)")
    for format_ in dict.fromkeys(format_ for format_, _ in totals):
        sizes = sorted(size for each, size in totals if each == format_)
        if len(sizes) > 1:
            (floor, ours), (floor_later, ours_later) = totals[format_, sizes[0]], totals[format_, sizes[-1]]
            times = log(sizes[-1] / sizes[0])
            grown = log(floor_later / floor) / times, log(ours_later / ours) / times
            met = "" if grown[1] <= grown[0] + _FASTER else f"  over the floor's + {_FASTER}"
            print(f"{format_:<16}{grown[0]:>8.2f}{grown[1]:>8.2f}{met}")


async def _peaks(folder: Path, arguments: argparse.Namespace) -> dict[tuple[str, int], tuple[int, int, int]]:
    """The size of each document, and the memory of a fresh reader process before it and at most, in bytes."""
    found = {}
    for format_, size in _documents(arguments):
        path = await asyncio.to_thread(_written, folder, format_, size, 0)
        async with ReaderPool(1, folder, Limits(seconds=600)) as pool:
            [pid] = pool.processes
            before = peak_bytes(pid)
            async with pool.read(path, path.stat().st_size) as outcome:
                assert not isinstance(outcome, Refusal), outcome
                found[format_, size] = path.stat().st_size, before, peak_bytes(pid)
    return found


def _print_memory(arguments: argparse.Namespace, peaks: dict[tuple[str, int], tuple[int, int, int]]) -> None:
    print("\nmemory of a reader process, MiB (VmHWM): document, before, at most, over that of the smallest document;")
    print("bytes for each component more than in the smallest document")
    fewest = min(arguments.sizes)
    for (format_, size), (document, before, most) in peaks.items():
        smallest = peaks[format_, fewest][2]
        shown = "".join(f"{each / _MIB:>8.1f}" for each in (document, before, most))
        each = f"{(most - smallest) / (size - fewest):>7.0f}" if size > fewest else ""
        print(f"{format_:<16}{size:>8,}{shown}{most / smallest:>7.2f}{each}")


if __name__ == "__main__":
    sys.exit(main())
