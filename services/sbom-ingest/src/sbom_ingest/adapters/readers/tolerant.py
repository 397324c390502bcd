"""Reads one element of a document into a struct, and forgives what does not matter.

A field that does not fit its type costs a warning and the field, or the whole document where the reader's rules say
that it could change the outcome.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Raw, Struct

from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.outcome import Refused, breaks_specification

T = TypeVar("T", bound=Struct)
Path = tuple[str | int, ...]
_SINGLE_REPAIRS = 20
_MAX_REPAIRS = 100
_JSON_WORDS = {
    "str": "a string",
    "str | null": "a string",
    "int": "a number",
    "float": "a number",
    "bool": "true or false",
    "bool | null": "true or false",
    "array": "a list",
    "object": "an object",
    "object | null": "an object",
    "null": "null",
}
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Fault:
    """One field that does not fit: its path inside the element, the message, and the value found there."""

    path: Path
    message: str
    value: Any


MattersRule = Callable[[Fault], bool]


class TolerantDecoder(Generic[T]):
    """Decodes elements into `struct`; `matters` says which faults refuse the document instead of costing a field."""

    def __init__(self, struct: type[T], matters: MattersRule) -> None:
        self._decoder = msgspec.json.Decoder(struct)
        self._matters = matters

    def decode(self, raw: Raw | bytes, draft: Draft, pointer: str) -> T:
        """The element at `pointer`; warns into the draft for each field that is left out, or refuses."""
        try:
            return self._decoder.decode(raw)
        except msgspec.ValidationError:
            return self._repaired(raw, draft, pointer)

    def fitting(self, raw: Raw | bytes) -> T | None:
        """The element; None where it has a fault, so that it is to be decoded with its place."""
        try:
            return self._decoder.decode(raw)
        except msgspec.ValidationError:
            return None

    def decode_again(self, raw: Raw | bytes, draft: Draft, pointer: str) -> T:
        """The element that was decoded before, of which nothing is told twice."""
        told, left_out = len(draft.warnings), draft.warnings_left_out
        element = self.decode(raw, draft, pointer)
        del draft.warnings[told:]
        draft.warnings_left_out = left_out
        return element

    def _repaired(self, raw: Raw | bytes, draft: Draft, pointer: str) -> T:
        element = _object(raw, pointer)
        _leave_out_nulls(element)
        for repair in range(_MAX_REPAIRS):
            try:
                return self._decoder.decode(msgspec.json.encode(element))
            except msgspec.ValidationError as wrong:
                fault = _fault(str(wrong), element, repair < _SINGLE_REPAIRS)
                if not fault.path or self._matters(fault):
                    raise _refused(fault, pointer) from None
                _mend(element, fault)
                if not _is_text_that_is_null(fault):
                    draft.warn("field-ignored", fault.message, pointer + to_pointer(fault.path))
        raise breaks_specification(pointer, f"more than {_MAX_REPAIRS} fields do not fit")


def _object(raw: Raw | bytes, pointer: str) -> dict[str, Any]:
    try:
        element = msgspec.json.decode(raw)
    except ValueError as unreadable:
        raise breaks_specification(pointer, str(unreadable).partition(" - at `$")[0]) from None
    if not isinstance(element, dict):
        raise breaks_specification(pointer, f"must be an object, not {_kind(element)}")
    return element


def to_pointer(path: Path) -> str:
    """The JSON pointer of a path (RFC 6901)."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


def _refused(fault: Fault, pointer: str) -> Refused:
    return breaks_specification(pointer + to_pointer(fault.path), fault.message)


def _fault(message: str, element: dict[str, Any], single: bool) -> Fault:
    """The field that does not fit; the whole member that it is in where there are too many to mend each."""
    what, _, where = message.partition(" - at `$")
    where = where.partition("[...]")[0]  # an entry of a mapping, whose key is not told
    path: Path = tuple(name or int(index) for name, index in _STEP.findall(where.rstrip("`")))
    value: Any = element
    for step in path:
        value = value[step]
    if single or len(path) < 2:
        return Fault(path, _in_words(what), value)
    message = f"more than {_SINGLE_REPAIRS} fields do not fit; one of them: {_in_words(what)}"
    return Fault(path[:1], message, element[str(path[0])])


def _in_words(message: str) -> str:
    if "matching regex" in message:
        return "does not have the form that its field needs"
    for name, words in _JSON_WORDS.items():
        message = message.replace(f"`{name}`", words)
    return message


def _leave_out_nulls(element: dict[str, Any]) -> None:
    """Take out the members that are null, wherever they are below the element's own, which may be needed."""
    pending = list(element.values())
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            for key in [key for key, inner in value.items() if inner is None]:
                del value[key]
            pending += value.values()
        elif isinstance(value, list):
            pending += value


def _is_text_that_is_null(fault: Fault) -> bool:
    """Whether a text is null, which many tools write for one that is missing."""
    return fault.value is None and isinstance(fault.path[-1], str) and fault.message.startswith("Expected a string")


def _mend(element: dict[str, Any], fault: Fault) -> None:
    """Take the field out, or write a number or truth value as the text it is."""
    path = fault.path
    holder: Any = element
    for step in path[:-1]:
        holder = holder[step]
    text_is_meant = fault.message.startswith("Expected a string")
    if text_is_meant and isinstance(fault.value, bool | int | float):
        holder[path[-1]] = msgspec.json.encode(fault.value).decode()
    elif isinstance(holder, list):
        holder[int(path[-1])] = "" if text_is_meant else {}  # what follows in the list keeps its place
    else:
        del holder[path[-1]]


def _kind(value: Any) -> str:
    names = {type(None): "null", list: "a list", str: "a string", bool: "a truth value"}
    return names.get(type(value), "a number")
