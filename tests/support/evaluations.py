"""Evaluations as policy-eval stores them, and what is asked of them."""

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from policy_eval.adapters.evaluation_reader import SqlEvaluationReader
from policy_eval.adapters.evaluations import SqlEvaluations
from policy_eval.adapters.queue_reader import SqlQueue
from policy_eval.adapters.response_times import SqlResponseTimes
from policy_eval.adapters.version_ranges import read_version_range
from policy_eval.application.compare_releases import ComparedRelease, CompareReleases
from policy_eval.application.look_up import LookUp
from policy_eval.application.ports import EvaluationRecord
from policy_eval.application.rows import rows_of
from policy_eval.domain.component_search import ComponentSearch, ReleasesAsked
from policy_eval.domain.used_answers import UsedAnswer
from shared.clock import timestamp
from shared.contracts.events import PolicyVersion, ReleaseState
from shared.contracts.inventory import Component
from shared.persistence.blobs import FolderBlobs
from shared.persistence.engine import Database
from tests.support.builders import evaluated


class SetClock:
    """A clock that stands until it is set on."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def now(self) -> datetime:
        self.time += timedelta(milliseconds=1)
        return self.time


class StoredEvaluations:
    """Stores evaluations of releases, and answers from them as the service does."""

    def __init__(self, database: Database, blob_folder: Path) -> None:
        self._database = database
        self._blobs = FolderBlobs(blob_folder)
        self._numbers = itertools.count(1)
        reader = SqlEvaluationReader(database)
        self.queue = SqlQueue(database)
        self.times = SqlResponseTimes(database)
        self.clock = SetClock()
        self.look_up = LookUp(reader, read_version_range, "")
        self.compare = CompareReleases(reader, self._blobs)

    async def store(self, release_id: str, *components: Component, edges: Any = (), project: str = "shop") -> str:
        """Evaluate these components and make the evaluation the current one of the release; return its id."""
        evaluation = evaluated(components, edges=edges)
        id_ = f"00000000-0000-7000-8000-{next(self._numbers):012}"
        record = EvaluationRecord(
            id=id_,
            release=ReleaseState(release_id, project, "1", "proprietary-distributed", 1, "2026-03-01T12:00:00Z"),
            evaluated_at=timestamp(self.clock.now()),
            policy=PolicyVersion("default", 1),
            gate=evaluation.gate,
            findings_total=len(evaluation.findings),
            decisions_sha256=await self._blobs.put(msgspec.json.encode(evaluation.release)),
            inputs={},
        )
        async with self._database.write() as connection:
            stored = SqlEvaluations(connection)
            await stored.newest_revision(release_id)
            await stored.add(record, rows_of(evaluation, id_, release_id))
            await connection.commit()
        return id_

    async def rest_on(self, release_id: str, *answers: UsedAnswer, created_at: str) -> Any:
        """Have a stored release rest on these answers; return by step what it inherits."""
        release = ReleaseState(release_id, "shop", "1", "proprietary-distributed", 1, created_at)
        async with self._database.write() as connection:
            inherited = await SqlEvaluations(connection).inherit(release, answers)
            await connection.commit()
        return inherited

    async def found(
        self, purl: str | None = None, version_range: str | None = None, license_: str | None = None
    ) -> list[str]:
        """Return the releases with such a component."""
        return await self.found_among(self.look_up.search(purl, version_range, license_))

    async def found_among(
        self,
        search: ComponentSearch,
        among: tuple[str, ...] | None = None,
        *,
        before: str | None = None,
        limit: int = 1000,
    ) -> list[str]:
        """Return a page of the releases that are found."""
        return await self.look_up.releases_with(search, ReleasesAsked(limit, before, among))

    async def difference(self, release: str, base: str, **evaluations: str) -> dict[str, Any]:
        """Return what has changed in the release since the base."""
        return await self.compare(
            ComparedRelease(release, evaluations.get("evaluation")),
            ComparedRelease(base, evaluations.get("base_evaluation")),
        )
