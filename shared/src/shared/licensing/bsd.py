"""Reads the many names of the BSD licences: a number of clauses, or the word that stands for it."""

import re

from shared.licensing.alias_file import Alias

_WORD = re.compile(r"[a-z]+|\d+")
_SILENT = frozenset(
    ["the", "license", "licence", "licenses", "licences", "clause", "clauses", "or", "and", "bsd", "berkeley"]
)
_MEANT = {
    "BSD-2-Clause": frozenset(["2", "two", "simplified"]),
    "BSD-3-Clause": frozenset(["3", "three", "new", "revised", "modified"]),
    "BSD-4-Clause": frozenset(["4", "four", "original", "old", "advertising", "with"]),
    "0BSD": frozenset(["0", "zero"]),
    "BSD-1-Clause": frozenset(["1", "one"]),
}
_LIKE = frozenset(["like", "style", "type", "styled", "derived", "variant", "similar"])
_ANY = ("BSD-2-Clause", "BSD-3-Clause", "BSD-4-Clause")
_SOURCE = "spdx"
# "BSD-3-clause-Regents": in Debian's copyright format 1.0, a name of its own for a text that differs from the usual one.
_OWN_NAME = re.compile(r"bsd-(?P<number>[1-4])-clause-(?!clear|attribution|patent|no-)[\w-]{1,60}", re.IGNORECASE)

# The rest of an expression, and two numbers in a row, which are no number of clauses said twice.
_UNFINISHED = re.compile(r"\b(?:and|or)\W*$|\d[_\s]\d", re.IGNORECASE)


def bsd_name(value: str) -> Alias | None:
    """What a name of the BSD family means: one licence only where all its words agree, and never one that is only
    said to be alike. None where a word is left over."""
    words = set(_WORD.findall(value.lower().replace("_", " ")))
    if ("bsd" not in words and not value.lower().startswith("berkeley")) or _UNFINISHED.search(value):
        return None
    if words == {"bsd", "with", "advertising"}:
        return Alias(None, ("BSD-4-Clause", "BSD-4-Clause-UC"), "fedora")
    if own := _OWN_NAME.fullmatch(value):
        return Alias(None, (f"BSD-{own['number']}-Clause",), "debian")
    said = words - _SILENT - _LIKE
    meant = [id_ for id_, names in _MEANT.items() if said & names]
    if said - frozenset[str]().union(*(_MEANT[id_] for id_ in meant)) or len(meant) > 1:
        return None
    if words & _LIKE or not meant:
        return Alias(None, tuple(meant) or _ANY, _SOURCE)
    return Alias(meant[0], (), _SOURCE)
