"""Whether a package URL is written as its specification says (https://github.com/package-url/purl-spec)."""

import re

_PART = r"[^/@?#\s]+"
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
    return _WELL_FORMED.fullmatch(purl) is not None
