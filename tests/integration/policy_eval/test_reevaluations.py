"""A request to evaluate again goes through all releases that it touches, each once, whatever happens meanwhile."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from policy_eval.adapters.reevaluations import SqlReevaluations
from policy_eval.application.change_ports import Reevaluation
from policy_eval.application.ports import LoadedPolicy
from policy_eval.application.reevaluations import Requester
from policy_eval.application.work_off_reevaluations import LEASE, WorkOffReevaluations
from shared.contracts.envelope import Envelope
from shared.errors import Forbidden, Unavailable
from shared.persistence.engine import Database
from tests.support.reevaluating import ChangingPolicies, ReevaluatedReleases, other_on

_RELEASES = 30
_MESSAGE = Envelope("1", "/licet/test", "test.happened.v1", "r1", "2026-03-01T12:00:00Z", msgspec.Raw(b"{}"), "1.0")


async def no_pause(_seconds: float) -> None:
    return None


@pytest.fixture
async def releases(evaluations_url: str, tmp_path: Path) -> AsyncIterator[ReevaluatedReleases]:
    database = Database(evaluations_url)
    yield ReevaluatedReleases(database, tmp_path / "blobs")
    await database.close()


async def stored(releases: ReevaluatedReleases, count: int = _RELEASES) -> None:
    for number in range(count):
        await releases.store(f"r{number:02}", project=f"project-{number % 3}")


async def work_off(process: WorkOffReevaluations) -> None:
    while await process.step():
        pass


async def test_it_rests_while_what_it_emitted_is_not_published(releases: ReevaluatedReleases) -> None:
    await stored(releases, 2)
    releases.policies.version = 2
    await releases.ask.request("a test")
    counts, evaluations = iter([0, 4, 5, 3]), []

    async def pause(_seconds: float) -> None:
        evaluations.append((await releases.counts())[2])

    async def unsent() -> int:
        return next(counts)

    await work_off(releases.process("one", pause, unsent))

    assert await releases.counts() == {2: 2}
    assert evaluations == [1, 1, 1, 2], "after the first; twice before the second; after it"
    assert await releases.stored.unsent() == 4


async def test_every_release_is_evaluated_once_though_the_process_dies_in_the_middle(
    releases: ReevaluatedReleases,
) -> None:
    await stored(releases)
    releases.policies.version = 2
    await releases.ask.request("policy default version 2")
    evaluated = 0

    async def die(_seconds: float) -> None:
        nonlocal evaluated
        evaluated += 1
        if evaluated == 13:
            raise asyncio.CancelledError  # after the evaluation was stored and before the progress was

    with pytest.raises(asyncio.CancelledError):
        await work_off(releases.process("first", die))
    assert await releases.counts() == Counter({1: 17, 2: 13})
    assert not await releases.process("second", no_pause).step()
    releases.clock.time += LEASE
    await work_off(releases.process("second", no_pause))

    [request] = await releases.ask.page(None, 10)
    assert (request.state, request.total, request.done, request.failed) == ("done", _RELEASES, _RELEASES, 0)
    assert request.unchanged == 1
    assert await releases.counts() == Counter({2: _RELEASES})
    assert await releases.events() == 2 * _RELEASES


async def test_a_lease_of_a_clock_that_was_set_back_since_holds_nobody_up(releases: ReevaluatedReleases) -> None:
    await stored(releases, 3)
    releases.policies.version = 2
    await releases.ask.request("policy default version 2")

    async def die(_seconds: float) -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await work_off(releases.process("first", die))
    releases.clock.time -= timedelta(hours=2)
    await work_off(releases.process("second", no_pause))

    assert await releases.counts() == Counter({2: 3})


async def test_counting_many_releases_asks_for_no_policy_and_keeps_the_lease(releases: ReevaluatedReleases) -> None:
    await stored(releases, 2)
    await releases.ask.request("policy default version 2", policy="default")
    asked: list[str | None] = []
    advanced: list[int | None] = []

    class Policies(ChangingPolicies):
        async def active(self, name: str | None) -> LoadedPolicy:
            asked.append(name)
            return await super().active(name)

    class Stored(SqlReevaluations):
        async def advance(self, request: Reevaluation, owner: str, until: str) -> bool:
            advanced.append(request.total)
            return await super().advance(request, owner, until)

    process = replace(
        releases.process("first", no_pause),
        evaluate=replace(releases.evaluate, policies=Policies()),
        reevaluations=Stored(releases.database),
    )
    await process.step()

    assert (asked, advanced[0]) == ([None] * 2, None)


async def test_what_already_depends_on_the_same_is_not_evaluated_again(releases: ReevaluatedReleases) -> None:
    await stored(releases, 3)
    await releases.ask.request("nothing has changed")

    await work_off(releases.process("first", no_pause))

    [request] = await releases.ask.page(None, 10)
    assert (request.done, request.unchanged) == (3, 3)
    assert await releases.counts() == Counter({1: 3})


async def test_what_a_version_without_validation_steps_evaluated_is_evaluated_once_more(
    releases: ReevaluatedReleases,
) -> None:
    await stored(releases, 2)
    await releases.forget_steps()
    await releases.ask.request("Licet is newer")

    await work_off(releases.process("first", no_pause))

    [request] = await releases.ask.page(None, 10)
    assert (request.done, request.unchanged) == (2, 0)
    assert await releases.counts() == Counter({2: 2})


async def test_two_processes_at_once_evaluate_no_release_twice(releases: ReevaluatedReleases) -> None:
    await stored(releases, 8)
    releases.policies.version = 2
    await releases.ask.request("policy default version 2")
    first, second = releases.process("first", no_pause), releases.process("second", no_pause)

    async def take_over() -> None:
        for _ in range(4):
            releases.clock.time += 2 * LEASE
            await second.step()

    await asyncio.gather(work_off(first), take_over())
    releases.clock.time += 2 * LEASE
    await work_off(first)

    [request] = await releases.ask.page(None, 10)
    assert (request.state, request.done + request.failed) == ("done", request.total)
    assert await releases.counts() == Counter({2: 8})
    assert await releases.events() == 16


async def test_only_releases_of_the_policy_and_the_project_are_touched(releases: ReevaluatedReleases) -> None:
    for number, (project, policy) in enumerate([("a", None), ("a", "other"), ("b", "other"), ("b", "default")]):
        await releases.store(f"r{number}", project, policy)
    releases.policies.version = 2

    await releases.ask.request("curation", policy="other", project="a")
    await work_off(releases.process("first", no_pause))
    assert await releases.counts() == Counter({1: 3, 2: 1})
    await releases.ask.request("policy default", policy="default")
    await work_off(releases.process("first", no_pause))

    assert await releases.counts() == Counter({1: 1, 2: 3})
    assert [request.total for request in await releases.ask.page(None, 10)] == [2, 1]


async def test_a_broken_release_is_counted_as_failed_and_ends_no_other(releases: ReevaluatedReleases) -> None:
    await stored(releases, 3)
    releases.policies.version, releases.policies.policy = 2, other_on("strong-copyleft")
    releases.inventories.broken = "inventory of r01"
    await releases.ask.request("policy default version 2")

    await work_off(releases.process("first", no_pause))

    [request] = await releases.ask.page(None, 10)
    assert (request.state, request.total, request.done, request.failed) == ("done", 3, 2, 1)


async def test_a_service_that_is_away_makes_the_work_wait_and_no_release_fail(releases: ReevaluatedReleases) -> None:
    await stored(releases, 3)
    releases.policies.version, releases.policies.policy = 2, other_on("strong-copyleft")
    releases.inventories.is_away = True
    await releases.ask.request("policy default version 2")
    process = releases.process("first", no_pause)

    with pytest.raises(Unavailable):
        await process.step()
    releases.inventories.is_away = False
    await work_off(process)

    [request] = await releases.ask.page(None, 10)
    assert (request.state, request.done, request.failed) == ("done", 3, 0)


async def test_bulk_work_waits_while_a_message_is_handled(releases: ReevaluatedReleases) -> None:
    await stored(releases, 2)
    releases.policies.version = 2
    await releases.ask.request("policy default version 2")
    ended = asyncio.Event()

    async def handle(_envelope: Envelope) -> None:
        await ended.wait()

    handling = asyncio.create_task(releases.lane.first(handle)(_MESSAGE))
    await asyncio.sleep(0)
    working = asyncio.create_task(work_off(releases.process("first", no_pause)))
    await asyncio.sleep(0.3)
    meanwhile = await releases.counts()
    ended.set()
    await asyncio.gather(handling, working)

    assert meanwhile == Counter({1: 2})
    assert await releases.counts() == Counter({2: 2})


async def test_a_request_that_has_not_begun_is_not_stored_twice(releases: ReevaluatedReleases) -> None:
    await releases.ask.request("curation 1")
    await releases.ask.request("curation 2")
    await releases.ask.request("curation 3", project="shop")
    await releases.process("first", no_pause).step()
    await releases.ask.request("curation 4")

    assert [each.reason for each in await releases.ask.page(None, 10)] == ["curation 4", "curation 3", "curation 1"]


async def test_an_older_revision_never_takes_the_place_of_a_newer_one(releases: ReevaluatedReleases) -> None:
    await releases.store("r1")
    [old] = await releases.stored.releases_after("", 10)
    newer = msgspec.structs.replace(old.release, revision=2)
    async with releases.evaluate.unit_of_work() as unit:
        await unit.evaluations.newest_revision("r1")
        await unit.evaluations.remember_inputs(newer, old.current)
        await unit.commit()
    await releases.evaluate.again(newer, old.current)
    releases.policies.version = 2

    assert await releases.evaluate.if_changed(old.release, old.current) is None
    assert await releases.evaluate.again(old.release, old.current) is None
    assert await releases.counts() == Counter({2: 1})


async def test_a_key_of_some_projects_asks_for_one_of_them(releases: ReevaluatedReleases) -> None:
    who = Requester("key:1", ("team/*",))

    for project in (None, "other"):
        with pytest.raises(Forbidden):
            await releases.ask.ask(who, "why", None, project)

    assert (await releases.ask.ask(who, "why", None, "team/a")).project == "team/a"
