"""Measures documents with as much as fits in one place: what becomes of them, how long it takes, how much memory.

    python -m tools.bench.overfull [--mebibytes 8] [--entries N] [--reader NAME …] [--shape WORDS]

Each document is read by a reader process of its own, with the limits of the service but for the time, which has 60 s, so
that the table tells what would have been needed. Documents of the most entries that fit are what a hostile sender makes;
`--entries` stops earlier, just below a limit for one.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from sbom_ingest.adapters.reader_process import ReaderGone, ReaderProcess
from sbom_ingest.adapters.reader_protocol import Answer, Broken, Done, Job, Refused
from sbom_ingest.domain.limits import MIB, Limits
from tools.bench import overfull_graphs, overfull_scans, overfull_shapes
from tools.bench.accounting import cpu_seconds, peak_bytes
from tools.bench.overfull_shapes import Shape

_SECONDS = 60.0
_MOST_SECONDS, _MOST_MEBIBYTES = 1.0, 500


class Measured(NamedTuple):
    """What became of a document; `peak` is in bytes."""

    verdict: str
    wall: float
    cpu: float
    peak: int


def main() -> int:
    arguments = _arguments()
    chosen = [each for each in _all_shapes() if _is_chosen(each, arguments)]
    print(f"{'reader':<16}{'shape':<32}{'MiB':>6}{'s':>7}{'CPU s':>7}{'MiB':>6}  verdict")
    over = 0
    with tempfile.TemporaryDirectory(prefix="licet-bench-") as name:
        for shape in chosen:
            document = Path(name) / "document"
            document.write_bytes(shape.filled(int(arguments.mebibytes * MIB), arguments.entries))
            measured = asyncio.run(_read(document))
            is_over = measured.cpu > _MOST_SECONDS or measured.peak > _MOST_MEBIBYTES * MIB
            over += is_over
            print(_row(shape, document.stat().st_size, measured) + ("  OVER" if is_over else ""), flush=True)
    print(f"{len(chosen)} documents; {over} take more than {_MOST_SECONDS:g} s of CPU or {_MOST_MEBIBYTES} MiB")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.bench.overfull", description="Measure over-full documents.")
    parser.add_argument("--mebibytes", type=float, default=8, help="size of each document")
    parser.add_argument("--entries", type=int, help="no more entries than that")
    parser.add_argument("--reader", nargs="+", help="these readers alone")
    parser.add_argument("--shape", default="", help="shapes with these words in their name alone")
    return parser.parse_args()


def _all_shapes() -> Iterator[Shape]:
    return chain(overfull_shapes.shapes(), overfull_graphs.shapes(), overfull_scans.shapes())


def _is_chosen(shape: Shape, arguments: argparse.Namespace) -> bool:
    return arguments.shape in shape.name and (not arguments.reader or shape.reader in arguments.reader)


async def _read(document: Path) -> Measured:
    process = await ReaderProcess.start()
    with tempfile.TemporaryDirectory(prefix="licet-bench-") as scratch:
        before, begun = cpu_seconds([process.pid]), time.perf_counter()
        try:
            verdict = _verdict(await process.ask(Job(str(document), scratch, _SECONDS, Limits()), _SECONDS))
        except TimeoutError:
            verdict = "no answer"
        except ReaderGone as gone:
            verdict = f"ended by signal {gone.signal}"
        wall = time.perf_counter() - begun
        measured = Measured(verdict, wall, cpu_seconds([process.pid]) - before, peak_bytes(process.pid))
    await process.kill()
    return measured


def _verdict(answer: Answer) -> str:
    match answer:
        case Done(facts, _):
            return f"taken, {facts.buckets.components} components, {facts.format} {facts.serialization}"
        case Refused(refusal):
            return f"{refusal.limit or refusal.kind}: {refusal.detail[:90]}"
        case Broken(trace, _):
            return "BROKEN: " + trace.strip().splitlines()[-1][:150]
        case _:
            return "another answer"


def _row(shape: Shape, size: int, measured: Measured) -> str:
    figures = f"{size / MIB:>6.1f}{measured.wall:>7.2f}{measured.cpu:>7.2f}{measured.peak / MIB:>6.0f}"
    return f"{shape.reader:<16}{shape.name:<32}{figures}  {measured.verdict}"


if __name__ == "__main__":
    sys.exit(main())
