"""What real scanners wrote of real packages is taken all the way to a NOTICE, in every format that they write."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from standalone.bootstrap import create_app, migrate_all
from standalone.settings import Settings

SCANNERS = Path(__file__).parents[2] / "data" / "scanners"
pytestmark = pytest.mark.asyncio(loop_scope="module")
_KEY = "licet_" + "k" * 40
# Of each document: name → licence of what it ships, as the NOTICE says it; None where nobody can know it.
_WEB_APP = {"debug": "MIT", "ms": "MIT"}
_WITH_ITSELF = _WEB_APP | {"web-app": "MIT"}
_MODULES = ("__init__", "formatters", "helpers", "json", "xml")
_FILES = {
    "./py_serializable-2.0.0.dist-info/METADATA": None,
    "./py_serializable-2.0.0.dist-info/RECORD": None,
    "./py_serializable-2.0.0.dist-info/WHEEL": None,
    "./py_serializable/py.typed": None,
} | {f"./py_serializable/{module}.py": "Apache-2.0" for module in _MODULES}
SHIPPED: dict[str, dict[str, str | None]] = {
    "node-cdxgen.cdx16.json": _WEB_APP,
    "node-cdxgen.spdx301.json": _WITH_ITSELF,
    "node-cyclonedx-npm.cdx16.json": _WEB_APP,
    "node-cyclonedx-npm.cdx16.xml": _WEB_APP,
    "node-npm-sbom.cdx15.json": _WEB_APP,
    "node-npm-sbom.spdx23.json": _WITH_ITSELF,
    "node-syft.cdx16.json": _WITH_ITSELF,
    "node-syft.cdx16.xml": _WITH_ITSELF,
    "node-syft.spdx23.json": _WITH_ITSELF,
    "node-syft.spdx23.spdx": _WITH_ITSELF,
    # Which of the BSD licences is meant is not said.
    "py-cyclonedx-py-texts.cdx16.json": {"iniconfig": "MIT", "packaging": None, "pluggy": "MIT"},
    "py-serializable-reuse.spdx21.spdx": _FILES,
    "ms-scancode.31.json": {"ms": "MIT"},
    "ms-scancode.32.json": {"ms": "MIT"},
    "ms-scancode.spdx22.spdx": {"ms": "MIT"},
    "iniconfig-scancode-text.32.json": {"iniconfig": "MIT"},
    "packaging-scancode.32.json": {"packaging": "Apache-2.0 AND BSD-3-Clause"},
}
COPYRIGHT = {
    "ms-scancode.31.json": "Copyright (c) 2020 Vercel, Inc.",
    "ms-scancode.32.json": "Copyright (c) 2020 Vercel, Inc.",
    "ms-scancode.spdx22.spdx": "Copyright (c) 2020 Vercel, Inc.",
    "packaging-scancode.32.json": "Copyright (c) Donald Stufft and individual contributors",
    "py-serializable-reuse.spdx21.spdx": "Copyright (C) Paul Horton. All Rights Reserved.",
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[httpx.AsyncClient]:
    """A client of all four services in this process, over SQLite files."""
    folder = tmp_path_factory.mktemp("licet")
    migrate_all(folder)
    app = create_app(Settings(data_dir=folder), _KEY)
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://licet", headers={"X-Api-Key": _KEY}) as client,
    ):
        yield client


async def notice_of(client: httpx.AsyncClient, name: str, form: str) -> httpx.Response:
    """The NOTICE of a release that holds what a scanner wrote."""
    query = {"project": name.replace(".", "-"), "version": "1", "wait": "30"}
    upload = await client.post("/api/v1/sboms", params=query, content=(SCANNERS / name).read_bytes())
    assert set(upload.json()["stages"].values()) == {"done"}
    return await client.get(f"/api/v1/releases/{upload.json()['release']['id']}/notice", params={"format": form})


async def test_every_document_is_tried() -> None:
    assert {path.name for path in SCANNERS.iterdir() if path.name != "README.md"} == SHIPPED.keys()


@pytest.mark.parametrize("name", SHIPPED)
async def test_the_notice_names_what_is_shipped_with_its_licences(client: httpx.AsyncClient, name: str) -> None:
    notice: dict[str, Any] = (await notice_of(client, name, "json")).json()

    licenses = {each["name"]: each["license"] for each in notice["components"] if each["license"]}
    named = {each["name"] for each in notice["components"]}
    assert licenses == {component: license_ for component, license_ in SHIPPED[name].items() if license_}
    assert named == SHIPPED[name].keys()


@pytest.mark.parametrize("name", COPYRIGHT)
async def test_the_notice_has_the_copyright_that_was_found_and_the_text_of_the_licence(
    client: httpx.AsyncClient, name: str
) -> None:
    notice = (await notice_of(client, name, "text")).text

    assert COPYRIGHT[name] in notice
    assert "WITHOUT WARRANT" in notice.upper()
