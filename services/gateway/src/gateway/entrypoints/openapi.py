"""The description of the API, as OpenAPI and as a page, made from the table of endpoints."""

import html
import re
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from starlette.responses import HTMLResponse, Response

from gateway.domain.access import ENDPOINTS, Endpoint
from gateway.entrypoints.audit import AUDIT_PARAMETERS
from gateway.entrypoints.http import RELEASE_PARAMETERS
from gateway.entrypoints.shown import json_response

_PAGES = ("limit", "page_token")
_NOTICE = ("format", "group", "template", "require", "evaluation", "wait")
_QUERY = {
    "/api/v1/sboms": ("project", "version", "part", "context", "policy", "wait"),
    "/api/v1/sboms/{document_id}/warnings": _PAGES,
    "/api/v1/sboms/{document_id}/ignored": _PAGES,
    "/api/v1/sboms/{document_id}/gaps": _PAGES,
    "/api/v1/project/lookup": ("name", "version"),
    "/api/v1/projects": _PAGES,
    "/api/v1/keys": _PAGES,
    "/api/v1/audit": AUDIT_PARAMETERS,
    "/api/v1/dead-letters": ("service", *_PAGES),
    "/api/v1/releases/{release_id}/evaluations": _PAGES,
    "/api/v1/releases": RELEASE_PARAMETERS,
    "/api/v1/releases/{release_id}/gate": ("fail_on", "baseline", "destination", "evaluation", "wait"),
    "/api/v1/releases/{release_id}/export": ("format", "destination", "evaluation", "wait"),
    "/api/v1/projects/{project}/releases/{version}/export": ("format", "destination", "evaluation", "wait"),
    "/api/v1/projects/{project}/releases/{version}/export-page": ("format", "destination", "evaluation", "wait"),
    "/api/v1/export-classifications": ("project", *_PAGES),
    "/api/v1/notifications": ("project", *_PAGES),
    "/api/v1/export-statements": ("project", *_PAGES),
    "/api/v1/export-verifications": _PAGES,
    "/api/v1/export-reports/self-classification": ("year",),
    "/api/v1/policies": _PAGES,
    "/api/v1/policies/{name}": ("version",),
    "/api/v1/policies/{name}/versions": _PAGES,
    "/api/v1/releases/{release_id}/components": ("purl", "evaluation", "wait", "limit", "page_token"),
    "/api/v1/releases/{release_id}/diff": ("base", "evaluation", "base_evaluation", "wait"),
    "/api/v1/releases/{release_id}/findings": ("evaluation", "wait", "limit", "page_token"),
    "/api/v1/releases/{release_id}/obligations": (
        *("status", "kind", "license", "purl", "evaluation", "wait", "limit", "page_token"),
    ),
    "/api/v1/releases/{release_id}/obligations/{obligation_id}/changes": _PAGES,
    "/api/v1/releases/{release_id}/notice": _NOTICE,
    "/api/v1/releases/{release_id}/notice/signature": ("format", "group", "evaluation", "wait"),
    "/api/v1/releases/{release_id}/attributions": ("purl",),
    "/api/v1/notice-templates": ("project",),
    "/api/v1/notice-templates/{kind}": ("project", "version"),
    "/api/v1/releases/{release_id}/notice/checks": ("evaluation", "wait"),
    "/api/v1/releases/{release_id}/sbom": ("format", "evaluation", "wait"),
    "/api/v1/releases/{release_id}/sources": ("format", "evaluation", "wait", "limit", "page_token"),
    "/api/v1/projects/{project}/releases/{version}/notice": _NOTICE,
    "/api/v1/notices": ("format", "group", "require"),
}
_PROBLEM = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
_FIELDS = {name: {"type": "string"} for name in ("type", "title", "detail", "instance", "limit")}
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Licet API</title>
<meta name="viewport" content="width=device-width">
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}}
td{{padding:.2rem .8rem .2rem 0;vertical-align:top}}code{{font-size:.95em}}</style>
<h1>Licet API</h1><p>Send a key as <code>X-Api-Key</code> or <code>Authorization: Bearer</code>.
The same as OpenAPI: <a href="/api/v1/openapi.json">/api/v1/openapi.json</a>.</p><table>{rows}</table></html>"""


def install_description(app: FastAPI) -> None:
    """Answer `/api/v1/openapi.json` and `/docs`, both without credentials and without outside assets."""
    described, page = describe(), _PAGE.format(rows="".join(map(_row, ENDPOINTS)))

    async def openapi() -> Response:
        return json_response(described)

    async def docs() -> Response:
        return HTMLResponse(page, headers={"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"})

    app.add_api_route("/api/v1/openapi.json", openapi, include_in_schema=False)
    app.add_api_route("/docs", docs, include_in_schema=False)


def describe() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of the table of endpoints."""
    paths: dict[str, Any] = {}
    for endpoint in ENDPOINTS:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint)
    problem = {"type": "object", "properties": _FIELDS | {"status": {"type": "integer"}}}
    schemes = {
        "key": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
        "bearer": {"type": "http", "scheme": "bearer"},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Licet", "version": version("licet-gateway"), "license": {"name": "Apache-2.0"}},
        "security": [{"key": []}, {"bearer": []}],
        "paths": paths,
        "components": {"schemas": {"Problem": problem}, "securitySchemes": schemes},
    }


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    names = re.findall(r"{(\w+)}", endpoint.path)
    query = _QUERY.get(endpoint.path, ()) if endpoint.method == "GET" or endpoint.path == "/api/v1/sboms" else ()
    text = {"type": "string"}
    return {
        "summary": endpoint.summary,
        "description": f"Roles: {', '.join(sorted(endpoint.roles))}.",
        "operationId": f"{endpoint.method.lower()}-{'-'.join(re.findall('[a-z_0-9]+', endpoint.path))}",
        "parameters": [{"name": each, "in": "path", "required": True, "schema": text} for each in names]
        + [{"name": each, "in": "query", "schema": text} for each in query],
        "responses": {"200": {"description": "Done."}, "default": {"description": "A problem (RFC 9457)."} | _PROBLEM},
    }


def _row(endpoint: Endpoint) -> str:
    cells = (f"<code>{endpoint.method}</code>", f"<code>{html.escape(endpoint.path)}</code>", endpoint.summary)
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
