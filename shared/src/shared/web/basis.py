"""What a service tells the gateway of a change, for the audit trail: a header that no caller sees."""

import json
from collections.abc import Mapping
from typing import Any, Final

from msgspec import DecodeError, Struct, ValidationError
from msgspec.json import decode

BASIS_HEADER: Final = b"x-licet-basis"
_MOST: Final = 16 * 1024


class Basis(Struct, frozen=True, omit_defaults=True):
    """`versions` of policies and facts under which the change was made; `before`: what it changed, as far as it is known."""

    versions: dict[str, Any] | None = None
    before: Any = None


NOTHING_TOLD: Final = Basis()


def basis(versions: Mapping[str, Any], before: Any) -> bytes:
    """The value of the header: JSON in ASCII, without what would make it longer than 16 KiB."""
    for said in ({"versions": versions, "before": before}, {"versions": versions}):
        value = json.dumps({name: each for name, each in said.items() if each is not None}, separators=(",", ":"))
        if len(value) <= _MOST:
            return value.encode()
    return b"{}"


def read_basis(value: bytes | None) -> Basis:
    """What the header says; nothing where there is none, or one that cannot be read."""
    try:
        return decode(value or b"{}", type=Basis)
    except (DecodeError, ValidationError):
        return NOTHING_TOLD
