"""Which release a gate is compared with is found by the gateway; policy-eval is told its id."""

import asyncio

import httpx

from shared.clock import uuid7
from shared.contracts.events import ReleaseState
from tests.support.gateway import GatewayUnderTest, a_release_state, client_of, evaluated, failed, ingested


async def gate(gateway: GatewayUnderTest, release: ReleaseState, query: str) -> httpx.Response:
    gateway.forget()
    return await gateway.client.get(f"/api/v1/releases/{release.id}/gate?{query}")


def queries(gateway: GatewayUnderTest) -> list[str]:
    return [each.query for each in gateway.reached()]


async def before(gateway: GatewayUnderTest, version: str) -> ReleaseState:
    """A release that is older than those that come after a second."""
    release = await gateway.know("shop", version)
    gateway.clock.advance(seconds=1)
    return release


async def test_latest_is_the_newest_that_came_before_and_has_a_verdict(gateway: GatewayUnderTest) -> None:
    await before(gateway, "1")
    second = await before(gateway, "2")
    pending = a_release_state("shop", "3", id=uuid7(gateway.clock))
    await gateway.tell(ingested(pending))
    gateway.clock.advance(seconds=1)
    await gateway.know("other", "9")
    gateway.clock.advance(seconds=1)
    asked = await before(gateway, "4")
    await gateway.know("shop", "5")

    answer = await gate(gateway, asked, "fail_on=warning&baseline=latest&destination=DE")

    assert answer.status_code == 200
    assert queries(gateway) == [f"fail_on=warning&destination=DE&baseline={second.id}"]


async def test_a_version_and_an_id_name_it_too(gateway: GatewayUnderTest) -> None:
    base, asked = await before(gateway, "1.0 rc/1"), await before(gateway, "2")
    foreign = await gateway.know("other", "1")

    await gate(gateway, asked, "baseline=1.0+rc%2F1")
    assert queries(gateway) == [f"baseline={base.id}"]
    await gate(gateway, asked, f"baseline={foreign.id}")
    assert queries(gateway) == [f"baseline={foreign.id}"]


async def test_one_that_may_not_be_seen_is_as_one_that_is_not_there(gateway: GatewayUnderTest) -> None:
    asked, foreign = await before(gateway, "1"), await gateway.know("other", "1")
    key = (await gateway.new_key("viewer", projects=("shop",)))["key"]

    async with client_of(gateway.app, key) as client:
        for name in (foreign.id, "no-such", "latest"):
            answer = await client.get(f"/api/v1/releases/{asked.id}/gate", params={"baseline": name})
            assert answer.status_code == 404


async def test_one_without_a_verdict_is_waited_for_or_refused(gateway: GatewayUnderTest) -> None:
    asked = await before(gateway, "1")
    pending = a_release_state("shop", "0", id=uuid7(gateway.clock))
    await gateway.tell(ingested(pending))

    assert (await gate(gateway, asked, "baseline=0")).status_code == 425
    waiting = asyncio.create_task(gate(gateway, asked, "baseline=0&wait=30"))
    await asyncio.sleep(0)
    await gateway.tell(evaluated(pending))
    assert (await waiting).status_code == 200


async def test_one_whose_evaluation_failed_is_a_conflict(gateway: GatewayUnderTest) -> None:
    asked = await before(gateway, "1")
    broken = a_release_state("shop", "0", id=uuid7(gateway.clock))
    await gateway.tell(ingested(broken), failed(broken))

    assert (await gate(gateway, asked, "baseline=0")).status_code == 409
