"""The OpenAPI document: up to date, whole in itself, with true examples, and readable without the world."""

import json
import re
from collections.abc import Iterator
from typing import Any

from gateway.domain.access import ENDPOINTS
from gateway.entrypoints.docs_page import docs_page
from gateway.entrypoints.openapi import describe
from shared.web.problems import STATUS_OF_CODE
from tests.support.described import check_shape
from tools.make_openapi import FILE, render

_DOCUMENT = describe()


def test_the_document_is_up_to_date() -> None:
    assert FILE.read_text(encoding="utf-8") == render(), "run: python -m tools.make_openapi"


def test_every_endpoint_is_described_and_nothing_else() -> None:
    described = {(method.upper(), path) for path, methods in _DOCUMENT["paths"].items() for method in methods}

    assert described == {(each.method, each.path) for each in ENDPOINTS}


def test_operations_have_names_of_their_own() -> None:
    names = [operation["operationId"] for operation in _operations()]

    assert len(set(names)) == len(names)


def test_every_json_answer_has_a_schema() -> None:
    without = [
        (operation["operationId"], status)
        for operation in _operations()
        for status, response in operation["responses"].items()
        for media, content in response.get("content", {}).items()
        if media.endswith("json") and not content["schema"]
    ]

    assert [each for each in without if not each[0].endswith("-sbom")] == []


_DOCUMENTS = {"/api/v1/sboms", "/api/v1/bom", "/api/v1/policies/{name}", "/api/v1/policies/{name}/dry-run"}
_DOCUMENTS |= {"/api/v1/policies/validate"}
"""What takes a whole document, which has a form of its own."""
_LENIENT = {"/api/v1/licenses/normalize", "/api/v1/policies/{name}/activate"}
"""What stores nothing of its body; other fields are passed over."""


def test_no_body_has_room_for_fields_that_are_not_its_own() -> None:
    """Mass assignment (OWASP API3): an id, a state or a role beside the fields of a body is refused."""
    with_room = {
        path
        for path, methods in _DOCUMENT["paths"].items()
        for operation in methods.values()
        for media, content in operation.get("requestBody", {}).get("content", {}).items()
        if media == "application/json" and _followed(content["schema"]).get("additionalProperties") is not False
    }

    assert with_room == _DOCUMENTS | _LENIENT


def _followed(schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return _followed(_DOCUMENT["components"]["schemas"][name]) if name else schema


def test_every_problem_has_its_status_in_the_document() -> None:
    types = {
        each
        for response in _DOCUMENT["components"]["responses"].values()
        for each in response["content"]["application/problem+json"]["schema"]["allOf"][1]["properties"]["type"]["enum"]
    }

    assert types >= {f"urn:licet:problem:{code}" for code in STATUS_OF_CODE}


def test_every_reference_leads_somewhere() -> None:
    for reference in set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(_DOCUMENT))):
        found: Any = _DOCUMENT
        for name in reference.split("/"):
            found = found[name]


def test_examples_are_as_the_document_describes_them() -> None:
    faults = {
        (operation["operationId"], status): check_shape(content["schema"], content["example"])
        for operation in _operations()
        for status, content in _contents(operation)
        if "example" in content
    }

    assert len(faults) > 60
    assert {name: each for name, each in faults.items() if each} == {}


def test_an_untrue_answer_is_noticed() -> None:
    schema = {"$ref": "#/components/schemas/Version"}

    assert check_shape(schema, {"name": "licet", "version": "1"}) == []
    assert check_shape(schema, {"name": "licet", "version": 1}) != []
    assert check_shape(schema, {"name": "licet", "version": "1", "more": True}) != []


def test_the_page_shows_every_operation_and_needs_nothing_from_elsewhere() -> None:
    page = docs_page(_DOCUMENT)

    assert all(f'id="{operation["operationId"]}"' in page for operation in _operations())
    assert re.findall(r"<(?:script|link|img|iframe)\b|@import|url\(", page) == []
    assert [link for link in re.findall(r'(?:href|src)="([^"]*)"', page) if not link.startswith(("#", "/"))] == []
    anchors = set(re.findall(r'id="([^"]+)"', page))
    assert {link[1:] for link in re.findall(r'href="(#[^"]+)"', page)} <= anchors


def _operations() -> list[dict[str, Any]]:
    return [operation for methods in _DOCUMENT["paths"].values() for operation in methods.values()]


def _contents(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for content in operation.get("requestBody", {}).get("content", {}).values():
        yield "body", content
    for status, response in operation["responses"].items():
        for content in response.get("content", {}).values():
            yield status, content
