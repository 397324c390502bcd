"""Measures releases evaluated as the service does, with all that it reads from and writes to its database, in CPU time.

    python -m tools.bench.reevaluating [--components 10000] [--releases 10] [--databases sqlite postgresql]

Releases of 10,000 components each, five to a project, are evaluated for the first time, and again after each change of
the policy: one that judges a category otherwise that none of their licences is in, one that judges MPL-2.0 otherwise, and
one that judges nearly all otherwise. From the inventory's bytes to the commit, in the unit of work with the outbox;
decisions go to a folder. The seconds are those of this process and of the database together, for a million components.
Inventories are in memory: what fetches them is measured by `tools.bench`.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import msgspec

from policy_eval.application.reevaluations import EvaluatedRelease
from policy_eval.domain.policy import Policy
from shared.persistence.engine import Database
from tests.support.postgresql import ThrowawayPostgres
from tests.support.reevaluating import ReevaluatedReleases
from tools.bench.accounting import cpu_seconds, tree
from tools.bench.evaluating import inventory_of, stricter
from tools.bench.search import url_of

_RELEASES_OF_A_PROJECT = 5
_MILLION = 1_000_000
_CHANGES: dict[str, Callable[[Policy], Policy]] = {
    "other on network-copyleft": lambda policy: stricter(policy, "network-copyleft"),
    "other on weak-copyleft-file": lambda policy: stricter(policy, "weak-copyleft-file"),
    "other on permissive": lambda policy: stricter(policy, "permissive"),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.bench.reevaluating", description="Measure evaluations.")
    parser.add_argument("--components", type=int, default=10_000, help="of each release")
    parser.add_argument("--releases", type=int, default=10)
    parser.add_argument("--databases", nargs="+", choices=("sqlite", "postgresql"), default=["sqlite", "postgresql"])
    arguments = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="licet-bench-")))
        for kind in arguments.databases:
            server = stack.enter_context(ThrowawayPostgres()) if kind == "postgresql" else None
            measured = _Measured(url_of("policy_eval", server, folder), server, folder / kind)
            print(f"{kind}, {arguments.releases} releases of {arguments.components:,} components", flush=True)
            asyncio.run(measured.run(arguments.components, arguments.releases))
    return 0


class _Measured:
    """The releases in one database."""

    def __init__(self, url: str, server: ThrowawayPostgres | None, folder: Path) -> None:
        self._database = Database(url)
        self._server = server
        self._releases = ReevaluatedReleases(self._database, folder)

    async def run(self, components: int, count: int) -> None:
        """Evaluate all releases for the first time and after each change, and print what it took."""
        self._releases.inventories.inventory = msgspec.json.encode(inventory_of(components))
        total = components * count
        begun = self._taken()
        for number in range(count):
            await self._releases.store(f"release-{number:04}", f"shop-{number // _RELEASES_OF_A_PROJECT}")
        self._print("at first", begun, total)
        stored = await self._releases.stored.releases_after("", count)
        policies, first = self._releases.policies, self._releases.policies.policy
        for what, change in _CHANGES.items():
            policies.policy, policies.version = change(first), policies.version + 1
            begun = self._taken()
            await self._again(stored)
            self._print(what, begun, total)
        await self._database.close()

    async def _again(self, stored: list[EvaluatedRelease]) -> None:
        for each in stored:
            if await self._releases.evaluate.if_changed(each.release, each.current) is None:
                raise RuntimeError(f"{each.release.id} was not evaluated again")

    def _taken(self) -> tuple[float, float]:
        """The CPU seconds of this process and of the database so far."""
        return time.process_time(), cpu_seconds(tree(self._server.pid)) if self._server else 0.0

    def _print(self, what: str, begun: tuple[float, float], components: int) -> None:
        own, database = (
            (now - before) * _MILLION / components for now, before in zip(self._taken(), begun, strict=True)
        )
        print(f"  {what:<28} {own + database:6.1f} s CPU a million, of it {database:.1f} in the server", flush=True)


if __name__ == "__main__":
    sys.exit(main())
