"""The OpenAPI document as the judge of answers: of each the status, the media type and the shape of its JSON.

Stricter than the document itself: a field that it does not name is a fault too, so that it stays whole.
"""

import json
import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs

from gateway.entrypoints.openapi import describe

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_RECORDS = os.environ.get("LICET_RECORD_EXAMPLES")
_LONGEST_EXAMPLE = 4000
_LEAST_EXAMPLE = 200


def check_described(response: httpx.Response) -> None:
    """Raise AssertionError for an answer that the document does not describe; a hook of httpx."""
    request = response.request
    path = _path_of(request.method, request.url.raw_path.decode("ascii").partition("?")[0])
    if path is None:
        return
    called = f"{request.method} {path} {response.status_code}"
    described = _answers(request.method, path).get(str(response.status_code))
    assert described is not None, f"{called} is not described: {response.read()[:500]!r}"
    media = response.headers.get("content-type", "").partition(";")[0]
    if not media or response.status_code in (204, 304):
        return
    assert media in described["content"], f"{called} is not described as {media}"
    if media.endswith("json") and described["content"][media]["schema"]:
        _check_json(called, media, response.read())


def check_shape(schema: Mapping[str, Any], value: Any) -> list[str]:
    """Return what is wrong in a value by a schema of the document."""
    validator = jsonschema_rs.validator_for({"$schema": _DRAFT, "components": _strict_components(), **_strict(schema)})
    return [f"/{'/'.join(map(str, each.instance_path))}: {each.message[:300]}" for each in validator.iter_errors(value)]


def _check_json(called: str, media: str, content: bytes) -> None:
    value = json.loads(content)
    faults = [
        f"/{'/'.join(map(str, each.instance_path))}: {each.message[:300]}"
        for each in _validator(called, media).iter_errors(value)
    ]
    assert not faults, f"{called} is not as described: {faults[:3]}"
    if _RECORDS and "problem" not in media:
        _record(called, value, len(content))


@cache
def _validator(called: str, media: str) -> Any:
    method, path, status = called.split(" ")
    schema = _answers(method, path)[status]["content"][media]["schema"]
    return jsonschema_rs.validator_for({"$schema": _DRAFT, "components": _strict_components(), **_strict(schema)})


@cache
def _document() -> dict[str, Any]:
    return describe()


@cache
def _strict_components() -> Any:
    schemas = _document()["components"]["schemas"]
    return {
        "schemas": {name: _strict(schema) for name, schema in schemas.items() if name != "Problem"}
        | {"Problem": schemas["Problem"]}
    }


def _strict(node: Any) -> Any:
    if isinstance(node, list):
        return [_strict(each) for each in node]
    if not isinstance(node, Mapping):
        return node
    copied = {name: _strict(each) for name, each in node.items()}
    if node.get("type") == "object" and "properties" in node:
        copied.setdefault("additionalProperties", False)
    return copied


def _answers(method: str, path: str) -> dict[str, Any]:
    responses = _document()["paths"][path][method.lower()]["responses"]
    shared = _document()["components"]["responses"]
    return {
        status: shared[each["$ref"].rpartition("/")[2]] if "$ref" in each else {"content": {}, **each}
        for status, each in responses.items()
    }


@cache
def _patterns() -> list[tuple[str, str, re.Pattern[str]]]:
    """Method, path and pattern, those with the fewest names first."""
    found = [
        (method.upper(), path, re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))))
        for path, methods in _document()["paths"].items()
        for method in methods
    ]
    return sorted(found, key=lambda each: each[1].count("{"))


def _path_of(method: str, raw: str) -> str | None:
    return next((path for verb, path, pattern in _patterns() if verb == method and pattern.fullmatch(raw)), None)


def _record(called: str, value: Any, size: int) -> None:
    """Keep the answer as an example if it is the first of a size that reads well."""
    if size > _LONGEST_EXAMPLE or (isinstance(value, dict) and value.get("items") == []):
        return
    file = Path(str(_RECORDS))
    known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    if called not in known or len(json.dumps(known[called])) < _LEAST_EXAMPLE < size:
        known[called] = value
        file.write_text(json.dumps(known, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
