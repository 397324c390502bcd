"""Whether a package URL is written as its specification says (https://github.com/package-url/purl-spec)."""

import re

_PART = r"[^/@?#\s]+"
# Nearly all have a version and nothing behind it, and are of ASCII; this tells it of them in half of the time.
_USUAL = re.compile(r"pkg:[a-z]++(?:/[\w.~%-]++)++@[\w.~%+-]++", re.ASCII)
_WELL_FORMED = re.compile(
    r"pkg:/*+[A-Za-z][A-Za-z0-9.+-]*+"
    rf"(?:/{_PART})+"
    r"(?:@[^?#\s]+)?"
    r"(?:\?[A-Za-z0-9._-]+=[^&#\s]*(?:&[A-Za-z0-9._-]+=[^&#\s]*)*)?"
    r"(?:#[^\s]+)?",
    re.IGNORECASE,
)


def is_well_formed(purl: str) -> bool:
    """Whether scheme, type and name are there and each part is encoded; says nothing of rules of one type."""
    return _USUAL.fullmatch(purl) is not None or _WELL_FORMED.fullmatch(purl) is not None
