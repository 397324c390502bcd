"""Assembles the document: paths from the table of endpoints, shapes from types, problems from their table."""

import json
import re
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import msgspec

from gateway.domain.access import ENDPOINTS, Endpoint
from tools.openapi.decision_operations import DECISION_OPERATIONS
from tools.openapi.described import Answer, Operation, Schema
from tools.openapi.gateway_operations import GATEWAY_OPERATIONS
from tools.openapi.inquiry_operations import INQUIRY_OPERATIONS
from tools.openapi.notice_operations import NOTICE_OPERATIONS
from tools.openapi.parameters import header_parameter, query_parameter
from tools.openapi.question_operations import QUESTION_OPERATIONS
from tools.openapi.refusals import problem_schema, reference, responses, statuses
from tools.openapi.release_operations import RELEASE_OPERATIONS
from tools.openapi.webhook_operations import WEBHOOK_OPERATIONS

OPERATIONS: Final[Mapping[tuple[str, str], Operation]] = (
    GATEWAY_OPERATIONS
    | RELEASE_OPERATIONS
    | NOTICE_OPERATIONS
    | INQUIRY_OPERATIONS
    | QUESTION_OPERATIONS
    | DECISION_OPERATIONS
    | WEBHOOK_OPERATIONS
)
_EXAMPLES: Final = Path(__file__).with_name("examples.json")
_REFERENCE: Final = "#/components/schemas/{name}"
_DESCRIPTION: Final = """Licet tells a release pipeline whether a release may go out, and why.

Credentials: `X-Api-Key`, or `Authorization: Bearer` with the same key or an OIDC token. Every refusal is a problem
(RFC 9457) whose `type` is stable. Lists go on with `next_page_token`. `X-Request-ID` is taken or made, and returned."""


def document() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document; raises KeyError for an endpoint that has no row."""
    described = [(endpoint, OPERATIONS[endpoint.method, endpoint.path]) for endpoint in ENDPOINTS]
    shapes = [shape for _, operation in described for shape in _types_of(operation)]
    schemas, components = _public(*msgspec.json.schema_components(shapes, ref_template=_REFERENCE))
    schema_of = dict(zip(map(repr, shapes), schemas, strict=True))
    examples = json.loads(_EXAMPLES.read_text(encoding="utf-8"))
    paths: dict[str, Any] = {}
    used: set[int] = set()
    for endpoint, operation in described:
        used.update(statuses(endpoint, operation))
        shown = _operation(endpoint, operation, schema_of, examples)
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = shown
    return _head() | {
        "paths": paths,
        "components": {
            "schemas": {"Problem": problem_schema()} | dict(sorted(components.items())),
            "responses": responses(used),
            "securitySchemes": {
                "key": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
                "bearer": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _public(schemas: Any, components: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
    """Rename what is private in the code: `_NewKey` to `NewKey`, `Page_Key_` to `PageOfKey`."""
    names = {name: re.sub(r"^Page_(\w+)_$", r"PageOf\1", name).lstrip("_") for name in components}
    if len(set(names.values())) != len(names) or "Problem" in names.values():
        raise ValueError("two shapes have one name")
    text = json.dumps([schemas, {names[name]: schema for name, schema in components.items()}])
    for name, public in names.items():
        text = text.replace(f'"#/components/schemas/{name}"', f'"#/components/schemas/{public}"')
    renamed = json.loads(text)
    return renamed[0], renamed[1]


def _head() -> dict[str, Any]:
    licence = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Licet",
            "version": version("licet-gateway"),
            "description": _DESCRIPTION,
            "license": licence,
        },
        "security": [{"key": []}, {"bearer": []}],
    }


def _types_of(operation: Operation) -> Iterator[Any]:
    contents = [operation.body, *(answer.content for answer in operation.answers)]
    for content in contents:
        yield from (shape for shape in content.values() if not isinstance(shape, Schema))


def _operation(
    endpoint: Endpoint, operation: Operation, schema_of: Mapping[str, Any], examples: Mapping[str, Any]
) -> dict[str, Any]:
    called = f"{endpoint.method} {endpoint.path}"
    problems = {str(status): reference(status) for status in statuses(endpoint, operation)}
    answers = {
        str(each.status): _answer(each, schema_of, examples.get(f"{called} {each.status}"))
        for each in operation.answers
    }
    shown = {
        "summary": endpoint.summary,
        "description": f"Roles: {', '.join(sorted(endpoint.roles))}.",
        "operationId": f"{endpoint.method.lower()}-{'-'.join(re.findall('[a-z_0-9]+', endpoint.path))}",
        "tags": [endpoint.answered_by],
        "parameters": _parameters(endpoint, operation),
        "responses": dict(sorted((problems | answers).items())),
    }
    if operation.body:
        content = {
            media: _media(shape, schema_of, examples.get(f"{called} body")) for media, shape in operation.body.items()
        }
        shown["requestBody"] = {"required": operation.needs_body, "content": content}
    return shown


def _parameters(endpoint: Endpoint, operation: Operation) -> list[dict[str, Any]]:
    text = {"type": "string", "minLength": 1}
    names = re.findall(r"{(\w+)}", endpoint.path)
    headers = ("Idempotency-Key", *operation.headers) if endpoint.method == "POST" else operation.headers
    return [
        *({"name": each, "in": "path", "required": True, "schema": text} for each in names),
        *(query_parameter(each, each in operation.required_query) for each in operation.query),
        *(header_parameter(each) for each in headers),
    ]


def _answer(answer: Answer, schema_of: Mapping[str, Any], example: Any) -> dict[str, Any]:
    content = {media: _media(shape, schema_of, example) for media, shape in answer.content.items()}
    return {"description": answer.says} | ({"content": content} if content else {})


def _media(shape: Any, schema_of: Mapping[str, Any], example: Any) -> dict[str, Any]:
    if isinstance(shape, Schema):
        return {"schema": dict(shape.schema)} | ({"example": example} if isinstance(example, str) else {})
    return {"schema": schema_of[repr(shape)]} | ({"example": example} if example is not None else {})
