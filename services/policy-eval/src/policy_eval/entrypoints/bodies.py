"""Reads the bodies of requests into values, refusing what is too large, no JSON or not of the shape."""

import re
from typing import Final, TypeVar

import msgspec
from fastapi import Request

from shared.errors import ErrorAt, InvalidInput, OverLimit, UnsupportedEncoding

_MIB: Final = 1024 * 1024
_AT = re.compile(r" - at `\$(.*)`$")
Shape = TypeVar("Shape")


async def decoded(request: Request, shape: type[Shape], most: int = _MIB) -> Shape:
    """Return the JSON body of the request as a value; raises InvalidInput and what `received` does."""
    body = await received(request, most)
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.ValidationError as error:
        pointer, message = _place_of(str(error))
        raise InvalidInput(f"{pointer or 'body'}: {message}", errors=(ErrorAt(pointer, message),)) from error
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


def _place_of(message: str) -> tuple[str, str]:
    """The JSON pointer and the message of an error such as `Expected `str`, got `int` - at `$.components[0].purl``."""
    at = _AT.search(message)
    if at is None:
        return "", message
    return re.sub(r"\[(\d+|\.\.\.)\]", r"/\1", at[1]).replace(".", "/"), message[: at.start()]
