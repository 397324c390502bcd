"""Measures what each service and its servers use, for the requests and limits of the Kubernetes manifests.

    python -m tools.bench.footprint [--documents 60] [--components 500] [--largest 50000]

The four processes run on RabbitMQ and PostgreSQL. Idle: memory after the start. Steady: made-up CycloneDX documents, four
at a time, with the CPU that each takes of a second. Largest: one document more of that many components, and the largest
memory a process ever had.
"""

import argparse
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools.bench.accounting import cpu_seconds, peak_bytes
from tools.bench.documents import cyclonedx
from tools.bench.measuring import submit
from tools.bench.sboms import product
from tools.bench.shapes import Shape, distributed

_AT_ONCE = 4
_MIB = 1024 * 1024


def main() -> int:
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="licet-bench-") as name, distributed(Path(name)) as shape:
        folder = Path(name)
        submit(shape, _document(folder, "warm-up", arguments.components, 0))
        idle = _memory(shape)
        many = [_document(folder, f"steady-{n}", arguments.components, n + 1) for n in range(arguments.documents)]
        cpu, seconds = _steady(shape, many)
        steady = _memory(shape)
        submit(shape, _document(folder, "largest", arguments.largest, len(many) + 1))
        _print(idle, steady, _memory(shape), {each: used / seconds for each, used in cpu.items()})
        print(f"\n{len(many)} documents of {arguments.components} components in {seconds:.1f} s, {_AT_ONCE} at a time;")
        print(f"then one of {arguments.largest}. Memory: the largest of a process so far.")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.bench.footprint", description="Measure memory and CPU.")
    parser.add_argument("--documents", type=int, default=60)
    parser.add_argument("--components", type=int, default=500)
    parser.add_argument("--largest", type=int, default=50_000)
    return parser.parse_args()


def _document(folder: Path, name: str, components: int, seed: int) -> Path:
    path = folder / f"{name}.json"
    path.write_bytes(cyclonedx(product(components, seed)))
    return path


def _steady(shape: Shape, documents: list[Path]) -> tuple[dict[str, float], float]:
    before, started = _cpu(shape), time.monotonic()
    with ThreadPoolExecutor(_AT_ONCE) as senders:
        list(senders.map(lambda each: submit(shape, each), documents))
    seconds = time.monotonic() - started
    return {name: used - before.get(name, 0.0) for name, used in _cpu(shape).items()}, seconds


def _processes(shape: Shape) -> dict[str, list[int]]:
    return shape.processes() | {"rabbitmq": shape.broker_processes()}


def _cpu(shape: Shape) -> dict[str, float]:
    return {name: cpu_seconds(pids) for name, pids in _processes(shape).items()}


def _memory(shape: Shape) -> dict[str, int]:
    return {name: max(map(peak_bytes, pids), default=0) for name, pids in _processes(shape).items()}


def _print(idle: dict[str, int], steady: dict[str, int], largest: dict[str, int], cpu: dict[str, float]) -> None:
    print(f"{'process':<14}{'idle MiB':>10}{'steady MiB':>12}{'largest MiB':>13}{'CPU of a second':>18}")
    for name in largest:
        memory = "".join(
            f"{each.get(name, 0) / _MIB:>{width}.0f}" for each, width in ((idle, 10), (steady, 12), (largest, 13))
        )
        print(f"{name:<14}{memory}{cpu.get(name, 0.0):>18.2f}")


if __name__ == "__main__":
    sys.exit(main())
