"""The quality of an uploaded document, its reasons and its components' gaps, as the API shows them."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from standalone.bootstrap import create_app, migrate_all
from standalone.settings import Settings
from tests.support.sboms import a_component, a_cyclonedx

_KEY = "licet_" + "k" * 40
_TEXT = {"license": {"id": "MIT", "text": {"content": "Permission is hereby granted"}}}
_FULL = a_component(
    "full",
    "MIT",
    licenses=[_TEXT],
    supplier={"name": "Example"},
    hashes=[{"alg": "SHA-512", "content": "0" * 128}],
)


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of all four services in this process, over SQLite files."""
    migrate_all(tmp_path)
    app = create_app(Settings(data_dir=tmp_path), _KEY)
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://licet", headers={"X-Api-Key": _KEY}) as client,
    ):
        yield client


async def test_a_documents_quality_is_explained_down_to_the_component(client: httpx.AsyncClient) -> None:
    components = [_FULL, a_component("second", "MIT"), a_component("third", "NOASSERTION", version="")]
    body = a_cyclonedx({}, components=components, dependencies=[])

    upload = await client.post("/api/v1/sboms", params={"project": "shop", "version": "1"}, content=body)
    document = upload.json()["document"]
    shown = (await client.get(f"/api/v1/sboms/{document['id']}")).json()

    quality = shown["quality"]
    assert quality == document["quality"]
    assert {"element": "license", "have": 2, "of": 3, "missing_share": 0.33} in quality["reasons"]
    assert quality["ntia"] == {
        "met": ["name", "identifier"],
        "missing": ["supplier", "version", "dependency", "author", "timestamp"],
        "not_checked": [],
    }
    # NTIA: (1/3 + 1 + 2/3 + 1 + 0 + 0 + 0) / 7; licence work: (1 + 2/3 + 1 + 1/3 + 1/3) / 5.
    assert quality["score"] == 0.55


async def test_the_gaps_of_components_come_in_pages(client: httpx.AsyncClient) -> None:
    components = [_FULL, a_component("second", "MIT"), a_component("third", "NOASSERTION", version="")]
    body = a_cyclonedx({}, components=components)
    upload = await client.post("/api/v1/sboms", params={"project": "shop", "version": "1"}, content=body)
    place = f"/api/v1/sboms/{upload.json()['document']['id']}/gaps"

    first = (await client.get(place, params={"limit": 2})).json()
    last = (await client.get(place, params={"limit": 2, "page_token": first["next_page_token"]})).json()

    assert [gap["name"] for gap in first["items"]] == ["full", "second"]
    assert first["items"][0]["missing"] == ["dependency"]
    assert last == {
        "items": [
            {
                "purl": "pkg:npm/third@1.0.0",
                "name": "third",
                "version": None,
                "pointer": "/components/2",
                "missing": ["supplier", "version", "dependency", "license", "license-text", "hash"],
            }
        ],
        "next_page_token": None,
    }


async def test_the_gaps_of_a_document_that_is_not_there_are_not_found(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/sboms/00000000-0000-7000-8000-000000000000/gaps")

    assert answer.status_code == 404


async def test_a_poor_document_is_hinted_at_by_the_default_policy(client: httpx.AsyncClient) -> None:
    poor = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"type": "library", "name": "a"}]}
    query = {"project": "shop", "version": "1", "wait": 20}

    upload = await client.post("/api/v1/sboms", params=query, json=poor)
    gate = (await client.get(f"/api/v1/releases/{upload.json()['release']['id']}/gate")).json()

    [hint] = [each for each in gate["findings"] if each["kind"] == "quality"]
    assert (hint["rule"], hint["severity"], hint["route"]) == ("quality/low-score", "hint", "project")
    assert f"{upload.json()['document']['quality']['score']:.2f}" in hint["message"]
