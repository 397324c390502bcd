"""Measures the questions over stored releases beside a bare look-up in the index that answers them.

    python -m tools.bench.search [--rows 5000000] [--releases 100000] [--databases sqlite postgresql] [--repeats 9]

Fills throwaway databases, which takes minutes and some GiB, and prints for each question the median in milliseconds, that
of the look-up, and what the database did for it: rows that were read on PostgreSQL, thousands of instructions on SQLite.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

from shared.persistence.engine import Database
from shared.persistence.migrate import migrate
from tests.support.postgresql import ThrowawayPostgres
from tools.bench.plans import Ask, Plans, plans_of
from tools.bench.search_questions import Question, component_questions, release_questions
from tools.bench.stored_rows import Amount, fill_evaluations, fill_releases

_COMPONENTS = 100


def main() -> int:
    arguments = _arguments()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="licet-bench-")))
        for kind in arguments.databases:
            server = stack.enter_context(ThrowawayPostgres()) if kind == "postgresql" else None
            urls = {name: url_of(name, server, folder) for name in ("policy_eval", "gateway")}
            asyncio.run(_measured(kind, urls, arguments))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.bench.search", description="Measure searches.")
    parser.add_argument("--rows", type=int, default=5_000_000, help="components stored")
    parser.add_argument("--releases", type=int, default=100_000, help="releases that the gateway knows")
    parser.add_argument("--databases", nargs="+", choices=("sqlite", "postgresql"), default=["sqlite", "postgresql"])
    parser.add_argument("--repeats", type=int, default=9, help="of each question; the median is shown")
    return parser.parse_args()


def url_of(package: str, server: ThrowawayPostgres | None, folder: Path) -> str:
    """Return the URL of a new database with the package's schema."""
    url = server.database(package) if server else f"sqlite+aiosqlite:///{folder}/{package}.sqlite"
    migrate(package, url)
    return url


async def _measured(kind: str, urls: dict[str, str], arguments: argparse.Namespace) -> None:
    async with _opened(urls["policy_eval"]) as database:
        begun = time.monotonic()
        amount = Amount(arguments.rows // _COMPONENTS, _COMPONENTS)
        rows = await fill_evaluations(database, amount)
        print(f"\n{kind}: {rows:,} components of {amount.releases:,} releases, in {time.monotonic() - begun:.0f} s")
        await _print(component_questions(database, amount), plans_of(database), arguments.repeats)
    async with _opened(urls["gateway"]) as database:
        await fill_releases(database, arguments.releases)
        print(f"\n{kind}: {arguments.releases:,} releases at the gateway")
        await _print(release_questions(database, arguments.releases), plans_of(database), arguments.repeats)


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    yield database
    await database.close()


async def _print(questions: list[Question], plans: Plans, repeats: int) -> None:
    print(f"{'question':<58}{'found':>7}{'ms':>9}{'look-up':>9}{plans.unit:>12}")
    for each in questions:
        found = len(await each.ask())
        took = await median_of(each.ask, repeats)
        floor = await median_of(each.look_up, repeats) if each.look_up else None
        work = await plans.work_of(each.ask)
        shown = "" if floor is None else f"{floor:.2f}"
        print(f"{each.name:<58}{found:>7,}{took:>9.2f}{shown:>9}{work:>12,}", flush=True)


async def median_of(ask: Ask, repeats: int) -> float:
    """Return how many milliseconds the answer takes."""
    taken = []
    for _ in range(repeats):
        begun = time.perf_counter()
        await ask()
        taken.append((time.perf_counter() - begun) * 1000)
    return sorted(taken)[len(taken) // 2]


if __name__ == "__main__":
    sys.exit(main())
