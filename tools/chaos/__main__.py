"""Does one fault after another to Licet under load, and tells what was lost, what was done twice, and how long it took.

    python -m tools.chaos [--minutes 10] [--runs 1] [--sboms 30] [--seed 1] [--only F9,F17]

Each row: SBOMs are sent by four pipelines, which try again as real ones do; after the first few are accepted the harm
is done, and healed. `recovered`: seconds from healing until every accepted SBOM has one evaluation and one set of
obligations, no event waits and all consumers have handled all (`tests/support/invariants.py`). `accepted in`: seconds from
sending to the 2xx, for the try that was accepted; `refused`: the 5xx before it. All faults are done as often as `--runs`
says, then some by chance until the minutes are over. Ends with 1 if a promise was broken.
The logs are kept in build/chaos, or the folder that is named.
"""

import argparse
import shutil
import signal
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median

from tests.support.invariants import broken_promises, nothing_is_done_twice, nothing_is_lost, read
from tests.support.pipelines import Accepted, Refused, pipelines
from tests.support.processes import wait_until
from tools.chaos.faults import FAULTS, Fault
from tools.chaos.field import Field
from tools.chaos.field import field as running_field

_FOLDER = Path("build/chaos")
_FIRST = 4
_SECONDS_TO_RECOVER = 120.0
_POLL_SECONDS = 0.25


@dataclass
class Row:
    """What came of one kind of fault over its runs."""

    fault: Fault
    accepted: int = 0
    lost: int = 0
    twice: int = 0
    recovered: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


def main() -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that what was started and mounted is ended
    arguments = _arguments()
    chosen = [each for each in FAULTS if each.possible and (not arguments.only or each.id in arguments.only.split(","))]
    chance, deadline = Random(arguments.seed), time.monotonic() + arguments.minutes * 60
    rows: dict[str, Row] = {}
    accepted: list[Accepted] = []
    print(f"seed {arguments.seed}, {len(chosen)} faults, {arguments.sboms} SBOMs in each run", flush=True)
    for each in FAULTS:
        if not each.possible:
            print(f"not on this machine (root, loop devices, gcc or libfaketime are missing): {each.id} {each.says}")
    shutil.rmtree(arguments.folder, ignore_errors=True)
    with running_field(arguments.folder.absolute()) as place, suppress(KeyboardInterrupt):
        runs = chosen * arguments.runs
        while runs:
            fault = runs.pop(0)
            row = rows.setdefault(fault.says, Row(fault))
            _run(place, row, accepted, chance, arguments.sboms * fault.load)
            print(f"  {fault.id:<4} {fault.says}: {row.recovered[-1]:.1f} s", *row.broken, sep="\n    ", flush=True)
            if not runs and time.monotonic() < deadline:
                runs = [chance.choice(chosen)]
    _print(list(rows.values()), len(accepted))
    return 1 if any(row.broken for row in rows.values()) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.chaos", description="Break Licet, and see what is lost.")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--sboms", type=int, default=30)
    parser.add_argument("--runs", type=int, default=1, help="how often each fault is done before chance decides")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="ids of faults, with commas")
    parser.add_argument("--folder", type=Path, default=_FOLDER, help="for data and logs; what is in it is removed")
    return parser.parse_args()


def _run(place: Field, row: Row, accepted: list[Accepted], chance: Random, sboms: int) -> None:
    with pipelines(place.licet, sboms) as burst:
        wait_until(lambda: len(burst.accepted_so_far()) >= _FIRST, timeout=60)
        try:
            row.fault.harm(place, chance)
        except Exception as error:  # the harm could not be done, which is told and is no reason to stop
            row.broken.append(f"the harm failed: {error!r}")
        place.revive()
        healed = time.monotonic()
        try:
            of_this = burst.accepted()
        except Exception as error:  # one was refused, or never accepted
            row.broken.append(f"not accepted: {error}"[:500])
            of_this = burst.give_up()
    accepted += of_this
    row.accepted += len(of_this)
    row.seconds += [each.seconds for each in of_this]
    row.refused += burst.refused
    left = _recovered(place, accepted)
    row.recovered.append(time.monotonic() - healed)
    if left:
        ledger = read(place.licet.databases)
        row.lost += len(list(nothing_is_lost(ledger, accepted)))
        row.twice += len(list(nothing_is_done_twice(ledger)))
        row.broken += left[:5]


def _recovered(place: Field, accepted: list[Accepted]) -> list[str]:
    """Return what is still broken after two minutes."""
    deadline = time.monotonic() + _SECONDS_TO_RECOVER
    while left := broken_promises(read(place.licet.databases), accepted):
        if time.monotonic() > deadline:
            return left
        time.sleep(_POLL_SECONDS)
    return []


def _print(rows: list[Row], accepted: int) -> None:
    """Print the table as Markdown, as docs/faults.md has it."""
    print("\n| fault | what was done | runs | accepted | lost | twice | recovered after s | accepted in s | refused |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |")
    for row in (each for each in rows if each.recovered):
        least, most = min(row.recovered), max(row.recovered)
        figures = [len(row.recovered), row.accepted, row.lost, row.twice, f"{least:.1f} – {most:.1f}", _taken(row)]
        told = [
            row.fault.id,
            row.fault.says + (" BROKEN" if row.broken else ""),
            *map(str, figures),
            _told(row.refused),
        ]
        print(f"| {' | '.join(told)} |")
    print(
        f"\n{accepted} SBOMs accepted; {sum(row.lost for row in rows)} lost, {sum(row.twice for row in rows)} done twice"
    )


def _taken(row: Row) -> str:
    return f"{median(row.seconds):.2f}, at most {max(row.seconds):.2f}" if row.seconds else ""


def _told(refused: list[Refused]) -> str:
    """How many 5xx there were, after what time at most, and what they said of the next try."""
    counted = Counter(each.status for each in refused)
    return ", ".join(
        f"{times} × {status} within {max(each.seconds for each in refused if each.status == status):.1f} s, "
        f"`Retry-After` at most {max(each.retry_after for each in refused if each.status == status):g}"
        for status, times in sorted(counted.items())
    )


if __name__ == "__main__":
    sys.exit(main())
