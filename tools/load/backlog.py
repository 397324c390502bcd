"""A backlog that is worked off, then all its releases evaluated again while people send SBOMs and wait.

1. SBOMs are sent by one and timed: what an idle Licet takes.
2. policy-eval is stopped, the backlog is accepted, policy-eval is started: time and memory of working it off.
3. The default policy gets a new version, so that every release is evaluated again; meanwhile SBOMs are sent and timed as
   before. In the end nothing may be lost, and nothing left behind.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from statistics import median

import httpx

from tests.support.invariants import all_is_finished, all_is_told, nothing_is_buried, read
from tests.support.processes import wait_until
from tools.bench.accounting import resident_bytes
from tools.bench.shapes import Shape
from tools.load.counted import derived
from tools.load.sending import accept, at_once, percentiles, sender, to_verdict

_MIB = 1024 * 1024
_TIMED = 60
_TIMED_MEANWHILE = 200
_SECONDS_BETWEEN = 0.5
_LINES = 20
_SECONDS_TO_SETTLE = 600
_MARK = "# the same policy once more\n"


@dataclass(frozen=True)
class Backlog:
    """`documents` are sent in turn, each time to a release of its own; `timed` is the one that people wait for."""

    shape: Shape
    documents: Sequence[bytes]
    timed: bytes
    size: int
    senders: int


def run(backlog: Backlog) -> bool:
    """Do all of it, telling each figure; False if the promise about the time of those who wait was broken."""
    with sender(backlog.shape.licet) as client:
        waits = _waits(client, backlog.timed)
        _tell("idle, before", [next(waits) for _ in range(_TIMED)])
        _accept_all(backlog, client)
        _work_off(backlog)
        idle = _tell("idle, with all of it stored", [next(waits) for _ in range(_TIMED)])
        again = _reevaluated(backlog, client, waits)
    _check(backlog)
    print(f"while evaluating again: {again / idle:.2f} times the idle median", flush=True)
    return again <= 2 * idle


def _accept_all(backlog: Backlog, client: httpx.Client) -> None:
    backlog.shape.licet.stop("policy-eval")
    started = time.monotonic()

    def send(number: int) -> float:
        begun = time.monotonic()
        accept(client, f"backlog-{number}", backlog.documents[number % len(backlog.documents)])
        return time.monotonic() - begun

    waited = percentiles(at_once(backlog.senders, send, backlog.size))
    seconds = time.monotonic() - started
    print(f"\nbacklog: {backlog.size} documents accepted in {seconds:.0f} s without policy-eval, {_shown(waited)}")
    _tell_memory(backlog.shape, 0, backlog.size, seconds)


def _work_off(backlog: Backlog) -> None:
    licet = backlog.shape.licet
    before = derived(licet.databases)
    licet.launch("policy-eval")
    licet.wait_ready("policy-eval")
    started = time.monotonic()
    told, done = 0, 0
    while done < backlog.size:
        time.sleep(1)
        done = derived(licet.databases) - before
        if done * _LINES // backlog.size > told:
            told = done * _LINES // backlog.size
            _tell_memory(backlog.shape, done, backlog.size, time.monotonic() - started)
    seconds = time.monotonic() - started
    print(f"worked off in {seconds:.0f} s, {backlog.size / seconds:.1f} a second", flush=True)


def _reevaluated(backlog: Backlog, client: httpx.Client, waits: Iterator[float]) -> float:
    """Publish the policy anew; return the median seconds of the first who wait meanwhile."""
    policy = client.get("/api/v1/policies/default", headers={"Accept": "application/yaml"}).raise_for_status().content
    client.put("/api/v1/policies/default", content=policy + _MARK.encode()).raise_for_status()
    started, waited, told = time.monotonic(), list[float](), 0
    while (request := _running(client)) is not None and len(waited) < _TIMED_MEANWHILE:
        waited.append(next(waits))
        done = request["done"] * _LINES // backlog.size
        if done > told:
            told = done
            _tell_memory(backlog.shape, request["done"], request["total"], time.monotonic() - started)
    seconds = time.monotonic() - started
    print(f"{told * backlog.size // _LINES} of them evaluated again in {seconds:.0f} s")
    return _tell("while evaluating again", waited)


def _running(client: httpx.Client) -> dict[str, int] | None:
    items = client.get("/api/v1/reevaluations").raise_for_status().json()["items"]
    return next((each for each in items if each["state"] != "done"), None)


def _waits(client: httpx.Client, document: bytes) -> Iterator[float]:
    """Yield the seconds of one SBOM after the other, with a pause between."""
    for number in count():
        time.sleep(_SECONDS_BETWEEN)
        yield to_verdict(client, f"waiting-{number}", document)


def _check(backlog: Backlog) -> None:
    def left() -> list[str]:
        ledger = read(backlog.shape.licet.databases)
        return [*all_is_finished(ledger), *all_is_told(ledger), *nothing_is_buried(ledger)]

    wait_until(lambda: not left(), _SECONDS_TO_SETTLE)
    broken = left()
    print(f"left behind or buried: {len(broken)}" + "".join(f"\n  {each}" for each in broken[:10]))


def _tell(what: str, seconds: list[float]) -> float:
    print(f"{what:<28}{len(seconds):>5} SBOMs one after the other, {_shown(percentiles(sorted(seconds)))}", flush=True)
    return median(seconds)


def _shown(seconds: list[float]) -> str:
    return "50/95/99 %: " + " / ".join(f"{each:.2f}" for each in seconds) + " s"


def _tell_memory(shape: Shape, done: int, of: int, seconds: float) -> None:
    processes = shape.processes() | {"rabbitmq": shape.broker_processes()}
    held = ", ".join(f"{name} {sum(map(resident_bytes, pids)) / _MIB:.0f}" for name, pids in processes.items())
    print(f"  {done:>6} of {of} after {seconds:5.0f} s; MiB: {held}", flush=True)
