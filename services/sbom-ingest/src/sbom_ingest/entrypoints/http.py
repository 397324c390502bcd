"""The HTTP interface of sbom-ingest."""

import base64
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from sbom_ingest.application.ingest_sbom import Ingested, IngestSbom
from sbom_ingest.application.look_up import LookUp
from sbom_ingest.application.read_sbom import ReadSbom
from sbom_ingest.application.submission import Submission
from sbom_ingest.entrypoints.spool import SizeLimits
from sbom_ingest.entrypoints.upload import receive
from shared.contracts.contexts import DEFAULT_CONTEXT, DEFAULT_POLICY
from shared.contracts.documents import Document
from shared.errors import ErrorAt, InvalidInput
from shared.web.app import principal_of
from shared.web.pagination import page, page_limit, read_token
from shared.web.principal import Principal


def upload_routes(ingest: IngestSbom, scratch: Path, limits: SizeLimits) -> APIRouter:
    """Return `POST /api/v1/sboms`; documents are received below `scratch`."""
    routes = APIRouter()

    @routes.post("/api/v1/sboms")
    async def post_sbom(request: Request) -> Response:
        path = scratch / f"upload-{secrets.token_hex(12)}"
        submission_of(dict(request.query_params), principal_of(request)).check()
        try:
            upload = await receive(request, path, limits)
            ingested = await ingest(submission_of(upload.fields, principal_of(request)), upload.spooled)
        finally:
            path.unlink(missing_ok=True)
        return _json(_shown(ingested) | {"wait": upload.fields.get("wait", "0")}, 200 if ingested.replayed else 202)

    return routes


def reading_routes(read: ReadSbom, scratch: Path, limits: SizeLimits) -> APIRouter:
    """Return the route by which services have a document read that nobody stores."""
    routes = APIRouter()

    @routes.post("/internal/v1/inventories")
    async def post_inventory(request: Request) -> Response:
        path = scratch / f"upload-{secrets.token_hex(12)}"
        try:
            upload = await receive(request, path, limits)
            return Response(await read(upload.spooled), media_type="application/json")
        finally:
            path.unlink(missing_ok=True)

    return routes


def document_routes(look_up: LookUp) -> APIRouter:
    """Return the routes over stored documents."""
    routes = APIRouter()

    @routes.get("/api/v1/sboms/{document_id}")
    async def get_document(document_id: str) -> Response:
        stored = await look_up.document(document_id)
        return _json(msgspec.to_builtins(stored.document) | {"release": stored.release_id})

    @routes.get("/api/v1/sboms/{document_id}/raw")
    async def get_raw(request: Request, document_id: str) -> Response:
        document = (await look_up.document(document_id)).document
        headers = _headers_of_raw(document)
        if document.sha256 in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        stored = await look_up.raw(document.sha256)
        headers["Content-Length"] = str(stored.size)
        return StreamingResponse(stored.pieces, media_type="application/octet-stream", headers=headers)

    @routes.get("/internal/v1/inventories/{sha256}")
    async def get_inventory(sha256: str) -> Response:
        return Response(await look_up.inventory(sha256), media_type="application/json")

    return routes


def list_routes(look_up: LookUp) -> APIRouter:
    """Return the routes of the lists over one stored document."""
    routes = APIRouter()

    @routes.get("/api/v1/sboms/{document_id}/warnings")
    async def get_warnings(document_id: str, limit: int | None = None, page_token: str | None = None) -> Response:
        return _json(_page_of(await look_up.warnings(document_id), limit, page_token))

    @routes.get("/api/v1/sboms/{document_id}/ignored")
    async def get_ignored(document_id: str, limit: int | None = None, page_token: str | None = None) -> Response:
        return _json(_page_of(await look_up.ignored(document_id), limit, page_token))

    @routes.get("/api/v1/sboms/{document_id}/gaps")
    async def get_gaps(document_id: str, limit: int | None = None, page_token: str | None = None) -> Response:
        return _json(_page_of(await look_up.gaps(document_id), limit, page_token))

    return routes


def submission_of(fields: dict[str, str], principal: Principal) -> Submission:
    """Return the submission that the fields name; raises InvalidInput for an unknown field."""
    unknown = set(fields) - {"project", "version", "part", "context", "policy", "wait"}
    if unknown:
        name = min(unknown)
        raise InvalidInput(f"{name}: no such parameter", errors=(ErrorAt(name, "no such parameter"),))
    return Submission(
        project=fields.get("project"),
        version=fields.get("version"),
        part=fields.get("part", "main"),
        context=fields.get("context", DEFAULT_CONTEXT),
        policy=fields.get("policy", DEFAULT_POLICY),
        allowed_projects=tuple(principal.projects),
    )


def _headers_of_raw(document: Document) -> dict[str, str]:
    name = f"{document.sha256[:16]}.{document.serialization}"
    return {
        "ETag": f'"{document.sha256}"',
        "Digest": f"sha-256={base64.b64encode(bytes.fromhex(document.sha256)).decode()}",
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-cache",
    }


def _shown(ingested: Ingested) -> dict[str, Any]:
    return {
        "release": msgspec.to_builtins(ingested.release),
        "document": msgspec.to_builtins(ingested.document),
        "replayed": ingested.replayed,
    }


def _page_of(items: Sequence[Any], limit: int | None, token: str | None) -> dict[str, Any]:
    start = read_token(token, int) or 0
    most = page_limit(limit)
    rows = list(enumerate(items[start : start + most + 1], start))
    return page(rows, most, key=lambda row: row[0] + 1, show=lambda row: row[1])


def _json(body: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(body), status, media_type="application/json")
