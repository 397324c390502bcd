"""Reads the bodies of requests, within a limit, and turns JSON into values."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from typing import Final, TypeVar

import msgspec
from starlette.requests import Request

from shared.errors import ErrorAt, InvalidInput, OverLimit, UnsupportedEncoding
from shared.shapes import misfit

MIB: Final = 1024 * 1024
_Value = TypeVar("_Value")


async def counted(body: AsyncIterator[bytes], most: int) -> AsyncGenerator[bytes, None]:
    """Give the pieces of the body on; raises OverLimit at the first byte above `most`."""
    sent = 0
    async for piece in body:
        sent += len(piece)
        if sent > most:
            raise OverLimit(f"The body passes the limit sent-bytes of {most:,}.", limit="sent-bytes")
        yield piece


async def received(request: Request, most: int = MIB) -> bytes:
    """Return the body of the request, at most `most` bytes; raises OverLimit, UnsupportedEncoding."""
    if request.headers.get("content-encoding", "").strip().lower() not in ("", "identity"):
        raise UnsupportedEncoding("This body is taken without Content-Encoding only.")
    return b"".join([piece async for piece in counted(request.stream(), most)])


async def decoded(request: Request, shape: type[_Value], most: int = MIB) -> _Value:
    """Return the JSON body of the request as a value; raises what `received` and `value_of` do."""
    return value_of(await received(request, most), lambda body: msgspec.json.decode(body, type=shape))


def value_of(body: bytes, decode: Callable[[bytes], _Value]) -> _Value:
    """Return what `decode` makes of the JSON; raises InvalidInput with a JSON pointer to what is wrong in it."""
    try:
        return decode(body)
    except msgspec.ValidationError as error:
        raise misfit("body", error) from error
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        message = f"not JSON that can be read: {error}"
        raise InvalidInput(f"body: {message}", errors=(ErrorAt("", message),)) from error
