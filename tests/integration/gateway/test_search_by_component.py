"""Releases found by their components: policy-eval says which, the gateway shows those that the caller may see."""

from urllib.parse import parse_qs

import pytest
from starlette.responses import JSONResponse, Response

from gateway.application import search_releases
from tests.support.gateway import GatewayUnderTest, Received, client_of


async def _shops(gateway: GatewayUnderTest, count: int) -> list[str]:
    """Know releases of `shop`, one a second, a release of `bank` after each; policy-eval finds them all."""
    known = []
    for number in range(count):
        for project in ("shop", "bank"):
            gateway.clock.advance(seconds=1)
            known.append((await gateway.know(project, str(number))).id)

    async def answer(seen: Received) -> Response:
        asked = {name: values[0] for name, values in parse_qs(seen.query).items()}
        found = [each for each in known if each < asked.get("before", "g")]
        if "among" in asked:
            found = [each for each in known if each in asked["among"].split(",")]
        return JSONResponse(sorted(found, reverse=True)[: int(asked["limit"])])

    gateway.services["policy-eval"].answer = answer
    return known


@pytest.mark.parametrize("limit", [1, 2, 7, 1000])
@pytest.mark.parametrize("project", [None, "shop"])
async def test_every_release_is_found_once_and_the_newest_first(
    gateway: GatewayUnderTest, monkeypatch: pytest.MonkeyPatch, limit: int, project: str | None
) -> None:
    monkeypatch.setattr(search_releases, "_FOUND", 3)
    monkeypatch.setattr(search_releases, "_ASKED_ABOUT", 3)
    known = await _shops(gateway, 5)

    found, token = [], ""
    while token is not None:
        params = {"license": "MIT", "limit": limit, "page_token": token} | ({"project": project} if project else {})
        answer = (await gateway.client.get("/api/v1/releases", params=params)).json()
        found += [each["id"] for each in answer["items"]]
        token = answer["next_page_token"]

    expected = known[::2] if project else known
    assert found == expected[::-1]


async def test_no_more_is_asked_for_than_a_page_needs(
    gateway: GatewayUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_releases, "_FOUND", 4)
    await _shops(gateway, 10)
    gateway.forget()

    await gateway.client.get("/api/v1/releases?purl=pkg:npm/lodash&limit=2")

    [asked] = gateway.reached()
    assert parse_qs(asked.query) == {"purl": ["pkg:npm/lodash"], "limit": ["4"]}


@pytest.mark.parametrize("patterns", [("shop",), ("sh*",), ("s?op", "other"), ("[s]hop",), ("sho[!q]",)])
async def test_a_key_of_few_projects_asks_about_their_releases_only(
    gateway: GatewayUnderTest, patterns: tuple[str, ...]
) -> None:
    known = await _shops(gateway, 3)
    key = (await gateway.new_key("viewer", projects=patterns))["key"]
    gateway.forget()

    async with client_of(gateway.app, key) as client:
        answer = await client.get("/api/v1/releases?license=MIT")

    assert [each["id"] for each in answer.json()["items"]] == known[::2][::-1]
    assert [set(parse_qs(each.query)["among"][0].split(",")) for each in gateway.reached()] == [set(known[::2])]


@pytest.mark.parametrize(
    ("patterns", "seen"),
    [
        (("100%",), ["100%"]),
        (("a_b",), ["a_b"]),
        (("a_*",), ["a_b"]),
        (("back\\slash*",), ["back\\slash"]),
        (("*",), ["100%", "100x", "A", "a", "a_b", "acb", "back\\slash"]),
        (("a",), ["a"]),
        (("A*",), ["A"]),
    ],
)
async def test_patterns_mean_what_they_say_in_lists(
    gateway: GatewayUnderTest, patterns: tuple[str, ...], seen: list[str]
) -> None:
    for project in ("100%", "100x", "a_b", "acb", "back\\slash", "a", "A"):
        await gateway.know(project)
    key = (await gateway.new_key("viewer", projects=patterns))["key"]

    async with client_of(gateway.app, key) as client:
        answer = await client.get("/api/v1/releases")

    assert sorted(each["project"] for each in answer.json()["items"]) == seen
