"""`/api/v1/keys`: API keys, for administrators."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta, Struct
from starlette.responses import Response

from gateway.application.manage_keys import ManageKeys, WantedKey
from gateway.application.ports import StoredKey
from gateway.entrypoints.door import Visit
from gateway.entrypoints.parameters import decoded_body, whole_number
from gateway.entrypoints.shown import json_response, shown_key
from shared.web.pagination import page, page_limit, read_token


class _NewKey(Struct, forbid_unknown_fields=True):
    name: str
    roles: list[str]
    projects: list[str] | None = None
    expires_at: Annotated[datetime, Meta(tz=True)] | None = None


class _Rotation(Struct, forbid_unknown_fields=True):
    overlap_seconds: int = 86_400


@dataclass(frozen=True, slots=True)
class KeyRoutes:
    """Makes, shows, rotates and revokes keys; a secret is shown once."""

    manage: ManageKeys

    async def create(self, visit: Visit) -> Response:
        body = decoded_body(await visit.request.body(), _NewKey)
        wanted = WantedKey(body.name, body.roles, body.projects, body.expires_at)
        key, secret = await self.manage.create(visit.caller, wanted)
        visit.noted.after = shown_key(key)
        return _with_secret(key, secret)

    async def all(self, visit: Visit) -> Response:
        query = visit.request.query_params
        limit = page_limit(whole_number("limit", query.get("limit")))
        after = read_token(query.get("page_token"), str) or ""
        rows = [key for key in await self.manage.all(visit.caller) if key.id > after][: limit + 1]
        return json_response(page(rows, limit, key=lambda key: key.id, show=shown_key))

    async def one(self, visit: Visit) -> Response:
        return json_response(shown_key(await self.manage.one(visit.caller, visit.path["key_id"])))

    async def rotate(self, visit: Visit) -> Response:
        wanted = decoded_body(await visit.request.body() or b"{}", _Rotation)
        overlap = timedelta(seconds=min(max(wanted.overlap_seconds, -1), 1 << 31))
        before, after, secret = await self.manage.rotate(visit.caller, visit.path["key_id"], overlap)
        _note(visit, before, after)
        return _with_secret(after, secret)

    async def revoke(self, visit: Visit) -> Response:
        before, after = await self.manage.revoke(visit.caller, visit.path["key_id"])
        _note(visit, before, after)
        return Response(status_code=204)


def _note(visit: Visit, before: StoredKey, after: StoredKey) -> None:
    visit.noted.before, visit.noted.after = shown_key(before), shown_key(after)


def _with_secret(key: StoredKey, secret: str) -> Response:
    headers = {"Location": f"/api/v1/keys/{key.id}", "Cache-Control": "no-store"}
    return json_response(shown_key(key) | {"key": secret}, 201, headers)
