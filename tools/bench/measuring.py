"""One measurement of everything for one document, and the median of several."""

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tools.bench.accounting import cpu_seconds, peak_bytes
from tools.bench.shapes import Shape
from tools.bench.stages import STAGES

_ALL_DONE = {"ingested": "done", "evaluated": "done", "obligations": "done"}
_SETTLE_SECONDS = 0.15
_TIMEOUT_SECONDS = 130


@dataclass(frozen=True)
class Measurement:
    """CPU seconds: each stage by itself, the whole through the running services, the broker, the floor.

    `floor_peak`: bytes.
    """

    stages: dict[str, float]
    whole: float
    broker: float
    floor: float
    floor_peak: float


def measure(shape: Shape, warm_up: Path, document: Path) -> Measurement:
    """Run the floor, the whole and the stages, in this order, on the document."""
    floor_database, *databases = shape.databases
    Path(floor_database).unlink(missing_ok=True)
    floor = _child("floor", warm_up, document, floor_database)
    whole, broker = _whole(shape, document)
    folder = document.parent / "blobs"
    stages = _child("stages", warm_up, document, folder, *databases, shape.database_server)
    return Measurement(stages, whole, broker, floor["whole"], floor["peak"])


def submit(shape: Shape, document: Path) -> None:
    """Send the document and wait until all stages are done; raises RuntimeError if one was not."""
    query = {"project": document.stem, "version": "1", "wait": "120"}
    with shape.licet.client() as client, document.open("rb") as body:
        answer = client.post("/api/v1/sboms", params=query, content=body, timeout=_TIMEOUT_SECONDS)
    if answer.is_error or answer.json()["stages"] != _ALL_DONE:
        raise RuntimeError(f"{document.name}: {answer.status_code} {answer.text[:2000]}")


def peaks(shape: Shape) -> dict[str, int]:
    """The largest memory of a process of each name so far, in bytes."""
    return {name: max(map(peak_bytes, pids)) for name, pids in shape.processes().items() if pids}


def medians(measurements: list[Measurement]) -> Measurement:
    """The median of each figure by itself."""
    return Measurement(
        {stage: median(each.stages[stage] for each in measurements) for stage in STAGES},
        *(median(getattr(each, name) for each in measurements) for name in ("whole", "broker", "floor", "floor_peak")),
    )


def _whole(shape: Shape, document: Path) -> tuple[float, float]:
    before, broker = _used(shape), cpu_seconds(shape.broker_processes())
    submit(shape, document)
    time.sleep(_SETTLE_SECONDS)  # what follows the answer belongs to it: marking events as sent, and the like
    return _used(shape) - before, cpu_seconds(shape.broker_processes()) - broker


def _used(shape: Shape) -> float:
    return cpu_seconds(pid for pids in shape.processes().values() for pid in pids)


def _child(module: str, *arguments: object) -> dict[str, float]:
    command = [sys.executable, "-m", f"tools.bench.{module}", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured
