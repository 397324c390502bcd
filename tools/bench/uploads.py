"""Measures what an upload costs before it is read, and whether others are answered meanwhile.

    python -m tools.bench.uploads [--mebibytes 12.7] [--parallel 8] [--repeats 15]

The body is JSON and no SBOM, so that nothing follows its upload but a refusal; the CPU of the readers is not counted. The
floor is an application that writes the same body to a file and does nothing else. `GET /healthz` is asked every 5 ms, idle,
during parallel uploads of that body, and during 30 of hostile documents.
"""

import argparse
import http.client
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from tests.support.ports import free_port
from tools.bench.accounting import cpu_seconds, peak_bytes
from tools.bench.hostile import hostile_documents
from tools.bench.shapes import Shape, standalone
from tools.bench.uploader import uploader

_MIB = 1024 * 1024
_HOSTILE = 30
_PAUSES = "licet_event_loop_pause_seconds"
_MOST_CPU, _MOST_WAIT = 2.5, 3.0


def main() -> int:
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="licet-bench-") as name:
        folder = Path(name)
        (folder / "uploads").mkdir()
        document = folder / "uploads" / "document.json"
        document.write_bytes(b'{"a":"' + b"x" * int(arguments.mebibytes * _MIB) + b'"}')
        with standalone(folder) as shape, _floor(folder) as floor:
            _print_cpu(shape, floor, document, arguments.repeats)
            _print_waiting(shape, [document] * arguments.parallel)
            _print_waiting(shape, hostile_documents(folder, _HOSTILE))
            _print_memory(shape)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.bench.uploads", description="Measure uploads.")
    parser.add_argument("--mebibytes", type=float, default=12.7)
    parser.add_argument("--parallel", type=int, default=8)
    parser.add_argument("--repeats", type=int, default=15)
    return parser.parse_args()


def _print_cpu(shape: Shape, floor: tuple[str, int], document: Path, repeats: int) -> None:
    own = shape.licet.process("standalone").pid
    send, send_bare = uploader(shape.licet.url, shape.licet.admin_key, document), uploader(floor[0], "", document)
    for each in (send, send_bare):
        each()
    costs, floors = [], []
    for _ in range(repeats):  # by turns, so that the noise of the machine meets both
        costs.append(_cpu_of(own, send))
        floors.append(_cpu_of(floor[1], send_bare))
    ratio = median(costs) / median(floors)
    print(
        f"CPU ms of a POST of {document.stat().st_size / _MIB:.1f} MiB, readers not counted: {median(costs) * 1000:.1f}"
    )
    print(f"  floor, spooled to a file: {median(floors) * 1000:.1f}; ratio {ratio:.2f}")
    print(_goal(f"at most {_MOST_CPU} × the floor", ratio <= _MOST_CPU))


def _print_waiting(shape: Shape, documents: list[Path]) -> None:
    """How long others wait while each document is sent again and again, beside the others."""
    ask = _asker(shape.licet.url)
    idle = _asked_for(2.0, ask)
    words = ("-m", "tools.bench.uploader", shape.licet.url, shape.licet.admin_key, 6, *documents)
    sender = subprocess.Popen([sys.executable, *map(str, words)])
    time.sleep(2.0)
    busy = _asked_for(3.0, ask)
    sender.wait()
    ratio = _share(busy, 0.99) / _share(idle, 0.99)
    pauses = _longer_pauses(shape)
    print(f"GET /healthz, ms            {'p50':>8}{'p99':>8}{'most':>8}{'asked':>8}")
    for name, waits in (("idle", idle), (f"during {len(documents)} in {documents[0].parent.name[:8]}", busy)):
        figures = "".join(f"{value * 1000:>8.1f}" for value in (_share(waits, 0.5), _share(waits, 0.99), max(waits)))
        print(f"  {name:<26}{figures}{len(waits):>8,}")
    print(_goal("the event loop never calculates for more than 50 ms while a timer is due", pauses == 0))
    print(_goal(f"p99 at most {_MOST_WAIT:g} × idle: {ratio:.1f} ×", ratio <= _MOST_WAIT))


def _longer_pauses(shape: Shape) -> int:
    """How many pauses of the event loop of more than 50 ms there have been since the start."""
    with shape.licet.client() as client:
        lines = client.get("/metrics").text.splitlines()
    counts = {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if line.startswith(_PAUSES)}
    return int(counts[f"{_PAUSES}_count"] - counts[f'{_PAUSES}_bucket{{le="0.05"}}'])


def _print_memory(shape: Shape) -> None:
    peaks = {name: max(map(peak_bytes, pids)) for name, pids in shape.processes().items() if pids}
    print("peak memory, MiB: " + ", ".join(f"{name} {size / _MIB:.0f}" for name, size in peaks.items()))


def _asker(url: str) -> Callable[[], None]:
    where = urlsplit(url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=60)
    connection.connect()
    connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask() -> None:
        connection.request("GET", "/healthz")
        connection.getresponse().read()

    return ask


def _asked_for(seconds: float, ask: Callable[[], None]) -> list[float]:
    """How long each question waited for its answer."""
    waits: list[float] = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        begun = time.perf_counter()
        ask()
        waits.append(time.perf_counter() - begun)
        time.sleep(0.005)
    return waits


def _share(waits: list[float], share: float) -> float:
    return sorted(waits)[min(int(len(waits) * share), len(waits) - 1)]


def _cpu_of(pid: int, act: Callable[[], Any]) -> float:
    before = cpu_seconds([pid])
    act()
    return cpu_seconds([pid]) - before


@contextmanager
def _floor(folder: Path) -> Iterator[tuple[str, int]]:
    """The address and process id of an application that writes bodies to a file."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "tools.bench.spooling", str(folder / "spooled"), str(port)])
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("the floor does not start")


def _goal(text: str, met: bool) -> str:
    return f"goal {'met   ' if met else 'MISSED'}  {text}"


if __name__ == "__main__":
    sys.exit(main())
