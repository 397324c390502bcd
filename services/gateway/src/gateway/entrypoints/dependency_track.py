"""What clients of Dependency-Track call: `PUT|POST /api/v1/bom` and the state of a token.

The token is the id of the document, so that nothing more has to be kept.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import Response
from starlette.types import Message

from gateway.application.access import not_found
from gateway.application.ports import ReleaseFilter, Releases
from gateway.domain.stages import ReleaseProgress
from gateway.entrypoints.bom_body import Bom, BomFields, read_bom
from gateway.entrypoints.door import Visit
from gateway.entrypoints.http import Uploads
from gateway.entrypoints.shown import json_response


@dataclass(frozen=True, slots=True)
class DependencyTrack:
    """Takes documents and tells whether they are still worked on."""

    uploads: Uploads
    releases: Releases

    async def upload(self, visit: Visit) -> Response:
        """Store the document as one of the release that the client names; answer with its token."""
        async with self.uploads.slots.hold(visit.caller.subject):
            bom = await read_bom(visit.request)
            try:
                names = await self._names(visit, bom.fields)
                stored = await self.uploads.store(replace(visit, request=_as_document(visit.request, bom, names)))
            finally:
                bom.document.close()
        return stored if isinstance(stored, Response) else json_response({"token": stored.ingested.document.id})

    async def state(self, visit: Visit) -> Response:
        """Tell whether all stages of the release that the document belongs to have ended."""
        progress = await self.releases.of_document(visit.path["document_id"])
        if progress is None:
            raise not_found("document", visit.path["document_id"])
        if not progress.settled:
            return json_response({"processing": True, "status": "processing"})
        return json_response({"processing": False, "status": "failed" if progress.problems else "done"})

    async def look_up(self, visit: Visit) -> Response:
        """Tell of the release that the query names, as far as a client that waits for its upload asks."""
        query = visit.request.query_params
        name, version = query.get("name", ""), query.get("version", "")
        progress = await self.releases.by_name(name, version)
        if progress is None or not visit.caller.sees(name):
            raise not_found("release", f"{name} {version}")
        return json_response(_as_project(progress))

    async def project(self, visit: Visit) -> Response:
        """Tell of the release with this id."""
        assert visit.release is not None
        return json_response(_as_project(visit.release))

    async def _names(self, visit: Visit, fields: BomFields) -> dict[str, str]:
        if fields.project:
            release = await self.releases.by_id(fields.project)
            if release is None or not visit.caller.sees(release.release.project):
                raise not_found("release", fields.project)
            return {"project": release.release.project, "version": release.release.version}
        if not fields.auto_create:
            await self._must_be_there(visit, fields)
        named = {"project": fields.project_name, "version": fields.project_version}
        return {name: value for name, value in named.items() if value}

    async def _must_be_there(self, visit: Visit, fields: BomFields) -> None:
        wanted = ReleaseFilter(fields.project_name, fields.project_version or None)
        if not fields.project_name or not await self.releases.page(wanted, visit.caller.sees, None, 1):
            name = f"{fields.project_name or ''} {fields.project_version or ''}".strip()
            raise not_found("release (and `autoCreate` is not true)", name)


def _as_project(progress: ReleaseProgress) -> dict[str, Any]:
    # A UUIDv7 begins with its milliseconds.
    imported = max(int(document_id.replace("-", "")[:12], 16) for document_id in progress.parts.values())
    release = progress.release
    named = {"uuid": release.id, "name": release.project, "version": release.version}
    return named | {"active": True, "lastBomImport": imported}


def _as_document(request: Request, bom: Bom, names: dict[str, str]) -> Request:
    """Return a request that sends the document itself."""
    pieces = bom.pieces()
    scope = dict(request.scope, method="POST", query_string=urlencode(names).encode(), headers=[])
    return Request(scope, lambda: _next(pieces))


async def _next(pieces: AsyncIterator[bytes]) -> Message:
    piece = await anext(pieces, b"")
    return {"type": "http.request", "body": piece, "more_body": bool(piece)}
