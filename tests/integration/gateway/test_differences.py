"""The difference of two releases is put together from what two services say."""

import pytest
from starlette.responses import JSONResponse, Response

from tests.support.gateway import GatewayUnderTest, Received, a_problem

_OF_OBLIGATIONS = {"added": [1], "removed": [], "changed": []}


async def test_obligations_stand_beside_what_was_decided(gateway: GatewayUnderTest) -> None:
    release, base = await gateway.know("shop", "2"), await gateway.know("shop", "1")
    decided = {"components": {"added": ["a"]}, "limit": 10_000, "truncated": {"components.added": 10_001}}
    gateway.services["policy-eval"].answers(JSONResponse(decided))
    totals = {"added": 10_002, "removed": 0, "changed": 0}
    gateway.services["obligations"].answers(JSONResponse(_OF_OBLIGATIONS | {"totals": totals}))

    answer = await gateway.client.get(f"/api/v1/releases/{release.id}/diff", params={"base": base.id})

    assert answer.json() == {
        "components": {"added": ["a"]},
        "obligations": _OF_OBLIGATIONS,
        "limit": 10_000,
        "truncated": {"components.added": 10_001, "obligations.added": 10_002},
    }
    assert {each.query for each in gateway.reached()} == {f"base={base.id}"}


@pytest.mark.parametrize("service", ["policy-eval", "obligations"])
async def test_the_refusal_of_either_is_the_answer(gateway: GatewayUnderTest, service: str) -> None:
    release, base = await gateway.know("shop", "2"), await gateway.know("shop", "1")
    usual = gateway.services[service].answer

    async def refuses(seen: Received) -> Response:
        return a_problem(404, "not-found", f"of {service}") if "diff" in seen.path else await usual(seen)

    gateway.services[service].answer = refuses

    answer = await gateway.client.get(f"/api/v1/releases/{release.id}/diff", params={"base": base.id})

    assert (answer.status_code, answer.json()["detail"]) == (404, f"of {service}")
