"""What does not have the shape that is wanted, with the place of the fault."""

import re
from typing import Final

import msgspec

from shared.errors import ErrorAt, InvalidInput

_AT: Final = re.compile(r"^(?P<what>.*) - at `\$(?P<path>.*)`$", re.DOTALL)
_STEP: Final = re.compile(r"\[(\d+|\.{3})\]|\.([^.\[]+)")  # `...` stands for any key
_NAMED: Final = re.compile(r"^Object (?:missing required|contains unknown) field `(.*)`$", re.DOTALL)


def misfit(what: str, error: msgspec.ValidationError) -> InvalidInput:
    """The refusal of a value that is not of a shape, by its JSON pointer; `what` names the whole value."""
    pointer, message = _place_of(str(error))
    return InvalidInput(f"{pointer or what}: {message}", errors=(ErrorAt(pointer, message),))


def _place_of(written: str) -> tuple[str, str]:
    """The pointer and the message of an error such as ``Expected `str`, got `int` - at `$.components[0].purl` ``."""
    at = _AT.match(written)
    message = at["what"] if at else written
    pointer = "".join(f"/{index or name}" for index, name in _STEP.findall(at["path"])) if at else ""
    named = _NAMED.match(message)
    return (f"{pointer}/{named[1]}" if named else pointer), message
