"""Releases under a policy that changes, evaluated as the service does, and processes that evaluate them again."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import msgspec
from sqlalchemy import func, select, update

from policy_eval.adapters.changes import SqlChanges
from policy_eval.adapters.compatibility_files import compatibility
from policy_eval.adapters.decision_records import SqlDecisionRecords
from policy_eval.adapters.evaluations import SqlUnitOfWork
from policy_eval.adapters.export_records import SqlExportRecords
from policy_eval.adapters.organizations import SqlOrganizations
from policy_eval.adapters.policy_files import default_policy
from policy_eval.adapters.reevaluations import SqlReevaluations
from policy_eval.adapters.tables import evaluation
from policy_eval.adapters.version_ranges import read_version_range
from policy_eval.application.classify_export import ExportKnowledge
from policy_eval.application.evaluate_release import EvaluateRelease
from policy_eval.application.judge_export import JudgeExport
from policy_eval.application.ports import LoadedPolicy
from policy_eval.application.recorded_decisions import RecordedDecisions
from policy_eval.application.reevaluations import AskForReevaluation
from policy_eval.application.work_off_reevaluations import WorkOffReevaluations
from policy_eval.domain.conditions import AllOf, Rule
from policy_eval.domain.policy import Policy
from shared.bulk_lane import BulkLane
from shared.clock import id_source
from shared.contracts.events import CurrentDocument, PolicyVersion, ReleaseState
from shared.errors import NotFound, Unavailable
from shared.messaging.tables import outbox
from shared.persistence.blobs import FolderBlobs
from shared.persistence.engine import Database
from tests.support.builders import a_component, an_inventory, real_knowledge
from tests.support.evaluations import SetClock
from tests.support.export import shipped_knowledge

Pause = Callable[[float], Awaitable[None]]


async def _none_waits() -> int:
    return 0


_INVENTORY = msgspec.json.encode(an_inventory(a_component("GPL-2.0-only")))


@cache
def _export_knowledge() -> ExportKnowledge:
    return shipped_knowledge()


def other_on(category: str) -> Policy:
    """The default policy, but that all of the category is for legal to look at."""
    policy = default_policy()
    rules = dict.fromkeys(policy.rules[category], (Rule(AllOf(()), "review-legal"),))
    return replace(policy, rules={**policy.rules, category: rules})


class Inventories:
    """One inventory for every digest; away while told so."""

    def __init__(self) -> None:
        self.is_away = False
        self.broken = ""
        self.inventory = _INVENTORY
        self.asked: list[str] = []

    async def fetch(self, sha256: str) -> bytes:
        self.asked.append(sha256)
        if self.is_away:
            raise Unavailable("sbom-ingest is away")
        return b"{" if sha256 == self.broken else self.inventory

    async def read(self, document: bytes) -> bytes:
        return document


class ChangingPolicies:
    """The default policy in the version of today, and one more by name."""

    def __init__(self) -> None:
        self.version, self.policy = 1, default_policy()
        self.aging: list[str] = []

    async def of_age(self) -> list[str]:
        return self.aging

    async def active(self, name: str | None) -> LoadedPolicy:
        if name not in (None, "default", "other"):
            raise NotFound(f"There is no policy {name!r}.")
        identity = PolicyVersion(name or "default", self.version)
        return LoadedPolicy(self.policy, identity, f"{identity.name}-{self.version}")


class ReevaluatedReleases:
    """Releases in a database, and what evaluates them again."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.clock, self.policies, self.inventories = SetClock(), ChangingPolicies(), Inventories()
        self.lane, self.stored = BulkLane(), SqlReevaluations(database)
        self.new_id = id_source(self.clock)
        self.evaluate = EvaluateRelease(
            inventories=self.inventories,
            policies=self.policies,
            knowledge=real_knowledge(),
            compatibility=compatibility(),
            export=JudgeExport(_export_knowledge(), SqlExportRecords(database), self.clock),
            recorded=RecordedDecisions(SqlDecisionRecords(database), read_version_range, SqlOrganizations(database)),
            changes=SqlChanges(database),
            blobs=FolderBlobs(folder),
            unit_of_work=lambda: SqlUnitOfWork(database, "policy-eval", self.clock, self.new_id, lambda: None),
            clock=self.clock,
            new_id=self.new_id,
        )
        self.ask = AskForReevaluation(self.stored, self.clock, self.new_id, lambda: None)

    async def store(
        self,
        release_id: str,
        project: str = "shop",
        policy: str | None = None,
        context: str = "proprietary-distributed",
    ) -> None:
        """Evaluate the release for the first time."""
        release = ReleaseState(release_id, project, "1", context, 1, "2026-03-01T12:00:00Z", policy)
        current = [CurrentDocument("main", "d", f"document of {release_id}", f"inventory of {release_id}")]
        async with self.evaluate.unit_of_work() as unit:
            await unit.evaluations.newest_revision(release_id)
            await unit.evaluations.remember_inputs(release, current)
            await unit.commit()
        await self.evaluate.again(release, current)

    async def forget_steps(self) -> None:
        """Let all evaluations be as if a version had made them that knew no validation steps."""
        async with self.database.write() as connection:
            for row in (await connection.execute(select(evaluation.c.id, evaluation.c.record))).all():
                record = msgspec.json.decode(row.record)
                del record["steps"]
                of_row = update(evaluation).where(evaluation.c.id == row.id)
                await connection.execute(of_row.values(record=msgspec.json.encode(record)))
            await connection.commit()

    def process(
        self, owner: str, pause: Pause = asyncio.sleep, unsent: Callable[[], Awaitable[int]] = _none_waits
    ) -> WorkOffReevaluations:
        """Return what a process works with."""
        return WorkOffReevaluations(
            self.stored,
            self.evaluate,
            self.lane,
            self.clock,
            owner,
            pause,
            lambda error: isinstance(error, Unavailable),
            unsent,
        )

    async def counts(self) -> Counter[int]:
        """Return how many releases have how many evaluations."""
        query = select(func.count()).select_from(evaluation).group_by(evaluation.c.release_id)
        async with self.database.read() as connection:
            return Counter((await connection.execute(query)).scalars())

    async def events(self) -> int:
        """Return how many events were written."""
        async with self.database.read() as connection:
            return int((await connection.execute(select(func.count()).select_from(outbox))).scalar_one())
