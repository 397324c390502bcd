"""Questions about a stage: answered, not yet, or never; and waiting for it."""

import asyncio
from typing import Any

import pytest

from shared.clock import uuid7
from shared.contracts.events import ReleaseState
from tests.support.gateway import (
    GatewayUnderTest,
    a_release_state,
    derived,
    evaluated,
    failed,
    ingested,
    message_of,
    upload_answer,
)


async def _state(gateway: GatewayUnderTest, *events: Any) -> ReleaseState:
    state = a_release_state(id=uuid7(gateway.clock))
    await gateway.tell(*(event(state) for event in events))
    return state


@pytest.mark.parametrize("question", ["gate", "findings", "components", "obligations", "notice"])
async def test_what_is_not_done_yet_is_asked_for_again(gateway: GatewayUnderTest, question: str) -> None:
    state = await _state(gateway, ingested)

    answer = await gateway.client.get(f"/api/v1/releases/{state.id}/{question}")

    assert answer.status_code == 425
    assert answer.headers["retry-after"] == "2"
    assert gateway.reached() == []


async def test_a_difference_waits_for_both_releases(gateway: GatewayUnderTest) -> None:
    done, running = await gateway.know("shop", "2"), await _state(gateway, ingested)

    for release, base in ((done, running), (running, done)):
        answer = await gateway.client.get(f"/api/v1/releases/{release.id}/diff", params={"base": base.id})

        assert answer.status_code == 425
    assert gateway.reached() == []


async def test_a_difference_to_an_evaluation_of_before_does_not_wait(gateway: GatewayUnderTest) -> None:
    done, running = await gateway.know("shop", "2"), await _state(gateway, ingested)
    older = {"base": running.id, "base_evaluation": "e1"}

    answer = await gateway.client.get(f"/api/v1/releases/{done.id}/diff", params=older)

    assert answer.status_code == 200
    assert gateway.reached()[0].path == f"/api/v1/releases/{done.id}/diff"


@pytest.mark.parametrize("question", ["gate", "obligations", "notice"])
async def test_what_will_never_come_is_said_so_with_the_reason(gateway: GatewayUnderTest, question: str) -> None:
    state = await _state(gateway, ingested, failed)

    answer = await gateway.client.get(f"/api/v1/releases/{state.id}/{question}?wait=60")

    assert answer.status_code == 409
    assert "evaluated could not be done" in answer.json()["detail"]


async def test_an_evaluation_of_before_can_be_asked_for_while_a_new_one_runs(gateway: GatewayUnderTest) -> None:
    state = await _state(gateway, ingested)

    answer = await gateway.client.get(f"/api/v1/releases/{state.id}/gate?evaluation=e1")

    assert answer.status_code == 200


@pytest.mark.parametrize("wait", ["-1", "nan", "inf", "soon"])
async def test_a_wait_that_is_none_is_refused_before_anything_is_stored(gateway: GatewayUnderTest, wait: str) -> None:
    state = await _state(gateway, ingested)

    gate = await gateway.client.get(f"/api/v1/releases/{state.id}/gate?wait={wait}")
    upload = await gateway.client.post(f"/api/v1/sboms?wait={wait}", content=b"{}")

    assert (gate.status_code, upload.status_code) == (422, 422)
    assert gateway.reached() == []


async def test_who_waits_is_answered_when_the_event_comes(gateway: GatewayUnderTest) -> None:
    state = await _state(gateway, ingested)
    waiting = asyncio.create_task(gateway.client.get(f"/api/v1/releases/{state.id}/gate?wait=60"))
    await asyncio.sleep(0.05)

    await gateway.tell(evaluated(state))

    assert (await asyncio.wait_for(waiting, 5)).status_code == 200


async def test_an_upload_that_waits_is_answered_when_all_stages_have_ended(gateway: GatewayUnderTest) -> None:
    state = a_release_state()
    gateway.services["sbom-ingest"].answers(upload_answer(state, wait="60"))
    waiting = asyncio.create_task(gateway.client.post("/api/v1/sboms", content=b"{}"))
    await asyncio.sleep(0.05)

    await gateway.tell(ingested(state), evaluated(state, verdict="fail"), derived(state))
    answer = await asyncio.wait_for(waiting, 5)

    assert answer.status_code == 200
    assert answer.json()["stages"] == {"ingested": "done", "evaluated": "done", "obligations": "done"}
    assert answer.json()["gate"]["verdict"] == "fail"


async def test_an_upload_that_waited_in_vain_says_what_is_left(gateway: GatewayUnderTest) -> None:
    gateway.services["sbom-ingest"].answers(upload_answer(a_release_state(), wait="0.01"))

    answer = await gateway.client.post("/api/v1/sboms", content=b"{}")

    assert answer.status_code == 202
    assert answer.headers["retry-after"] == "1"
    assert answer.json()["stages"]["evaluated"] == "pending"


async def test_an_event_that_comes_twice_counts_once(gateway: GatewayUnderTest) -> None:
    state = await _state(gateway, ingested)
    message = message_of(evaluated(state), uuid7(gateway.clock))

    for _ in range(3):
        await gateway.broker.publish(message)

    shown = (await gateway.client.get(f"/api/v1/releases/{state.id}")).json()
    assert shown["evaluations"] == 1


async def test_the_answer_to_an_upload_and_its_events_may_be_heard_at_once(gateway: GatewayUnderTest) -> None:
    state = a_release_state()
    gateway.services["sbom-ingest"].answers(upload_answer(state))

    told = gateway.tell(ingested(state), evaluated(state), derived(state))
    answer, _ = await asyncio.gather(gateway.client.post("/api/v1/sboms", content=b"{}"), told)

    assert answer.status_code == 202
    shown = (await gateway.client.get(f"/api/v1/releases/{state.id}")).json()
    assert shown["stages"] == {"ingested": "done", "evaluated": "done", "obligations": "done"}
    assert [each["part"] for each in shown["documents"]] == ["main"]
