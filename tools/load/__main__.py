"""Measures Licet under load, as one process and as four on RabbitMQ and PostgreSQL with 1 to 4 replicas of the workers.

    python -m tools.load [--documents 200] [--components 200] [--replicas 1 2] [--senders 8] [--backlog 0]

Made-up CycloneDX documents, each of a release of its own, are sent by so many senders, each of which waits for the verdict
before it sends its next. `POST to verdict`: seconds until the answer with all stages done. CPU is that of each process over
the time of the run. With `--backlog N`, N documents are sent while policy-eval is held, and the time and memory of working
them off are told. Servers and load run on the same machine, so more replicas than cores show no gain.
"""

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.support.invariants import all_is_finished, read
from tests.support.licet import DistributedLicet
from tools.bench.accounting import cpu_seconds, peak_bytes, tree
from tools.bench.documents import cyclonedx
from tools.bench.measuring import submit
from tools.bench.sboms import product
from tools.bench.shapes import Shape, distributed, standalone

_MIB = 1024 * 1024
_WORKERS = ("policy-eval", "obligations")
_POLL_SECONDS = 0.5


def main() -> int:
    arguments = _arguments()
    print(f"{platform.machine()}, {os.cpu_count()} cores, load average before {os.getloadavg()[0]:.1f}")
    print(f"{arguments.documents} documents of {arguments.components} components, {arguments.senders} senders\n")
    with tempfile.TemporaryDirectory(prefix="licet-load-") as name:
        folder = Path(name)
        documents = _documents(folder, arguments.documents, arguments.components)
        print(f"{'shape':<18}{'SBOMs/s':>9}{'components/s':>14}{'POST to verdict s: 50 %':>25}{'95 %':>8}{'99 %':>8}")
        with standalone(folder / "standalone") as shape:
            _measure("standalone", shape, documents, arguments, {})
        for replicas in arguments.replicas:
            place = folder / f"replicas-{replicas}"
            with distributed(place) as shape, _more(shape, place, replicas) as more:
                _measure(f"distributed, {replicas}", shape, documents, arguments, more)
                if arguments.backlog:
                    _backlog(shape, folder, arguments)
                    arguments.backlog = 0
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.load", description="Measure Licet under load.")
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--components", type=int, default=200)
    parser.add_argument("--replicas", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--senders", type=int, default=8)
    parser.add_argument("--backlog", type=int, default=0)
    return parser.parse_args()


def _documents(folder: Path, count: int, components: int) -> list[Path]:
    made = [folder / f"load-{number}.json" for number in range(count)]
    for number, path in enumerate(made):
        path.write_bytes(cyclonedx(product(components, number + 1)))
    return made


@contextmanager
def _more(shape: Shape, folder: Path, replicas: int) -> Iterator[dict[str, list[int]]]:
    """Run more processes of the workers beside the first; yield their process ids by name."""
    first = shape.licet
    assert isinstance(first, DistributedLicet)
    ids: dict[str, list[int]] = {}
    with ExitStack() as stack:
        for number in range(1, replicas):
            beside = DistributedLicet(folder / f"beside-{number}", first.broker_url, first.databases, first.admin_key)
            beside.internal_key = first.internal_key
            beside.urls |= {"sbom-ingest": first.urls["sbom-ingest"], "policy-eval": first.urls["policy-eval"]}
            (beside.folder / "blobs").symlink_to(first.folder / "blobs")
            stack.callback(beside.kill)
            for service in _WORKERS:
                ids.setdefault(service, []).append(beside.launch(service).pid)
        yield ids


def _measure(
    name: str, shape: Shape, documents: list[Path], arguments: argparse.Namespace, more: dict[str, list[int]]
) -> None:
    submit(shape, documents[0])
    before, started = _cpu(shape, more), time.monotonic()
    with ThreadPoolExecutor(arguments.senders) as senders:
        waited = sorted(senders.map(lambda each: _timed(shape, each), documents[1:]))
    seconds = time.monotonic() - started
    rate = len(waited) / seconds
    shares = "".join(f"{waited[min(len(waited) - 1, int(len(waited) * share))]:>{width}.2f}"
                     for share, width in ((0.5, 25), (0.95, 8), (0.99, 8)))  # fmt: skip
    print(f"{name:<18}{rate:>9.1f}{rate * arguments.components:>14.0f}{shares}", flush=True)
    used = {each: value - before.get(each, 0.0) for each, value in _cpu(shape, more).items()}
    whole = sum(used.values())
    told = ", ".join(f"{each} {value / whole:.0%}" for each, value in sorted(used.items(), key=lambda pair: -pair[1]))
    print(f"{'':<18}CPU {whole / len(waited) * 1000:.0f} ms a document: {told}", flush=True)


def _timed(shape: Shape, document: Path) -> float:
    started = time.monotonic()
    submit(shape, document)
    return time.monotonic() - started


def _cpu(shape: Shape, more: dict[str, list[int]]) -> dict[str, float]:
    processes = shape.processes() | ({"rabbitmq": shape.broker_processes()} if shape.broker_processes() else {})
    return {name: cpu_seconds([*pids, *more.get(name, ())]) for name, pids in processes.items()}


def _backlog(shape: Shape, folder: Path, arguments: argparse.Namespace) -> None:
    """Let documents pile up before policy-eval, then see how it works them off."""
    shape.licet.stop("policy-eval")
    document = cyclonedx(product(arguments.components, 1))
    started = time.monotonic()
    with shape.licet.client() as client, ThreadPoolExecutor(arguments.senders) as senders:

        def send(number: int) -> None:
            query = {"project": f"backlog-{number}", "version": "1"}
            client.post("/api/v1/sboms", params=query, content=document).raise_for_status()

        list(senders.map(send, range(arguments.backlog)))
    print(
        f"\nbacklog: {arguments.backlog} documents accepted in {time.monotonic() - started:.0f} s without policy-eval"
    )
    shape.licet.launch("policy-eval")
    started = time.monotonic()
    while left := len(list(all_is_finished(read(shape.licet.databases)))):
        peak = peak_bytes(tree(shape.licet.process("policy-eval").pid)[0]) / _MIB
        print(
            f"  after {time.monotonic() - started:5.0f} s: {left} to do, policy-eval at most {peak:.0f} MiB", flush=True
        )
        time.sleep(max(_POLL_SECONDS, arguments.backlog / 1000))
    print(f"  worked off in {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    sys.exit(main())
