"""The HTTP interface over notices."""

import base64
import re
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from obligations.application.look_up import LookUp, check_final
from obligations.application.ports import DerivationRecord

_RELEASE = "/api/v1/releases/{release_id}"
_MEDIA = {"text": ("text/plain; charset=utf-8", "txt"), "json": ("application/json", "json")}


def notice_routes(look_up: LookUp) -> APIRouter:
    """Return the routes over the NOTICE of a release."""
    router = APIRouter()

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
