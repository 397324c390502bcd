"""The problems of the document: which statuses an operation may refuse with, and which types each status has."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from gateway.domain.access import Endpoint
from shared.web.problems import _CODE_OF_STATUS, STATUS_OF_CODE, problem_type
from tools.openapi.described import Operation

_PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "problems.md"
_ROW: Final = re.compile(r"^\| `urn:licet:problem:([a-z-]+)` \| (\d{3}) \| (.+?) \| (.+?) \|$", re.MULTILINE)
_ALWAYS: Final = (400, 401, 403, 429, 503, 504)
_OF_BODY: Final = (408, 413, 415, 422)
_MORE_TYPES: Final = {431: "over-limit"}


def statuses(endpoint: Endpoint, operation: Operation) -> list[int]:
    """Return the statuses of problems that the operation may answer with."""
    found = {*_ALWAYS, *operation.refusals}
    if "{" in endpoint.path or endpoint.scope == "submission" or endpoint.second_release:
        found.add(404)
    if operation.query or "{" in endpoint.path:
        found.add(422)
    if operation.body:
        found.update(_OF_BODY)
    if endpoint.method == "POST":
        found.update((409, 422))  # Idempotency-Key
    if endpoint.after or endpoint.second_release:
        found.update((409, 425))
    return sorted(found)


def reference(status: int) -> dict[str, str]:
    """Return the reference to the problems of a status."""
    return {"$ref": f"#/components/responses/Problem{status}"}


def responses(used: Iterable[int]) -> dict[str, Any]:
    """Return the components of the problems, by status."""
    return {f"Problem{status}": _response(status) for status in sorted(set(used))}


def problem_schema() -> dict[str, Any]:
    """Return the schema of a problem (RFC 9457)."""
    text = {"type": "string"}
    place = {"type": "object", "required": ["pointer", "message"], "properties": {"pointer": text, "message": text}}
    properties = {
        "type": {"type": "string", "format": "uri", "description": "What a program looks at."},
        "title": text,
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What, where and what to do, for people."},
        "instance": text,
        "errors": {"type": "array", "items": place, "description": "Each fault at its place."},
        "limit": {"type": "string", "description": "The limit that was passed."},
        "service": {"type": "string", "description": "The service that did not answer."},
    }
    required = ["type", "title", "status", "detail", "instance"]
    return {"type": "object", "title": "Problem", "required": required, "properties": properties}


def _response(status: int) -> dict[str, Any]:
    codes = _codes(status)
    types = [problem_type(code) for code in codes]
    told = {code: (meaning, to_do) for code, _, meaning, to_do in _ROW.findall(_PAGE.read_text(encoding="utf-8"))}
    says = [f"`{problem_type(code)}`: {told[code][0]} {told[code][1]}" for code in codes]
    narrow = {"properties": {"type": {"enum": types}, "status": {"const": status}}}
    schema = {"allOf": [{"$ref": "#/components/schemas/Problem"}, narrow]}
    example = {"type": types[0], "title": codes[0].replace("-", " ").capitalize(), "status": status}
    example |= {"detail": told[codes[0]][0].replace("`", ""), "instance": "/api/v1/releases"}
    content = {"application/problem+json": {"schema": schema, "example": example}}
    return {"description": "\n\n".join(says), "content": content}


def _codes(status: int) -> list[str]:
    known = {code for code, each in STATUS_OF_CODE.items() if each == status}
    if status in _CODE_OF_STATUS:
        known.add(_CODE_OF_STATUS[status])
    if status in _MORE_TYPES:
        known.add(_MORE_TYPES[status])
    return sorted(known)
