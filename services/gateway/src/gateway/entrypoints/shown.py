"""How the gateway's values read in JSON."""

import hashlib
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from gateway.application.ports import StoredKey
from gateway.domain.stages import ReleaseProgress
from gateway.domain.steps import shown_step
from shared.contracts.documents import Document


def json_response(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(msgspec.json.encode(body), status, headers, media_type="application/json")


def conditional(request: Request, body: Any) -> Response:
    """Return a JSON answer with its `ETag`, or 304 for who has it already (RFC 9110, §13.1.2)."""
    response = json_response(body)
    etag = f'"{hashlib.sha256(response.body).hexdigest()[:32]}"'
    known = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if etag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    return response


def shown_release(progress: ReleaseProgress, documents: dict[str, Document]) -> dict[str, Any]:
    """Return a release as `GET /api/v1/releases/{id}` shows it: one current document per part."""
    current = [documents[id_] for _, id_ in sorted(progress.parts.items()) if id_ in documents]
    return shown_state(progress) | {
        "created_at": progress.release.created_at,
        "documents": current,
        "document": current[0] if current else None,
        "stages": progress.stages,
        "problems": progress.problems,
        "gate": progress.current_gate,
        "evaluations": progress.evaluations,
        "first_open_step": progress.first_open_step,
    }


def shown_steps(progress: ReleaseProgress) -> dict[str, Any]:
    """Return the validation steps of a release as `GET …/steps` shows them."""
    return {
        "release": shown_state(progress),
        "first_open_step": progress.first_open_step,
        "steps": [shown_step(number, step) for number, step in enumerate(progress.steps)],
    }


def shown_state(progress: ReleaseProgress) -> dict[str, Any]:
    """Return what identifies a release."""
    release = progress.release
    return {
        "id": release.id,
        "project": release.project,
        "version": release.version,
        "context": release.context,
        "url": f"/api/v1/releases/{release.id}",
    }


def shown_upload(progress: ReleaseProgress, document: Any, replayed: bool) -> dict[str, Any]:
    """Return the answer to an upload."""
    return {
        "release": shown_state(progress),
        "document": document,
        "stages": progress.stages,
        "problems": progress.problems,
        "gate": progress.current_gate,
        "replayed": replayed,
    }


def shown_key(key: StoredKey) -> dict[str, Any]:
    """Return a key without anything that could be used as one."""
    return {
        "id": key.id,
        "name": key.name,
        "prefix": key.prefix,
        "roles": key.roles,
        "projects": key.projects,
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "revoked_at": key.revoked_at,
        "last_used_at": key.last_used_at,
        "previous_until": key.previous_until,
    }
