"""Measures the reviewers' queue over many releases, on SQLite and PostgreSQL.

    python -m tools.bench.queue [--releases 100000] [--questions 20] [--databases sqlite postgresql] [--repeats 9]

Fills throwaway databases with the open questions of releases, 20 to a project, whose popularity falls with their rank.
Prints for each view the median in milliseconds of its first page and what the database did for it: rows that were read
on PostgreSQL, thousands of instructions on SQLite. `replace` is the writing of one release's questions, unchanged.
"""

import argparse
import asyncio
import hashlib
import random
import sys
import tempfile
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

import msgspec

from policy_eval.adapters.open_questions import replace_open_questions
from policy_eval.adapters.queue_reader import SqlQueue
from policy_eval.adapters.queue_tables import open_question, queued_question
from policy_eval.adapters.response_times import SqlResponseTimes
from policy_eval.adapters.tables import evaluation, finding, question, release_input
from policy_eval.application.ports import EvaluationRecord
from policy_eval.application.show_queue import QueueFilter, QueuePage, ShowQueue
from policy_eval.application.watch_queue import WatchQueue
from policy_eval.domain.findings import Route, Severity
from policy_eval.domain.open_questions import SEVERITY_ORDER, OpenQuestion
from shared.clock import SystemClock, timestamp
from shared.contracts.events import Counts, Gate, PolicyVersion, ReleaseState
from shared.persistence.engine import Database, bulk_insert
from tests.support.postgresql import ThrowawayPostgres
from tools.bench.plans import Ask, plans_of
from tools.bench.search import median_of, url_of
from tools.bench.stored_rows import brought_up_to_date, evaluation_id, project_of, release_id

_KNOWN = 20_000
_WEIGHTS = list(accumulate(1 / (rank + 10) for rank in range(_KNOWN)))
_KINDS: Final[tuple[tuple[Severity, Route], ...]] = (("error", "legal"), ("error", "ospo"), ("hint", "project"))
_AT_A_TIME = 2_000
_SUBJECT = b'{"purl":null,"name":"x","version":null}'


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.bench.queue", description="Measure the reviewers' queue.")
    parser.add_argument("--releases", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=20, help="open questions of a release")
    parser.add_argument("--databases", nargs="+", choices=("sqlite", "postgresql"), default=["sqlite", "postgresql"])
    parser.add_argument("--repeats", type=int, default=9, help="of each view; the median is shown")
    arguments = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="licet-bench-")))
        for kind in arguments.databases:
            server = stack.enter_context(ThrowawayPostgres()) if kind == "postgresql" else None
            asyncio.run(_measured(kind, url_of("policy_eval", server, folder), arguments))
    return 0


async def _measured(kind: str, url: str, arguments: argparse.Namespace) -> None:
    database = Database(url)
    rows = await _fill(database, arguments.releases, arguments.questions)
    print(f"\n{kind}: {rows:,} open questions of {arguments.releases:,} releases")
    plans = plans_of(database)
    print(f"{'view':<46}{'ms':>9}{plans.unit:>14}")
    for name, ask in _views(database).items():
        await ask()
        print(f"{name:<46}{await median_of(ask, arguments.repeats):>9.1f}{await plans.work_of(ask):>14,}", flush=True)
    replace = _replacing(database, arguments.questions)
    print(f"{'replace':<46}{await median_of(replace, arguments.repeats):>9.1f}")
    await database.close()


def _views(database: Database) -> dict[str, Ask]:
    queue, times, clock = SqlQueue(database), SqlResponseTimes(database), SystemClock()
    show, first, first_due = ShowQueue(queue, times, clock), QueuePage(None, 101), QueuePage(None, 101, True)
    views: dict[str, tuple[QueueFilter, list[str]]] = {
        "all projects": (QueueFilter(), ["*"]),
        "all projects, route legal, errors": (QueueFilter(route="legal", severity="error"), ["*"]),
        "a team of 50": (QueueFilter(), ["team-7/*"]),
        "one project": (QueueFilter(project=project_of(0)), ["*"]),
        "all projects, overdue": (QueueFilter(overdue=True), ["*"]),
    }
    asks: dict[str, Ask] = {name: partial(show, *asked, first) for name, asked in views.items()}
    by_due_date: dict[str, Ask] = {
        f"{name}, by due date": partial(show, *asked, first_due) for name, asked in views.items()
    }
    return asks | by_due_date | {"the oldest, for the metrics": WatchQueue(queue, times, clock)}


async def _fill(database: Database, releases: int, each: int) -> int:
    counted: Counter[tuple[Any, ...]] = Counter()
    for start in range(0, releases, _AT_A_TIME):
        numbers = range(start, min(start + _AT_A_TIME, releases))
        rows = [row for number in numbers for row in _open(number, each)]
        counted.update((row[2], row[1], row[3], row[4], row[5]) for row in rows)
        found = [(row[6], row[7], 0, None, row[1], _SUBJECT, None, None) for row in rows]
        asked = {"rule": "license/x", "severity": "error", "kind": "license", "license": "X", "route": "legal"}
        shown = msgspec.json.encode({**asked, "message": "m" * 200, "how_to_fix": "f" * 200})
        async with database.write() as connection:
            await bulk_insert(
                connection, evaluation, _names(evaluation)[:4], [_evaluation(number) for number in numbers]
            )
            questions = [(evaluation_id(number), 0, "error", shown) for number in numbers]
            current = [(release_id(number), evaluation_id(number), 1, b"", b"") for number in numbers]
            await bulk_insert(connection, release_input, _names(release_input)[:5], current)
            await bulk_insert(connection, question, _names(question), questions)
            await bulk_insert(connection, finding, _names(finding), found)
            await bulk_insert(connection, open_question, _names(open_question), rows)
            await connection.commit()
    async with database.write() as connection:
        rows = [(*key, count, _since(key[1])) for key, count in counted.items()]
        await bulk_insert(connection, queued_question, _names(queued_question), rows)
        await connection.commit()
    await brought_up_to_date(database)
    return counted.total()


def _since(fingerprint: str) -> str:
    """Since when a question waits: some time within the last year."""
    return timestamp(datetime.now(UTC) - timedelta(minutes=int(fingerprint[:4], 16) * 8))


def _names(table: Any) -> list[str]:
    return [column.name for column in table.columns]


def _open(number: int, count: int) -> list[tuple[Any, ...]]:
    of, project = (release_id(number), evaluation_id(number)), project_of(number)
    return [
        (of[0], each.fingerprint, project, SEVERITY_ORDER[each.severity], each.route, each.kind, of[1], each.rank)
        for each in _questions(project, count)
    ]


def _questions(project: str, count: int) -> list[OpenQuestion]:
    known = random.Random(project).choices(range(_KNOWN), cum_weights=_WEIGHTS, k=count)
    return [
        OpenQuestion(_fingerprint(each), *_KINDS[each % len(_KINDS)], "license", rank)
        for rank, each in enumerate(sorted(set(known)))
    ]


def _fingerprint(question_number: int) -> str:
    return hashlib.sha256(str(question_number).encode()).hexdigest()


def _record(number: int) -> EvaluationRecord:
    state = ReleaseState(release_id(number), project_of(number), "1", "proprietary-distributed", 1, "")
    gate = Gate("fail", Counts(1, 0, 0))
    return EvaluationRecord(evaluation_id(number), state, "", PolicyVersion("default", 1), gate, 1, "0" * 64, {})


def _evaluation(number: int) -> tuple[Any, ...]:
    return evaluation_id(number), release_id(number), 1, msgspec.json.encode(_record(number))


def _replacing(database: Database, count: int) -> Ask:
    questions = _questions(project_of(7), count)

    async def replace() -> None:
        async with database.write() as connection:
            await replace_open_questions(connection, _record(7), questions, evaluation_id(7))
            await connection.commit()

    return replace


if __name__ == "__main__":
    sys.exit(main())
