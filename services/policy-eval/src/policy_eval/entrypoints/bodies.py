"""Reads the bodies of requests into values, refusing what is too large, no JSON or not of the shape."""

from typing import Final, TypeVar

import msgspec
from fastapi import Request

from policy_eval.application.shapes import misfit
from shared.errors import InvalidInput, OverLimit, UnsupportedEncoding

_MIB: Final = 1024 * 1024
Shape = TypeVar("Shape")


async def decoded(request: Request, shape: type[Shape], most: int = _MIB) -> Shape:
    """Return the JSON body of the request as a value; raises InvalidInput and what `received` does."""
    body = await received(request, most)
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.ValidationError as error:
        raise misfit("body", error) from error
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise InvalidInput(f"The body is no JSON that can be read: {error}") from error


async def received(request: Request, most: int = _MIB) -> bytes:
    """Return the body of the request; raises OverLimit, UnsupportedEncoding."""
    if request.headers.get("content-encoding", "identity").lower() not in ("", "identity"):
        raise UnsupportedEncoding("This body is taken without Content-Encoding only.")
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > most:
            raise OverLimit(f"The body passes the limit sent-bytes of {most:,}.", limit="sent-bytes")
        chunks.append(chunk)
    return b"".join(chunks)
