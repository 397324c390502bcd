"""Bodies of requests and answers as JSON."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from fastapi import Request, Response

from shared.errors import ErrorAt, InvalidInput, OverLimit

_Body = TypeVar("_Body")
_PLACE = re.compile(r"^(?P<what>.*) - at `\$(?P<path>.*)`$", re.DOTALL)


LONGEST_QUESTION = 1024 * 1024
LONGEST_BUNDLE = 64 * 1024 * 1024


async def body_of(request: Request, type_: type[_Body], longest: int = LONGEST_QUESTION) -> _Body:
    """Return the request's body as a value.

    Raises InvalidInput with a JSON pointer to what is wrong in it, OverLimit for more than `longest` bytes.
    """
    return decoded(await limited(request, longest), lambda content: msgspec.json.decode(content, type=type_))


def decoded(content: bytes, decode: Callable[[bytes], _Body]) -> _Body:
    """Return what `decode` makes of the body; raises InvalidInput with a JSON pointer to what is wrong in it."""
    try:
        return decode(content)
    except msgspec.ValidationError as error:
        found = _PLACE.match(str(error))
        what, path = (found["what"], found["path"]) if found else (str(error), "")
        pointer = re.sub(r"[.\[]", "/", path).replace("]", "")
        raise InvalidInput(f"{pointer or 'body'}: {what}", errors=(ErrorAt(pointer, what),)) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(f"body: not JSON ({error})", errors=(ErrorAt("", f"not JSON: {error}"),)) from error


def json_response(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Return the value as an answer in JSON."""
    return Response(msgspec.json.encode(body), status, headers, "application/json")


async def limited(request: Request, longest: int) -> bytes:
    """Return the request's body; raises OverLimit for more than `longest` bytes."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > longest:
            raise OverLimit(f"The body is longer than {longest:,} bytes.", limit="body")
    return bytes(content)
