"""What waits for somebody, over all current releases."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from alembic import command

from policy_eval.application.show_queue import QueueFilter, QueuePage, ShowQueue
from shared.persistence.migrate import configuration, migrate
from tests.support.builders import a_component
from tests.support.evaluations import StoredEvaluations

_GPL, _RUBY, _MPL = "GPL-2.0-only", "Ruby", "MPL-2.0"


async def queue(
    evaluations: StoredEvaluations, *patterns: str, limit: int = 100, by_due_date: bool = False, **wanted: Any
) -> list[Any]:
    show, place, items = ShowQueue(evaluations.queue, evaluations.times, evaluations.clock), None, []
    while True:
        at = QueuePage(place, limit + 1, by_due_date)
        rows = await show(QueueFilter(**wanted), list(patterns) or ["*"], at)
        items += [row.shown for row in rows[:limit]]
        if len(rows) <= limit:
            return items
        place = rows[limit - 1].place


async def seen(evaluations: StoredEvaluations, *patterns: str, **asked: Any) -> list[tuple[str, int]]:
    return [(each["license"], each["releases"]) for each in await queue(evaluations, *patterns, **asked)]


async def test_each_question_is_asked_once_the_worst_and_most_widespread_first(evaluations: StoredEvaluations) -> None:
    for number in range(3):
        await evaluations.store(f"r{number}", a_component(_MPL, name="lib"), a_component(_RUBY, name="gem"))
    await evaluations.store(
        "r3", a_component(_GPL, name="tool", version="1"), a_component(_GPL, name="tool", version="2")
    )
    await evaluations.store("r4", a_component("MIT"))

    items = await queue(evaluations)

    assert [(each["license"], each["releases"]) for each in items] == [(_RUBY, 3), (_GPL, 1), (_MPL, 3)]
    first = items[0]
    assert (first["severity"], first["route"], first["kind"]) == ("error", "ospo", "license")
    assert _RUBY in first["question"]
    assert (first["example"]["release"], first["example"]["subject"]["name"]) == ("r2", "gem")
    gate = await evaluations.look_up.gate("r2", None, "error")
    assert first["fingerprint"] in {each["fingerprint"] for each in gate["findings"]}


async def test_an_evaluation_takes_the_place_of_the_one_before(evaluations: StoredEvaluations) -> None:
    await evaluations.store("r1", a_component(_GPL), a_component(_MPL, name="lib"))
    await evaluations.store("r2", a_component(_GPL))
    await evaluations.store("r1", a_component("MIT"), a_component(_MPL, name="lib"))

    assert await seen(evaluations) == [(_GPL, 1), (_MPL, 1)]

    await evaluations.store("r2", a_component("MIT"))
    await evaluations.store("r1")

    assert await seen(evaluations) == []


async def test_only_projects_of_the_caller_are_shown_and_counted(evaluations: StoredEvaluations) -> None:
    for number, project in enumerate(("team-a/shop", "team-a/Shop", "team-b/shop", "team-b/50%")):
        await evaluations.store(f"r{number}", a_component(_GPL), project=project)

    assert await seen(evaluations) == [(_GPL, 4)]
    assert await seen(evaluations, "team-a/*") == [(_GPL, 2)]
    assert await seen(evaluations, "team-?/shop") == [(_GPL, 2)]
    assert await seen(evaluations, "team-[!b]/*", "team-b/50%") == [(_GPL, 3)]
    assert await seen(evaluations, "nobody/*") == []
    assert await seen(evaluations, "team-a/*", project="team-a/shop") == [(_GPL, 1)]
    assert await seen(evaluations, "team-a/*", project="team-b/shop") == []
    [item] = await queue(evaluations, "team-b/*")
    assert item["example"]["project"].startswith("team-b/")


@pytest.mark.parametrize(
    ("wanted", "licenses"),
    [
        ({"route": "project"}, [_MPL]),
        ({"route": "legal"}, [_GPL]),
        ({"severity": "error"}, [_GPL, _RUBY]),
        ({"severity": "warning"}, []),
        ({"kind": "license", "route": "ospo", "severity": "error"}, [_RUBY]),
        ({"kind": "export"}, []),
    ],
)
async def test_the_queue_is_asked_by_route_severity_and_kind(
    evaluations: StoredEvaluations, wanted: dict[str, Any], licenses: list[str]
) -> None:
    components = [a_component(each, name=each.lower()) for each in (_MPL, _GPL, _RUBY)]
    await evaluations.store("r1", *components)

    assert sorted(license_ for license_, _ in await seen(evaluations, **wanted)) == licenses


async def test_pages_show_every_question_once_and_in_order(evaluations: StoredEvaluations) -> None:
    for number in range(7):
        names = [f"lib-{each}" for each in range(number, 7)]
        await evaluations.store(f"r{number}", *(a_component(_GPL, name=name) for name in names))
        await evaluations.store(f"s{number}", *(a_component(_MPL, name=name) for name in names))

    whole = await queue(evaluations)

    assert await queue(evaluations, limit=3) == whole
    assert await queue(evaluations, limit=1) == whole
    assert [each["releases"] for each in whole] == [7, 6, 5, 4, 3, 2, 1] * 2


async def test_an_upgrade_asks_what_was_open_before(
    evaluations_url: str, evaluations: StoredEvaluations, tmp_path: Path
) -> None:
    await evaluations.store("r1", a_component(_GPL), a_component(_MPL, name="lib"))
    await evaluations.store("r1", a_component(_RUBY), a_component(_MPL, name="lib"))
    await evaluations.store("r2", a_component(_GPL), a_component("MIT", name="lib"))
    before = await queue(evaluations)

    with configuration("policy_eval", evaluations_url) as config:
        await asyncio.to_thread(command.downgrade, config, "0033-1")
    await asyncio.to_thread(migrate, "policy_eval", evaluations_url)

    after = await queue(evaluations)
    assert [_without_waits(each) for each in after] == [_without_waits(each) for each in before]
    assert len(before) == 3
    first, second, third = (f"2026-03-01T12:00:00.00{number}000Z" for number in (1, 2, 3))
    assert {each["license"]: each["waiting_since"] for each in before} == {_GPL: third, _RUBY: second, _MPL: first}
    # Since the evaluations that are current: since when questions were open before these is not stored.
    assert {each["license"]: each["waiting_since"] for each in after} == {_GPL: third, _RUBY: second, _MPL: second}


def _without_waits(shown: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in shown.items() if name not in ("waiting_since", "due_at", "overdue")}
