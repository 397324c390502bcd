"""Which words in the wild stand for which licence: the reviewed table, and the ids and names of the catalogue."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from shared.licensing.addresses import address_of, at_address, with_slug
from shared.licensing.alias_file import Alias, alias_rows
from shared.licensing.bsd import bsd_name
from shared.licensing.catalogue import LicenseInfo, load_catalogue
from shared.licensing.exception_names import name_with_exception
from shared.licensing.families import LATER, family_name
from shared.remembering import remembered

LONGEST_NAME = 300
"""Characters; no name of a licence is longer, and no row of the table."""

# "Original license: BSD" is a label before a name, not the name "Original BSD".
_LABEL = re.compile(r"(?:new|modified|revised|simplified|original|old)\b[^:]{0,20}:", re.IGNORECASE)
# A version of the BSD licence, which has none: "2.0" does not count its clauses.
_BSD_WITH_VERSION = re.compile(
    r"(?:the )?bsd(?:[\s-]*licen[cs]e)?[\s,-]*(?:version|v)?[\s.]*\d\.\d(?: licen[cs]e)?", re.IGNORECASE
)
_CLASSIFIER = re.compile(r"^(?:licen[sc]e\s*::\s*)?(?:osi approved\s*::\s*)?")
_VERSION_MARK = re.compile(r"(?:\bversion|\bver|\bv|(?<=[a-z])v)[\s.]*(?=\d)")
# "LGPL 2" is also said of LGPL-2.1, "LGPL 2.0" is not.
_LESSER = re.compile(r"\blgpl|\blesser\b|\blibrary\b")
_POINT_ZERO = re.compile(r"(?<![\d.])(\d+)\.0(?![\d.])")
# "/" stays: "zlib/libpng" is the name of one licence, "zlib, libpng" a list of two. So do the marks of a comparison:
# "GPL (>= 2)" is not "GPL (2)".
_WORD = re.compile(r"[\w.+/<>=!~^*&|%#@?$]+")
_SILENT_WORDS = frozenset({"the", "license", "licence", "licenses", "licences", "version"})


@lru_cache(maxsize=1)
def _verbatim() -> Mapping[str, Alias]:
    return dict(_rows("verbatim"))


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Alias]:
    """Key → alias. A reviewed row wins over the catalogue, and an ambiguous row over all."""
    listed = {key: Alias(names[0], (), "spdx") for key, names in _listed().items() if len(names) == 1}
    reviewed = {alias_key(string): alias for string, alias in _rows("aliases")}
    ambiguous = {alias_key(string): alias for string, alias in _rows("ambiguous")}
    return {**listed, **reviewed, **ambiguous}


@remembered(4_096)
def alias(value: str) -> Alias | None:
    """What the whole string means, or None if no row, name or address says.

    In this order: a reviewed row, letter by letter; a row by its words; an address; a name of a family of licences;
    a licence with an exception; a name of ScanCode's LicenseDB. The names and ids of the SPDX list stand with the rows.
    """
    if not value or len(value) > LONGEST_NAME or _LABEL.match(value):
        return None
    if _BSD_WITH_VERSION.fullmatch(value):
        return Alias(None, ("BSD-2-Clause", "BSD-3-Clause", "BSD-4-Clause"), "spdx")
    if found := _verbatim().get(value) or _table().get(alias_key(value)):
        return found
    return (
        at_address(value)
        or _name(value)
        or name_with_exception(_without_classifier(value), _name_or_id)
        or _scancode_name(value)
        or with_slug(value)
    )


def _scancode_name(value: str) -> Alias | None:
    """What ScanCode's LicenseDB names so, if that is one licence."""
    ids = load_catalogue().licenses_named(alias_key(value.replace("-", " ")))
    return Alias(ids[0], (), "scancode") if len(ids) == 1 else None


def _name(value: str) -> Alias | None:
    name = _without_classifier(value)
    return family_name(name) or bsd_name(name)


def _name_or_id(value: str) -> Alias | None:
    """A licence before WITH: a name, or an id as it stands."""
    return _table().get(alias_key(value)) or _name(value)


def _without_classifier(value: str) -> str:
    lowered = value.lower()
    return value[_end(_CLASSIFIER, lowered) :]


def _end(pattern: re.Pattern[str], value: str) -> int:
    found = pattern.match(value)
    return found.end() if found else 0


def alias_key(value: str) -> str:
    """The words of a string without what does not count: case, punctuation, "the", "license", "version", ".0"."""
    lowered = " ".join(value.lower().split())
    if address := address_of(lowered):
        return address
    lowered = LATER.sub("+", _CLASSIFIER.sub("", lowered))
    lowered = _VERSION_MARK.sub(" ", lowered)
    if not _LESSER.search(lowered):
        lowered = _POINT_ZERO.sub(r"\1", lowered)
    words = (word.strip("._") for word in _WORD.findall(lowered))
    return " ".join(word for word in words if word and word not in _SILENT_WORDS)


def _listed() -> Mapping[str, list[str]]:
    """Key → the current expressions that have it, from the ids and names of the SPDX list; a deprecated name counts
    where no current one is like it."""
    found: dict[str, list[str]] = {}
    for known in sorted(load_catalogue().licenses, key=lambda known: known.deprecated):
        for key in _listed_keys(known):
            if not known.deprecated:
                found.setdefault(key, []).append(known.id)
            else:
                found.setdefault(key, [known.replaced_by or known.id])
    return found


def _listed_keys(known: LicenseInfo) -> Iterable[str]:
    """A single word counts only where it is both the id and the name: "JasPer" and "Intel" say too little."""
    of_id, of_name = alias_key(known.id), alias_key(known.name)
    return sorted(key for key in {of_id, of_name} if " " in key or of_id == of_name)


def _rows(section: str) -> Iterator[tuple[str, Alias]]:
    for row in alias_rows(section):
        read = Alias(row.get("expression"), tuple(row.get("candidates", ())), row["source"])
        yield from ((string, read) for string in row["strings"])
