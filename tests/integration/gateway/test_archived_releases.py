"""A release that was a mistake is put away with all that hangs on it, and comes back as it was."""

import pytest

from gateway.domain.access import Role
from shared.clock import SystemClock, uuid7
from shared.contracts.steps import BY_EVALUATION, Step
from tests.support.gateway import (
    GatewayUnderTest,
    a_release_state,
    client_of,
    derived,
    document_id,
    evaluated,
    upload_answer,
    with_steps,
)


async def test_what_is_archived_is_nowhere(gateway: GatewayUnderTest) -> None:
    state = await gateway.know("shop")
    await gateway.know("other")

    answer = await gateway.client.delete(f"/api/v1/releases/{state.id}")

    assert answer.status_code == 204
    gateway.forget()
    for path in (
        *(f"releases/{state.id}{rest}" for rest in ("", "/gate", "/components", "/notice", "/events")),
        *("projects/shop/releases/1", "projects/shop/releases/1/notice", f"sboms/{document_id(state)}/raw"),
    ):
        assert (await gateway.client.get(f"/api/v1/{path}")).status_code == 404, path
    assert gateway.reached() == []
    for path in ("releases", "projects"):
        assert len((await gateway.client.get(f"/api/v1/{path}")).json()["items"]) == 1


async def test_what_is_archived_cannot_be_archived_again_nor_what_is_not_be_restored(gateway: GatewayUnderTest) -> None:
    state = await gateway.know("shop")
    path = f"/api/v1/releases/{state.id}"

    too_early = await gateway.client.post(f"{path}/restore")
    await gateway.client.delete(path)
    again = await gateway.client.delete(path)

    assert (too_early.status_code, again.status_code) == (404, 404)


async def test_what_is_restored_is_as_it_was_and_has_followed_its_events(gateway: GatewayUnderTest) -> None:
    state = await gateway.know("shop")
    path = f"/api/v1/releases/{state.id}"
    before = (await gateway.client.get(path)).json()
    await gateway.client.delete(path)
    done = [Step(name, "done") for name in BY_EVALUATION]
    await gateway.tell(with_steps(evaluated(state, "e2", "fail"), done), derived(state, "e2"))

    restored = await gateway.client.post(f"{path}/restore")

    assert restored.status_code == 200
    assert restored.json() == (await gateway.client.get(path)).json()
    assert restored.json()["documents"] == before["documents"]
    assert (before["first_open_step"], restored.json()["first_open_step"]) == ("intake", "obligations")
    found = (await gateway.client.get("/api/v1/releases?first_open_step=obligations")).json()["items"]
    assert [each["id"] for each in found] == [state.id]
    assert (before["gate"]["verdict"], restored.json()["gate"]["verdict"]) == ("pass", "fail")


async def test_who_sends_a_document_to_an_archived_release_brings_it_back(gateway: GatewayUnderTest) -> None:
    state = await gateway.know("shop")
    await gateway.client.delete(f"/api/v1/releases/{state.id}")
    newer = a_release_state("shop", revision=2, id=state.id)
    gateway.services["sbom-ingest"].answers(upload_answer(newer))

    await gateway.client.post("/api/v1/sboms?project=shop&version=1", content=b"{}")

    assert (await gateway.client.get(f"/api/v1/releases/{state.id}")).status_code == 200


async def test_a_late_event_of_an_archived_release_does_not_bring_it_back(gateway: GatewayUnderTest) -> None:
    state = await gateway.know("shop")
    await gateway.client.delete(f"/api/v1/releases/{state.id}")

    await gateway.tell(evaluated(state, "e2"))

    assert (await gateway.client.get(f"/api/v1/releases/{state.id}")).status_code == 404


async def test_both_are_on_record_with_their_project(gateway: GatewayUnderTest) -> None:
    state = await gateway.know("shop")
    await gateway.client.delete(f"/api/v1/releases/{state.id}")
    await gateway.client.post(f"/api/v1/releases/{state.id}/restore")

    restored, archived = (await gateway.client.get("/api/v1/audit", params={"project": "shop"})).json()["items"]

    assert archived["before"] == restored["after"] == {"archived_at": None}
    assert archived["after"]["archived_at"] == archived["at"]


@pytest.mark.parametrize("role", [Role.RELEASE_MANAGER, Role.ADMIN])
async def test_an_archived_release_of_a_foreign_project_is_not_to_be_restored(
    gateway: GatewayUnderTest, role: Role
) -> None:
    state = await gateway.know("bank", uuid7(SystemClock()))
    await gateway.client.delete(f"/api/v1/releases/{state.id}")
    key = (await gateway.new_key(role, projects=("shop",)))["key"]

    async with client_of(gateway.app, key) as client:
        answer = await client.post(f"/api/v1/releases/{state.id}/restore")

    assert answer.status_code == 404
    assert (await gateway.client.get(f"/api/v1/releases/{state.id}")).status_code == 404
