"""Bodies of requests and answers as JSON."""

import re
from typing import Any, TypeVar

import msgspec
from fastapi import Request, Response

from shared.errors import ErrorAt, InvalidInput

_Body = TypeVar("_Body")
_PLACE = re.compile(r"^(?P<what>.*) - at `\$(?P<path>.*)`$", re.DOTALL)


async def body_of(request: Request, type_: type[_Body]) -> _Body:
    """Return the request's body as a value; raises InvalidInput with a JSON pointer to what is wrong in it."""
    try:
        return msgspec.json.decode(await request.body(), type=type_)
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
