"""Reads query parameters and bodies."""

from typing import TypeVar

import msgspec
from starlette.datastructures import QueryParams

from shared.errors import ErrorAt, InvalidInput

Body = TypeVar("Body")


def only_known(query: QueryParams, known: tuple[str, ...]) -> None:
    """Raise InvalidInput for a parameter that is not among the known ones."""
    for name in query:
        if name not in known:
            message = f"no such parameter here; there are {', '.join(known)}"
            raise InvalidInput(f"{name}: {message}", errors=(ErrorAt(name, message),))


def whole_number(name: str, value: str | None) -> int | None:
    """Return the parameter's number, None without one; raises InvalidInput."""
    try:
        return None if value is None else int(value)
    except ValueError as error:
        raise InvalidInput(f"{name}: a whole number", errors=(ErrorAt(name, "a whole number"),)) from error


def decoded_body(body: bytes, shape: type[Body]) -> Body:
    """Return the JSON body as that shape; raises InvalidInput with the place."""
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.MsgspecError as error:
        raise InvalidInput(f"The body cannot be read: {error}") from error
