"""The description of the API, as OpenAPI and as a page: a file that `tools/make_openapi.py` writes from the types."""

from importlib.resources import files
from typing import Any

import msgspec
from fastapi import FastAPI
from starlette.responses import HTMLResponse, Response

from gateway.entrypoints.docs_page import docs_page
from gateway.entrypoints.shown import json_response

_ONLY_STYLES = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}


def install_description(app: FastAPI) -> None:
    """Answer `/api/v1/openapi.json` and `/docs`, both without credentials and without outside assets."""
    described = describe()
    page = docs_page(described)

    async def openapi() -> Response:
        return json_response(described)

    async def docs() -> Response:
        return HTMLResponse(page, headers=_ONLY_STYLES)

    app.add_api_route("/api/v1/openapi.json", openapi, include_in_schema=False)
    app.add_api_route("/docs", docs, include_in_schema=False)


def describe() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document."""
    described: dict[str, Any] = msgspec.json.decode(files(__package__).joinpath("openapi.json").read_bytes())
    return described
