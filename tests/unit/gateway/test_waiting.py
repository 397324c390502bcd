"""Waiting for a release: woken by the bell, looking again now and then, never for longer than asked."""

import asyncio
from contextlib import suppress
from typing import Any

import pytest

from gateway.application import wait
from gateway.application.follow_releases import apply
from gateway.application.wait import Bell, WaitForRelease
from gateway.domain.stages import ReleaseProgress
from tests.support.gateway import a_release_state, evaluated

_LONG = 60.0
_PENDING = ReleaseProgress(a_release_state(), {})


class _Releases:
    """A projection of one release that counts how often it is looked at."""

    def __init__(self, progress: ReleaseProgress | None = _PENDING) -> None:
        self.progress = progress
        self.looks = 0

    async def by_id(self, _release_id: str) -> ReleaseProgress | None:
        self.looks += 1
        return self.progress

    def evaluate(self) -> None:
        assert self.progress is not None
        self.progress = apply(self.progress, evaluated(self.progress.release))


def _is_evaluated(progress: ReleaseProgress) -> bool:
    return progress.status("evaluated") == "done"


def _waiting(releases: Any, bell: Bell) -> WaitForRelease:
    return WaitForRelease(releases, bell)


@pytest.fixture
def rarely_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the bell wakes."""
    monkeypatch.setattr(wait, "_LOOK_AGAIN_SECONDS", _LONG)


@pytest.mark.usefixtures("rarely_looks")
async def test_the_bell_wakes_who_waits() -> None:
    releases, bell = _Releases(), Bell()
    waiting = asyncio.create_task(_waiting(releases, bell)("r1", _LONG, _is_evaluated))
    await asyncio.sleep(0)
    releases.evaluate()

    bell.ring("r1")
    found = await asyncio.wait_for(waiting, 5)

    assert found is not None
    assert _is_evaluated(found)


@pytest.mark.usefixtures("rarely_looks")
async def test_the_bell_of_another_release_wakes_nobody() -> None:
    releases, bell = _Releases(), Bell()
    waiting = asyncio.create_task(_waiting(releases, bell)("r1", _LONG, _is_evaluated))
    await asyncio.sleep(0)

    bell.ring("r2")
    await asyncio.sleep(0)

    assert releases.looks == 1
    waiting.cancel()
    with suppress(asyncio.CancelledError):
        await waiting


@pytest.mark.usefixtures("rarely_looks")
async def test_all_who_wait_are_woken_and_wait_on_if_it_is_not_enough() -> None:
    releases, bell = _Releases(), Bell()
    waiting = [asyncio.create_task(_waiting(releases, bell)("r1", _LONG, _is_evaluated)) for _ in range(3)]
    await asyncio.sleep(0)
    bell.ring("r1")
    await asyncio.sleep(0.01)
    assert releases.looks == 6

    releases.evaluate()
    bell.ring("r1")

    assert len(await asyncio.wait_for(asyncio.gather(*waiting), 5)) == 3


async def test_a_change_that_rings_no_bell_here_is_seen_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wait, "_LOOK_AGAIN_SECONDS", 0.01)
    releases = _Releases()
    waiting = asyncio.create_task(_waiting(releases, Bell())("r1", _LONG, _is_evaluated))
    await asyncio.sleep(0)

    releases.evaluate()

    assert await asyncio.wait_for(waiting, 5) is not None


async def test_when_the_time_is_over_the_release_is_shown_as_it_is() -> None:
    assert await _waiting(_Releases(), Bell())("r1", 0.01, _is_evaluated) == _PENDING


async def test_no_wait_is_one_look() -> None:
    releases = _Releases()

    await _waiting(releases, Bell())("r1", 0, _is_evaluated)

    assert releases.looks == 1


async def test_nobody_waits_for_a_release_that_is_not_there() -> None:
    assert await _waiting(_Releases(None), Bell())("r1", _LONG, _is_evaluated) is None


async def test_a_longer_wait_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wait, "MAX_WAIT_SECONDS", 0.01)

    assert await asyncio.wait_for(_waiting(_Releases(), Bell())("r1", 1e9, _is_evaluated), 5) == _PENDING


async def test_who_gave_up_leaves_nothing_behind() -> None:
    bell = Bell()
    given_up = asyncio.create_task(bell.wait("r1", _LONG))
    patient = asyncio.create_task(bell.wait("r1", _LONG))
    await asyncio.sleep(0)

    given_up.cancel()
    with suppress(asyncio.CancelledError):
        await given_up
    assert len(bell._waiting["r1"]) == 1
    bell.ring("r1")
    await asyncio.wait_for(patient, 5)

    await bell.wait("r1", 0.001)
    assert not bell._waiting
