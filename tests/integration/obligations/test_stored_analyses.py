"""An organisation's own analyses of licences, on each of the two databases."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from obligations.adapters.own_analyses import SqlOwnAnalyses
from obligations.domain.own_analyses import AnalysisVersion, OwnAnalysis, OwnRow
from shared.persistence.engine import Database

ANALYSIS = OwnAnalysis(obligations=(OwnRow(obligation="license-text", clause="§1 “ü”", trigger=("binary",)),))


@pytest.fixture
async def analyses(migrated: Callable[[str], str]) -> AsyncIterator[SqlOwnAnalyses]:
    database = Database(await asyncio.to_thread(migrated, "obligations"))
    yield SqlOwnAnalyses(database)
    await database.close()


def version_of(license_id: str, version: int, analysis: OwnAnalysis | None = ANALYSIS) -> AnalysisVersion:
    return AnalysisVersion(license_id, version, "key:1", "2026-11-28T09:00:00Z", analysis)


async def test_the_newest_version_of_each_licence_counts(analyses: SqlOwnAnalyses) -> None:
    stored = [version_of("MIT", 1), version_of("LicenseRef-a", 1), version_of("MIT", 2, None), version_of("ISC", 1)]

    for each in stored:
        assert await analyses.add(each)

    assert await analyses.current() == [version_of("ISC", 1), version_of("LicenseRef-a", 1), version_of("MIT", 2, None)]
    assert await analyses.version("MIT", None) == version_of("MIT", 2, None)
    assert await analyses.version("MIT", 1) == version_of("MIT", 1)
    assert await analyses.version("MIT", 3) is None
    assert await analyses.version("BSD-2-Clause", None) is None


async def test_of_two_versions_of_one_number_the_second_is_not_stored(analyses: SqlOwnAnalyses) -> None:
    other = version_of("MIT", 1, None)

    added = await asyncio.gather(analyses.add(version_of("MIT", 1)), analyses.add(other))

    assert sorted(added) == [False, True]
    assert len(await analyses.versions("MIT", None, 10)) == 1


async def test_lists_are_read_in_pages(analyses: SqlOwnAnalyses) -> None:
    for name in ("a", "b", "c"):
        await analyses.add(version_of(f"LicenseRef-{name}", 1))
    for number in (2, 3):
        await analyses.add(version_of("LicenseRef-a", number))

    assert [each.license for each in await analyses.page("", 2)] == ["LicenseRef-a", "LicenseRef-b"]
    assert [each.license for each in await analyses.page("LicenseRef-b", 2)] == ["LicenseRef-c"]
    assert [each.version for each in await analyses.versions("LicenseRef-a", None, 2)] == [3, 2]
    assert [each.version for each in await analyses.versions("LicenseRef-a", 2, 2)] == [1]
