"""Measures Licet beside the floor, in one run, and prints the result.

    python -m tools.bench [--distributed] [--rounds 5] [--minutes 4] [--sizes 100 1000 10000] [--formats cyclonedx spdx]

Every round makes new documents, so that nothing is answered from an earlier one, and runs floor and whole by turns, so that
the noise of the machine meets both. No round is begun that would not end in time. Start-up is not counted.
"""

import argparse
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tools.bench import report
from tools.bench.documents import FORMATS
from tools.bench.measuring import Measurement, measure, medians, peaks, submit
from tools.bench.sboms import product
from tools.bench.shapes import Shape, distributed, standalone

_WARM_UPS = 3

Measurements = dict[tuple[str, int], list[Measurement]]


def main() -> int:
    arguments = _arguments()
    started = time.monotonic()
    shape_of = distributed if arguments.distributed else standalone
    with tempfile.TemporaryDirectory(prefix="licet-bench-") as name:
        folder = Path(name)
        with shape_of(folder) as shape:
            warm_up = _warm_up(shape, folder)
            measurements = _rounds(shape, warm_up, arguments, started + 60 * arguments.minutes)
            _print(shape, measurements)
    print(f"{len(next(iter(measurements.values())))} rounds in {time.monotonic() - started:.0f} s")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description="Measure Licet beside the floor.")
    parser.add_argument("--distributed", action="store_true", help="services apart, on RabbitMQ and PostgreSQL")
    parser.add_argument("--rounds", type=int, default=5, help="measurements of each figure; the median is shown")
    parser.add_argument("--minutes", type=float, default=4, help="begin no round that would last longer")
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1_000, 10_000], help="components of a document")
    parser.add_argument("--formats", nargs="+", choices=FORMATS, default=list(FORMATS))
    return parser.parse_args()


def _warm_up(shape: Shape, folder: Path) -> Path:
    """Send documents of each format that are not counted; return one of them."""
    for number in range(_WARM_UPS):
        for format_ in FORMATS:
            path = _written(folder, format_, 1_000, -number)
            submit(shape, path)
    return path


def _rounds(shape: Shape, warm_up: Path, arguments: argparse.Namespace, deadline: float) -> Measurements:
    measurements: Measurements = defaultdict(list)
    longest = 0.0
    for number in range(1, arguments.rounds + 1):
        begun = time.monotonic()
        if begun + longest > deadline:
            break
        for format_, size, path in _documents(warm_up.parent, arguments, number):
            measurements[format_, size].append(measure(shape, warm_up, path))
            path.unlink()
        longest = max(longest, time.monotonic() - begun)
        print(f"round {number} of {arguments.rounds}: {time.monotonic() - begun:.0f} s", file=sys.stderr)
    return measurements


def _documents(folder: Path, arguments: argparse.Namespace, number: int) -> Iterator[tuple[str, int, Path]]:
    for format_ in arguments.formats:
        for size in sorted(arguments.sizes):
            yield format_, size, _written(folder, format_, size, number)


def _written(folder: Path, format_: str, size: int, seed: int) -> Path:
    path = folder / f"{format_}-{size}-{seed}.json"
    path.write_bytes(FORMATS[format_](product(size, seed)))
    return path


def _print(shape: Shape, measurements: Measurements) -> None:
    results = {key: medians(found) for key, found in measurements.items()}
    print(f"\n{shape.licet.shape}")
    print("Stages by themselves. WHOLE: POST to the last stage, all processes. Ratio: WHOLE / floor.\n")
    for lines in (report.cpu_table(results), report.growth(results)):
        print("\n".join(lines) + "\n")
    for line in (*report.memory(peaks(shape), results), *report.broker(results), "", *report.goals(results)):
        print(line)


if __name__ == "__main__":
    sys.exit(main())
