"""Nothing that an SBOM refers to is ever asked for: every address in it leads to a listener, which nobody calls."""

import json
import re
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from tests.support.licet import Licet

_SBOMS = Path(__file__).parents[1] / "data" / "sboms"
_PLACE = re.compile(r"https?://(?!(?:www\.w3|spdx|cyclonedx)\.org\b|usefulinc\.com/ns\b)[^/\s\"'<>)\]]+")
"""The beginning of an address up to its path, but for those of namespaces."""
_WITHOUT_ADDRESS = ("README.md", "example.scancode31.json", "python-syft.cdx16.json")
_FORMATS = ("text", "markdown", "html", "json")
_EXTERNAL = """<?xml version="1.0"?><!DOCTYPE bom SYSTEM "{canary}/x.dtd" [<!ENTITY x SYSTEM "{canary}/x">]>
<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components>
<component type="library"><name>&x;</name></component></components></bom>"""


class _Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Called)
        self.calls: list[bytes] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Called(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        assert isinstance(self.server, _Listener)
        self.server.calls.append(self.request.recv(1000))


@pytest.fixture(scope="module")
def canary() -> Iterator[_Listener]:
    with _Listener() as listener:
        threading.Thread(target=listener.serve_forever, daemon=True).start()
        yield listener
        listener.shutdown()


def test_the_listener_hears_who_calls(canary: _Listener) -> None:
    with pytest.raises(httpx.HTTPError):
        httpx.get(f"{canary.url}/heard", timeout=5)
    assert canary.calls.pop().startswith(b"GET /heard")


@pytest.mark.parametrize("file", sorted(each.name for each in _SBOMS.iterdir() if each.name not in _WITHOUT_ADDRESS))
def test_no_address_of_a_document_is_asked_for(standalone: Licet, canary: _Listener, project: str, file: str) -> None:
    text, replaced = _PLACE.subn(canary.url, (_SBOMS / file).read_text())
    assert replaced

    with standalone.client() as api:
        sent = api.post(
            "/api/v1/sboms", params={"project": project, "version": "1", "wait": "60"}, content=text.encode()
        )
        assert sent.status_code == 200, sent.text
        for form in _FORMATS:
            notice = api.get(f"/api/v1/projects/{quote(project)}/releases/1/notice", params={"format": form})
            assert notice.status_code == 200, notice.text

    assert canary.calls == []


def test_no_schema_context_or_entity_is_asked_for(standalone: Licet, canary: _Listener, project: str) -> None:
    told = {"$schema": f"{canary.url}/bom.json", "bomFormat": "CycloneDX", "specVersion": "1.6", "components": []}
    remote = json.loads((_SBOMS / "example.spdx3.json").read_text()) | {"@context": f"{canary.url}/context.jsonld"}
    location = f'xsi:schemaLocation="http://cyclonedx.org/schema/bom/1.6 {canary.url}/bom.xsd"'
    schema = (
        '<bom xmlns="http://cyclonedx.org/schema/bom/1.6" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'{location} version="1"><components/></bom>'
    )
    bodies = (json.dumps(told), json.dumps(remote), _EXTERNAL.format(canary=canary.url), schema)

    with standalone.client() as api:
        answers = [
            api.post("/api/v1/sboms", params={"project": project, "version": "1", "wait": "30"}, content=body.encode())
            for body in bodies
        ]

    assert [each.status_code for each in answers] == [200, 422, 400, 200], [each.text for each in answers]
    assert canary.calls == []
