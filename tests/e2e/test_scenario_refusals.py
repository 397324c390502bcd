"""What is refused, how it is told, and that nothing of it is stored."""

import gzip
import json
import os
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support.api import got, listed, problem, submitted
from tests.support.licet import Licet
from tests.support.sboms import a_cyclonedx

_BODY = a_cyclonedx({"left-pad": "MIT"})
_MIB = 1024 * 1024
_UNKNOWN = "01900000-0000-7000-8000-000000000000"

_REFUSED: dict[str, tuple[int, str, dict[str, Any]]] = {
    "not JSON": (400, "not-an-sbom", {"content": b"hello, world"}),
    "nothing": (400, "not-an-sbom", {"content": b""}),
    "JSON but no SBOM": (400, "not-an-sbom", {"content": b'{"name": "left-pad", "version": "1.0"}'}),
    "cut off": (400, "not-an-sbom", {"content": _BODY[:-20]}),
    "an unknown version": (400, "not-an-sbom", {"content": a_cyclonedx(specVersion="9.9")}),
    "against its specification": (422, "invalid-input", {"content": a_cyclonedx(components="all of them")}),
    "compressed without saying so": (415, "unsupported-encoding", {"content": gzip.compress(_BODY)}),
    "an unknown encoding": (415, "unsupported-encoding", {"content": _BODY, "headers": {"Content-Encoding": "br"}}),
    "no gzip though it says so": (400, "not-an-sbom", {"content": _BODY, "headers": {"Content-Encoding": "gzip"}}),
    "gzip that ends in the middle": (
        400,
        "not-an-sbom",
        {"content": gzip.compress(os.urandom(1000))[:-100], "headers": {"Content-Encoding": "gzip"}},
    ),
    "a form without a document": (422, "invalid-input", {"files": {"picture": ("a.png", b"png")}}),
    "an unknown context": (422, "invalid-input", {"content": _BODY, "params": {"context": "on-the-moon"}}),
    "an unknown parameter": (422, "invalid-input", {"content": _BODY, "params": {"porject": "shop"}}),
    "a wait that is no number": (422, "invalid-input", {"content": _BODY, "params": {"wait": "long"}}),
    "a name that cannot be printed": (422, "invalid-input", {"content": _BODY, "params": {"part": "a\nb"}}),
}


@pytest.mark.parametrize("what", _REFUSED)
def test_a_refused_upload_says_why_and_leaves_nothing(api: httpx.Client, licet: Licet, project: str, what: str) -> None:
    status, kind, request = _REFUSED[what]
    query = {"project": project, "version": "1"} | request.get("params", {})

    answer = api.post("/api/v1/sboms", **(request | {"params": query}))

    assert problem(answer, status, kind)["detail"]
    assert listed(api, "/api/v1/releases", project=project) == []
    assert list(licet.folder.rglob("upload-*")) == []


def test_a_document_over_the_limit_is_refused_while_it_is_sent(api: httpx.Client, licet: Licet, project: str) -> None:
    def endless() -> Iterator[bytes]:
        yield b'{"bomFormat":"CycloneDX","specVersion":"1.6","components":['
        for _ in range(80):
            yield b" " * _MIB

    answer = api.post("/api/v1/sboms", params={"project": project, "version": "1"}, content=endless())

    assert problem(answer, 413, "over-limit")["limit"] == "sent-bytes"
    assert listed(api, "/api/v1/releases", project=project) == []
    assert list(licet.folder.rglob("upload-*")) == []


def test_a_small_body_that_unpacks_into_a_huge_one_is_refused(api: httpx.Client, project: str) -> None:
    bomb = gzip.compress(b" " * (8 * _MIB))
    query = {"project": project, "version": "1"}

    answer = api.post("/api/v1/sboms", params=query, content=bomb, headers={"Content-Encoding": "gzip"})

    assert problem(answer, 413, "over-limit")["limit"] == "compression-ratio"


def test_a_broken_rule_is_shown_at_its_place(api: httpx.Client, project: str) -> None:
    body = json.loads(_BODY) | {"components": {"left-pad": "MIT"}}

    answer = api.post("/api/v1/sboms", params={"project": project, "version": "1"}, content=json.dumps(body))

    assert problem(answer, 422, "invalid-input")["errors"][0]["pointer"] == "/components"


@pytest.mark.parametrize(
    "path",
    [
        f"/api/v1/releases/{_UNKNOWN}",
        f"/api/v1/releases/{_UNKNOWN}/gate",
        f"/api/v1/releases/{_UNKNOWN}/components",
        f"/api/v1/releases/{_UNKNOWN}/notice",
        "/api/v1/releases/no-id-at-all/obligations",
        f"/api/v1/sboms/{_UNKNOWN}",
        f"/api/v1/sboms/{_UNKNOWN}/raw",
        "/api/v1/projects/unknown/releases/1",
        "/api/v1/projects/unknown/releases/1/notice",
        "/api/v1/unknown",
        "/unknown",
    ],
)
def test_what_does_not_exist_is_not_found(api: httpx.Client, path: str) -> None:
    problem(api.get(path), 404, "not-found")


def test_an_unknown_version_of_a_known_project_is_not_found(api: httpx.Client, project: str) -> None:
    submitted(api, _BODY, project)

    problem(api.get(f"/api/v1/projects/{project}/releases/2"), 404, "not-found")


def test_a_wrong_method_is_a_problem_too(api: httpx.Client) -> None:
    problem(api.delete("/api/v1/sboms"), 405, "method-not-allowed")


def test_a_refused_upload_does_not_harm_what_is_there(api: httpx.Client, project: str) -> None:
    release = submitted(api, _BODY, project)["release"]["id"]
    before = got(api, f"/api/v1/releases/{release}")

    api.post("/api/v1/sboms", params={"project": project, "version": "1"}, content=b"rubbish")

    assert got(api, f"/api/v1/releases/{release}") == before
