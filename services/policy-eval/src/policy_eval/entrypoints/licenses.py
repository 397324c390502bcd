"""The HTTP interface over licence strings."""

import json
from typing import Any, Final

import msgspec
from fastapi import APIRouter, Request, Response

from policy_eval.application.normalise_licenses import NormaliseLicenses
from shared.errors import InvalidInput
from shared.web.bodies import MIB, received

_LONGEST: Final = 16 * MIB
"""Bytes: sixteen licence texts of the greatest length that is read, or 1,000 of the usual."""


class _Values(msgspec.Struct):
    values: list[str]


def license_routes(normalise: NormaliseLicenses) -> APIRouter:
    """Return the routes that need no release."""
    router = APIRouter(prefix="/api/v1/licenses")

    @router.post("/normalize")
    async def post_normalize(request: Request) -> Response:
        items = await normalise(_read(await received(request, _LONGEST)).values)
        # Escaped, so that half of a surrogate pair, which JSON can write and UTF-8 cannot, goes back as it came.
        return Response(json.dumps({"items": items}), media_type="application/json")

    return router


def _read(body: bytes) -> _Values:
    try:
        document: Any = json.loads(body)
        return msgspec.convert(document, _Values)
    except (ValueError, RecursionError, msgspec.MsgspecError) as error:
        raise InvalidInput(f'The body must be {{"values": [strings]}}, and is not: {error}') from error
