"""Measures Licet under load, as one process and as four on RabbitMQ and PostgreSQL with 1 to 4 replicas of the workers.

    python -m tools.load [--documents 200] [--components 200] [--replicas 1 2] [--senders 8]
    python -m tools.load --backlog 10000 [--sboms FOLDER]

Made-up CycloneDX documents, each of a release of its own, are sent by so many senders, each of which waits for the verdict
before it sends its next. `POST to verdict`: seconds until the answer with all stages done. CPU is that of each process over
the time of the run. Servers and load run on the same machine, so more replicas than cores show no gain.

With `--backlog` so many documents pile up and are worked off, and all are evaluated again while people wait for others
(`tools/load/backlog.py`): the SBOMs of a folder, in turn, each time for a release of its own. Ends with 1 if those people
waited for more than twice as long as on an idle Licet.
"""

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.support.licet import DistributedLicet
from tools.bench.accounting import cpu_seconds
from tools.bench.documents import cyclonedx
from tools.bench.sboms import product
from tools.bench.shapes import Shape, distributed, standalone
from tools.load import backlog
from tools.load.counted import where_the_time_goes
from tools.load.sending import at_once, percentiles, sender, to_verdict

_WORKERS = ("policy-eval", "obligations")
_SBOMS = Path("tests/data/sboms")


def main() -> int:
    arguments = _arguments()
    print(f"{platform.machine()}, {os.cpu_count()} cores, load average before {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(prefix="licet-load-") as name:
        if arguments.backlog:
            return 0 if _work_off(Path(name), arguments) else 1
        _measure_all(Path(name), arguments)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.load", description="Measure Licet under load.")
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--components", type=int, default=200)
    parser.add_argument("--replicas", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--senders", type=int, default=8)
    parser.add_argument("--backlog", type=int, default=0)
    parser.add_argument("--sboms", type=Path, default=_SBOMS, help="folder of the backlog's SBOMs")
    return parser.parse_args()


def _measure_all(folder: Path, arguments: argparse.Namespace) -> None:
    print(f"{arguments.documents} documents of {arguments.components} components, {arguments.senders} senders\n")
    documents = [cyclonedx(product(arguments.components, number + 1)) for number in range(arguments.documents)]
    print(f"{'shape':<18}{'SBOMs/s':>9}{'components/s':>14}{'POST to verdict s: 50 %':>25}{'95 %':>8}{'99 %':>8}")
    with standalone(folder / "standalone") as shape:
        _measure("standalone", shape, documents, arguments, {})
    for replicas in arguments.replicas:
        place = folder / f"replicas-{replicas}"
        with distributed(place) as shape, _more(shape, place, replicas) as more:
            _measure(f"distributed, {replicas}", shape, documents, arguments, more)


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
            for service in _WORKERS:
                beside.wait_ready(service)
        yield ids


def _measure(
    name: str, shape: Shape, documents: list[bytes], arguments: argparse.Namespace, more: dict[str, list[int]]
) -> None:
    with sender(shape.licet) as client:
        at_once(arguments.senders, lambda each: to_verdict(client, f"warm-up-{each}", documents[0]), arguments.senders)
        before, started = _cpu(shape, more), time.monotonic()
        waited = at_once(
            arguments.senders, lambda each: to_verdict(client, f"load-{each}", documents[each]), len(documents)
        )
    seconds = time.monotonic() - started
    rate = len(waited) / seconds
    shares = "".join(f"{value:>{width}.2f}" for value, width in zip(percentiles(waited), (25, 8, 8), strict=True))
    print(f"{name:<18}{rate:>9.1f}{rate * arguments.components:>14.0f}{shares}")
    used = {each: value - before.get(each, 0.0) for each, value in _cpu(shape, more).items()}
    told = ", ".join(
        f"{each} {value / len(waited) * 1000:.0f}" for each, value in sorted(used.items(), key=lambda pair: -pair[1])
    )
    busy = sum(used.values()) / seconds
    print(f"{'':<18}CPU ms a document: {told}; {busy:.2f} of {os.cpu_count()} cores")
    steps = ", ".join(f"{step} {each * 1000:.0f}" for step, each in where_the_time_goes(shape.licet.databases))
    print(f"{'':<18}ms at 50 %: {steps}", flush=True)


def _cpu(shape: Shape, more: dict[str, list[int]]) -> dict[str, float]:
    processes = shape.processes() | ({"rabbitmq": shape.broker_processes()} if shape.broker_processes() else {})
    return {name: cpu_seconds([*pids, *more.get(name, ())]) for name, pids in processes.items()}


def _work_off(folder: Path, arguments: argparse.Namespace) -> bool:
    files = sorted(each for each in arguments.sboms.iterdir() if each.suffix != ".md")
    timed = cyclonedx(product(arguments.components, 1))
    print(
        f"{len(files)} SBOMs of {arguments.sboms.name}, in turn; {arguments.components} components in what is waited for"
    )
    with distributed(folder) as shape:
        documents = [each.read_bytes() for each in files]
        return backlog.run(backlog.Backlog(shape, documents, timed, arguments.backlog, arguments.senders))


if __name__ == "__main__":
    sys.exit(main())
