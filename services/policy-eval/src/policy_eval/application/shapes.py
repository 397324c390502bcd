"""What does not have the shape that is wanted, with the place of the fault."""

import re

import msgspec

from shared.errors import ErrorAt, InvalidInput

_AT = re.compile(r" - at `\$(.*)`$")
_MISSING = re.compile(r"^Object (?:missing required|contains unknown) field `(.*)`$")


def misfit(what: str, error: msgspec.ValidationError) -> InvalidInput:
    """The refusal of a value that is not of a shape, by its JSON pointer; `what` names the whole value."""
    pointer, message = _place_of(str(error))
    return InvalidInput(f"{pointer or what}: {message}", errors=(ErrorAt(pointer, message),))


def _place_of(written: str) -> tuple[str, str]:
    """The JSON pointer and the message of an error such as `Expected `str`, got `int` - at `$.components[0].purl``."""
    at = _AT.search(written)
    message = written[: at.start()] if at else written
    pointer = re.sub(r"\[(\d+|\.\.\.)\]", r"/\1", at[1]).replace(".", "/") if at else ""
    named = _MISSING.match(message)
    return (f"{pointer}/{named[1]}" if named else pointer), message
