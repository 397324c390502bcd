"""The HTTP interface over signatures of notices."""

from fastapi import APIRouter, Request, Response

from obligations.application.print_notice import BY_COMPONENT, PrintNotice
from obligations.application.sign_notice import SignNotice
from obligations.entrypoints.file_headers import NOTICE_MEDIA, file_name

_SIGNATURE = "/api/v1/releases/{release_id}/notice/signature"


def signature_routes(printed: PrintNotice, sign: SignNotice) -> APIRouter:
    """Return the routes over the signature of a NOTICE, and the key that verifies it."""
    router = APIRouter()

    @router.get(_SIGNATURE)
    async def get_signature(request: Request, release_id: str) -> Response:
        query = request.query_params
        form = query.get("format", "text"), query.get("group", BY_COMPONENT)
        record = await printed.record(release_id, query.get("evaluation"), form)
        signature = await sign.signature(record, form)
        headers = file_name(f"NOTICE-{record.project}-{record.version}.{NOTICE_MEDIA[form[0]][1]}.sig")
        headers["X-Notice-Key"] = signature.key_sha256
        return Response(signature.value, headers=headers, media_type="application/octet-stream")

    @router.get("/api/v1/notice-key")
    async def get_key(sha256: str | None = None) -> Response:
        return Response(await sign.public_key(sha256), media_type="application/x-pem-file")

    return router
