"""The measuring of searches fills the tables as they are now, and every question finds what it is about."""

import asyncio
from pathlib import Path

from shared.persistence.engine import Database
from tools.bench.search import url_of
from tools.bench.search_questions import component_questions, release_questions
from tools.bench.stored_rows import Amount, fill_evaluations, fill_releases


async def found(folder: Path) -> dict[str, int]:
    components, releases = (Database(url_of(name, None, folder)) for name in ("policy_eval", "gateway"))
    amount = Amount(releases=40, components=5, largest=200)
    await fill_evaluations(components, amount)
    await fill_releases(releases, 40)
    questions = [*component_questions(components, amount), *release_questions(releases, 40)]
    counts = {each.name: len(await each.ask()) for each in questions}
    await components.close()
    await releases.close()
    return counts


def test_searches_can_be_measured(tmp_path: Path) -> None:
    counts = asyncio.run(found(tmp_path))

    assert len(counts) > 30
    assert counts["all releases, first page"] == 40
    assert counts["popular licence"] == 40
    assert counts["of one version"] == 1
