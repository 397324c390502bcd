"""The description of the API, as OpenAPI and as a page: a file that `tools/make_openapi.py` writes from the types."""

from collections.abc import Mapping
from functools import cache
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

    async def openapi() -> Response:
        return json_response(describe())

    async def docs() -> Response:
        return HTMLResponse(_page(), headers=_ONLY_STYLES)

    app.add_api_route("/api/v1/openapi.json", openapi, include_in_schema=False)
    app.add_api_route("/docs", docs, include_in_schema=False)


@cache
def describe() -> Mapping[str, Any]:
    """Return the OpenAPI 3.1 document, read when it is first asked for."""
    described: dict[str, Any] = msgspec.json.decode(files(__package__).joinpath("openapi.json").read_bytes())
    return described


@cache
def _page() -> str:
    return docs_page(describe())
