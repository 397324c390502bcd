"""Kills parts of Licet by chance for an hour while SBOMs come steadily, and tells what was lost and how available it was.

    python -m tools.chaos.soak [--minutes 60] [--kills-every 60] [--sboms-a-second 0.5] [--replicas 1] [--gateways 1]

Every so many seconds - half to one and a half times as many, by chance - a service, the broker or the database is killed
(SIGKILL) and started again at once, as a supervisor does. Small SBOMs that scanners have written are sent by four
pipelines, which try again as real ones do. A prober (`tools/chaos/prober.py`) asks for a release, which the gateway
answers, and for its gate, which policy-eval does.

What has two replicas is reached through a door that takes either, and the next where a connection is refused, as an ingress
does; broker and database are single ones still. With two gateways and one replica of the others this is what
`deploy/k8s/overlays/single-node` runs.

At the end every accepted SBOM must have one evaluation and one set of obligations, and its bytes must be those that were
sent (`tests/support/invariants.py`). Ends with 1 if a promise was broken.
"""

import argparse
import json
import shutil
import signal
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random
from statistics import median

import httpx

from tests.support.api import submitted
from tests.support.invariants import (
    api_tells_otherwise,
    broken_promises,
    nothing_is_done_twice,
    nothing_is_lost,
    read,
)
from tests.support.licet import SERVICES
from tests.support.pipelines import Accepted, Burst, pipelines
from tests.support.processes import ProcessFailed, ThrowawayServer
from tools.chaos.field import Field, FieldLicet, field
from tools.chaos.prober import SECONDS_BETWEEN, Probe, Prober, shares

_FOLDER = Path("build/soak")
_SBOMS = Path(__file__).parents[2] / "tests/data/sboms"
_DOCUMENTS = ("python-syft.cdx16.json", "python-cyclonedx-py.cdx16.json", "python-syft.spdx23.json")
_SECONDS_TO_SETTLE = 120.0
_POLL_SECONDS = 0.1
_STARTS = 3
_TWO = 2


@dataclass(frozen=True)
class Killed:
    """What was killed when (`time.monotonic`), and after how many seconds all was whole again.

    `back`: from the kill until the server served again; 0 for a service, which is only launched. `whole`: from then until
    every service is ready and connected to the broker; None: not before the next kill.
    """

    target: str
    at: float
    back: float
    whole: float | None


def main() -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that what was started and mounted is ended
    arguments = _arguments()
    shutil.rmtree(arguments.folder, ignore_errors=True)
    sboms = int(arguments.minutes * 60 * arguments.sboms_a_second)
    with field(arguments.folder.absolute()) as place, _replicas(place, arguments) as replicas:
        prober = Prober(place.licet.url, place.licet.admin_key, _paths(place))
        with prober.running(), pipelines(place.licet, sboms, _document, 1 / arguments.sboms_a_second) as burst:
            killed = list(_kills(place, replicas, Random(arguments.seed), arguments))
            ended = time.monotonic()
            accepted, broken = _accepted(burst)
        broken += _settled(place, accepted)
        settled = time.monotonic() - ended
        ledger = read(place.licet.databases)
        lost, twice = (len(list(each)) for each in (nothing_is_lost(ledger, accepted), nothing_is_done_twice(ledger)))
        broken += api_tells_otherwise(place.licet, accepted)
    _print(prober.probes, killed)
    print(
        f"\n{len(accepted)} SBOMs accepted, {len(killed)} kills; {lost} lost, {twice} done twice; all finished", end=" "
    )
    print(f"{settled:.1f} s after the last one was healed", *broken[:20], sep="\n  ")
    return 1 if broken else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.chaos.soak", description="Kill parts of Licet for an hour.")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--kills-every", type=float, default=60, help="seconds, on average")
    parser.add_argument("--sboms-a-second", type=float, default=0.5)
    parser.add_argument("--replicas", type=int, choices=(1, 2), default=1, help="of each service")
    parser.add_argument("--gateways", type=int, choices=(1, 2), default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=_FOLDER, help="for data and logs; what is in it is removed")
    return parser.parse_args()


@contextmanager
def _replicas(place: Field, arguments: argparse.Namespace) -> Iterator[Sequence[FieldLicet]]:
    twice = SERVICES if arguments.replicas == _TWO else ("gateway",) if arguments.gateways == _TWO else ()
    with ExitStack() as stack:
        if not twice:
            yield [place.licet]
        else:
            second = stack.enter_context(place.second_replicas(twice))
            stack.enter_context(place.behind_doors(second))
            yield [place.licet, second]


def _paths(place: Field) -> Sequence[str]:
    with place.licet.client() as client:
        release = submitted(client, _document("probed"), "probed")["release"]["id"]
    return f"/api/v1/releases/{release}", f"/api/v1/releases/{release}/gate"


def _document(project: str) -> bytes:
    """One of the documents, with an id that no other has."""
    document = json.loads((_SBOMS / Random(project).choice(_DOCUMENTS)).read_bytes())
    new = uuid.uuid5(uuid.NAMESPACE_URL, project).urn
    document["serialNumber" if "bomFormat" in document else "documentNamespace"] = new
    return json.dumps(document).encode()


def _kills(
    place: Field, replicas: Sequence[FieldLicet], chance: Random, arguments: argparse.Namespace
) -> Iterator[Killed]:
    started, seconds = time.monotonic(), arguments.minutes * 60
    with httpx.Client(trust_env=False, timeout=5) as client:
        for due, until in pairwise([*_times(chance, seconds, arguments.kills_every), seconds]):
            _wait_until(lambda: False, started + due, replicas)
            target, at = chance.choice((*SERVICES, "broker", "database")), time.monotonic()
            if target in SERVICES:
                replica = chance.choice([each for each in replicas if target in each.runs])
                replica.kill(target)
                replica.launch(target)
            else:
                server = place.rabbit if target == "broker" else place.postgres
                server.kill()
                _start(server)
            back = time.monotonic()
            is_whole = _wait_until(lambda: _whole(client, replicas), started + until, replicas)
            killed = Killed(target, at, back - at, time.monotonic() - back if is_whole else None)
            print(
                f"  {due:6.1f} s: {target} killed; back {_told([killed.back])}, whole {_told([killed.whole])}",
                flush=True,
            )
            yield killed
        _wait_until(lambda: False, started + seconds, replicas)


def _start(server: ThrowawayServer) -> None:
    for _ in range(_STARTS):
        try:
            server.start()
        except ProcessFailed:  # its supervisor starts it once more
            server.kill()
        else:
            return
    raise RuntimeError(f"{server} does not start")


def _times(chance: Random, seconds: float, every: float) -> Iterator[float]:
    due = 0.0
    while (due := due + every * chance.uniform(0.5, 1.5)) < seconds:
        yield due


def _wait_until(condition: Callable[[], bool], deadline: float, replicas: Sequence[FieldLicet]) -> bool:
    """Whether it came true before `time.monotonic` was there; meanwhile what ended by itself is started again."""
    while time.monotonic() < deadline:
        if condition():
            return True
        for licet in replicas:
            for service in licet.runs:
                if not licet.process(service).running:
                    licet.launch(service)
        time.sleep(min(_POLL_SECONDS, max(deadline - time.monotonic(), 0)))
    return False


def _whole(client: httpx.Client, replicas: Sequence[FieldLicet]) -> bool:
    """Whether each process is ready and misses nothing, its consumer neither."""
    try:
        answers = (client.get(f"{url}/readyz") for licet in replicas for url in licet.urls.values())
        return all(each.json() == {"status": "ok"} for each in answers)
    except httpx.TransportError:
        return False


def _accepted(burst: Burst) -> tuple[list[Accepted], list[str]]:
    try:
        return burst.accepted(), []
    except Exception as error:  # one was refused, or never accepted
        return burst.give_up(), [f"not accepted: {error}"[:500]]


def _settled(place: Field, accepted: Sequence[Accepted]) -> list[str]:
    """Return what is still broken after two minutes."""
    deadline = time.monotonic() + _SECONDS_TO_SETTLE
    while (left := broken_promises(read(place.licet.databases), accepted)) and time.monotonic() < deadline:
        time.sleep(1)
    return left


def _print(probes: Sequence[Probe], killed: Sequence[Killed]) -> None:
    """Print the availability by path, and what each kind of kill cost, as Markdown."""
    for path in sorted({each.path for each in probes}):
        print(f"GET {path.rpartition('/')[2][:4]}…: {shares([each for each in probes if each.path == path])}")
    print(f"\nall: {shares(probes)}")
    missed = dict.fromkeys(range(-1, len(killed)), 0.0)
    for each in probes:
        missed[sum(kill.at <= each.sent for kill in killed) - 1] += SECONDS_BETWEEN * (not each.available)
    print("\n| killed | times | serves again after s | all whole s later | unavailable s each |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for target in (*SERVICES, "broker", "database"):
        numbers = [number for number, each in enumerate(killed) if each.target == target]
        if numbers:
            back, whole = ([getattr(killed[each], name) for each in numbers] for name in ("back", "whole"))
            cost = _told([missed[each] for each in numbers])
            print(f"| {target} | {len(numbers)} | {_told(back)} | {_told(whole)} | {cost} |")


def _told(seconds: Sequence[float | None]) -> str:
    """The median and the most, and how many never came."""
    known = [each for each in seconds if each is not None]
    told = [f"{median(known):.1f}"] if known else []
    told += [f"at most {max(known):.1f}"] if len(known) > 1 else []
    told += [f"{len(seconds) - len(known)} not before the next kill"] if len(known) < len(seconds) else []
    return ", ".join(told)


if __name__ == "__main__":
    sys.exit(main())
