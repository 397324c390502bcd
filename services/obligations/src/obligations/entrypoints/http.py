"""The HTTP interface of obligations."""

import base64
import re
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from obligations.application.look_up import LookUp, check_final
from obligations.application.ports import DerivationRecord, ObligationFilter
from obligations.entrypoints.bodies import json_response
from shared.web.pagination import page, page_limit, read_token

_RELEASE = "/api/v1/releases/{release_id}"
_MEDIA = {"text": ("text/plain; charset=utf-8", "txt"), "json": ("application/json", "json")}


def routes(look_up: LookUp) -> APIRouter:
    """Return the routes over obligations and notices."""
    router = APIRouter()

    @router.get(f"{_RELEASE}/obligations")
    async def get_obligations(request: Request, release_id: str, limit: int | None = None) -> Response:
        query = request.query_params
        wanted = ObligationFilter(query.get("status"), query.get("kind"), query.get("license"), query.get("purl"))
        most, after = page_limit(limit), read_token(query.get("page_token"), int)
        after = -1 if after is None else after
        rows = await look_up.obligations(release_id, query.get("evaluation"), wanted, after, most + 1)
        return json_response(page(rows, most, key=lambda row: row["position"], show=_without_position))

    @router.get(f"{_RELEASE}/notice")
    async def get_notice(request: Request, release_id: str) -> Response:
        query = request.query_params
        format_ = query.get("format", "text")
        record, sha256 = await look_up.notice(release_id, query.get("evaluation"), format_)
        if query.get("require") == "final":
            check_final(record)
        headers = _headers(record, sha256, format_)
        if sha256 in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(await look_up.content(sha256), headers=headers, media_type=_MEDIA[format_][0])

    return router


def _headers(record: DerivationRecord, sha256: str, format_: str) -> dict[str, str]:
    name = f"NOTICE-{record.project}-{record.version}.{_MEDIA[format_][1]}"
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name)
    return {
        "ETag": f'"{sha256}"',
        "Digest": f"sha-256={base64.b64encode(bytes.fromhex(sha256)).decode()}",
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "X-Notice-Status": record.notice_status,
        "Cache-Control": "private, no-cache",
    }


def _without_position(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "position"}
