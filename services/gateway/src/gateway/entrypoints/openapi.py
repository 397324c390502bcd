"""The description of the API, as OpenAPI and as a page: a file that `tools/make_openapi.py` writes from the types."""

from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
from fastapi import FastAPI
from starlette.responses import HTMLResponse, Response

from gateway.entrypoints.docs_page import docs_page

_ONLY_STYLES = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}


def install_description(app: FastAPI) -> None:
    """Answer `/api/v1/openapi.json` and `/docs`, both without credentials and without outside assets."""

    async def openapi() -> Response:
        return Response(_document(), media_type="application/json")

    async def docs() -> Response:
        return HTMLResponse(_page(), headers=_ONLY_STYLES)

    app.add_api_route("/api/v1/openapi.json", openapi, include_in_schema=False)
    app.add_api_route("/docs", docs, include_in_schema=False)


def describe() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document."""
    described: dict[str, Any] = msgspec.json.decode(_document())
    return described


@cache
def _document() -> bytes:
    return msgspec.json.format(files(__package__).joinpath("openapi.json").read_bytes(), indent=-1)


@cache
def _page() -> str:
    """The page, which takes some tenths of a second to make: once in a process."""
    return docs_page(describe())
