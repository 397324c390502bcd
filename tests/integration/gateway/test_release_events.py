"""A release is followed as a stream until it is settled; who has its present state need not fetch it again."""

import asyncio
import json
from typing import Any

import pytest

from gateway.entrypoints import release_events
from shared.clock import uuid7
from shared.contracts.events import ReleaseState
from tests.support.gateway import (
    GatewayUnderTest,
    a_release_state,
    client_of,
    derived,
    evaluated,
    failed,
    ingested,
)


async def _ingested(gateway: GatewayUnderTest) -> ReleaseState:
    state = a_release_state(id=uuid7(gateway.clock))
    await gateway.tell(ingested(state))
    return state


def _read(text: str) -> list[tuple[str, Any]]:
    events = [each.split("\n", 1) for each in text.split("\n\n") if each.startswith("event: ")]
    return [(kind.removeprefix("event: "), json.loads(rest.removeprefix("data: "))) for kind, rest in events]


async def _told_while_followed(gateway: GatewayUnderTest, state: ReleaseState, *events: Any) -> list[tuple[str, Any]]:
    following = asyncio.create_task(gateway.client.get(f"/api/v1/releases/{state.id}/events"))
    for event in events:
        await asyncio.sleep(0.2)
        await gateway.tell(event)
    answer = await following
    assert answer.headers["content-type"].startswith("text/event-stream")
    return _read(answer.text)


async def test_each_stage_is_told_as_it_ends(gateway: GatewayUnderTest) -> None:
    state = await _ingested(gateway)

    told = await _told_while_followed(gateway, state, evaluated(state), derived(state))

    assert [kind for kind, _ in told] == ["release", "release", "settled"]
    assert [each["stages"]["obligations"] for _, each in told] == ["pending", "pending", "done"]
    assert [each["stages"]["evaluated"] for _, each in told] == ["pending", "done", "done"]
    assert told[-1][1]["gate"]["verdict"] == "pass"


async def test_a_failure_settles_it_too_and_is_told_with_its_reason(gateway: GatewayUnderTest) -> None:
    state = await _ingested(gateway)

    told = await _told_while_followed(gateway, state, failed(state))

    assert told[-1][0] == "settled"
    assert told[-1][1]["problems"]["evaluated"]["title"] == "Failed"


async def test_what_is_settled_already_is_told_in_one_event(gateway: GatewayUnderTest) -> None:
    state = await gateway.know("shop")

    answer = await gateway.client.get(f"/api/v1/releases/{state.id}/events")

    assert [kind for kind, _ in _read(answer.text)] == ["settled"]


async def test_a_stream_ends_once_its_key_is_revoked(gateway: GatewayUnderTest) -> None:
    state, viewer = await _ingested(gateway), await gateway.new_key("viewer")
    async with client_of(gateway.app, viewer["key"]) as client:
        following = asyncio.create_task(client.get(f"/api/v1/releases/{state.id}/events"))
        await asyncio.sleep(0.2)
        await gateway.client.delete(f"/api/v1/keys/{viewer['id']}")
        await gateway.tell(evaluated(state))
        answer = await following

    assert [each["stages"]["evaluated"] for _, each in _read(answer.text)] == ["pending"]


async def test_a_stream_ends_when_its_release_is_archived(gateway: GatewayUnderTest) -> None:
    state = await _ingested(gateway)
    following = asyncio.create_task(gateway.client.get(f"/api/v1/releases/{state.id}/events"))
    await asyncio.sleep(0.2)

    await gateway.client.delete(f"/api/v1/releases/{state.id}")

    assert len(_read((await following).text)) == 1


def test_a_hostile_name_ends_no_line_of_an_event() -> None:
    from gateway.domain.stages import ReleaseProgress

    progress = ReleaseProgress(a_release_state("x\n\nevent: settled\ndata: {}\r\u2028"), {})

    assert release_events._event(progress).count(b"\n") == 3
    assert b"\r" not in release_events._event(progress)


@pytest.mark.parametrize("known", ["{etag}", 'W/"x", W/{etag}', "*"])
async def test_who_has_the_present_state_is_told_so(gateway: GatewayUnderTest, known: str) -> None:
    state = await gateway.know("shop")
    path = f"/api/v1/releases/{state.id}"
    etag = (await gateway.client.get(path)).headers["etag"]

    same = await gateway.client.get(path, headers={"If-None-Match": known.format(etag=etag)})
    await gateway.tell(evaluated(state, "e2", "fail"))
    other = await gateway.client.get(path, headers={"If-None-Match": etag})

    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", etag)
    assert (other.status_code, other.json()["gate"]) == (200, None) or other.json()["gate"]["verdict"] == "fail"
