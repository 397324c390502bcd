"""Which words in the wild stand for which licence: the reviewed table, and the ids and names of the catalogue."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from shared.licensing.catalogue import LicenseInfo, load_catalogue

LONGEST_NAME = 300
"""Characters; no name of a licence is longer, and no row of the table."""

_CLASSIFIER = re.compile(r"^(?:licen[sc]e\s*::\s*)?(?:osi approved\s*::\s*)?")
_ADDRESS = re.compile(r"^(?:https?://)?(?:www\.)?([\w-]+(?:\.[\w-]+)+(?:/\S*)?)$")
_ADDRESS_END = re.compile(r"(?:/|\.html?|\.txt|\.php)$")
_CITED_ADDRESS = re.compile(r"\(https?://[^()\s]*\)$")
_OR_LATER = re.compile(r"[\s,(-]*\bor[\s-]+(?:any[\s-]+)?(?:later|newer)\b(?:[\s-]+versions?)?\)?")
_VERSION_MARK = re.compile(r"(?:\bversion|\bver|\bv|(?<=[a-z])v)[\s.]*(?=\d)")
# "LGPL 2" is also said of LGPL-2.1, "LGPL 2.0" is not.
_LESSER = re.compile(r"\blgpl|\blesser\b|\blibrary\b")
_POINT_ZERO = re.compile(r"(?<![\d.])(\d+)\.0(?![\d.])")
# "/" stays: "zlib/libpng" is the name of one licence, "zlib, libpng" a list of two. So do the marks of a comparison:
# "GPL (>= 2)" is not "GPL (2)".
_WORD = re.compile(r"[\w.+/<>=!~^*&|%#@?$]+")
_SILENT_WORDS = frozenset({"the", "license", "licence", "licenses", "licences", "version"})


@dataclass(frozen=True, slots=True)
class Alias:
    """What a string means: an SPDX expression, or candidates only where it does not say which.

    `source` names where this reading comes from.
    """

    expression: str | None
    candidates: tuple[str, ...]
    source: str


@lru_cache(maxsize=1)
def _verbatim() -> Mapping[str, Alias]:
    return dict(_rows("verbatim"))


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Alias]:
    """Key → alias. A reviewed row wins over the catalogue, and an ambiguous row over all."""
    listed = {key: Alias(names[0], (), "SPDX licence list") for key, names in _listed().items() if len(names) == 1}
    reviewed = {alias_key(string): alias for string, alias in _rows("aliases")}
    ambiguous = {alias_key(string): alias for string, alias in _rows("ambiguous")}
    return {**listed, **reviewed, **ambiguous}


def alias(value: str) -> Alias | None:
    """What the whole string means, or None if no row and no id or name of the SPDX list says."""
    if len(value) > LONGEST_NAME:
        return None
    return _verbatim().get(value) or _table().get(alias_key(value))


def alias_key(value: str) -> str:
    """The words of a string without what does not count: case, punctuation, "the", "license", "version", ".0"."""
    lowered = _CITED_ADDRESS.sub("", " ".join(value.lower().split())).strip()
    if (address := _ADDRESS.match(lowered)) and ("/" in address[1] or lowered.startswith("http")):
        return _address_key(address[1])
    lowered = _OR_LATER.sub("+", _CLASSIFIER.sub("", lowered))
    lowered = _VERSION_MARK.sub(" ", lowered)
    if not _LESSER.search(lowered):
        lowered = _POINT_ZERO.sub(r"\1", lowered)
    words = (word.strip("._") for word in _WORD.findall(lowered))
    return " ".join(word for word in words if word and word not in _SILENT_WORDS)


def _address_key(address: str) -> str:
    return _ADDRESS_END.sub("", _ADDRESS_END.sub("", address.rstrip("/")))


def _listed() -> Mapping[str, list[str]]:
    """Key → the current ids that have it, from the ids and names of the SPDX list."""
    found: dict[str, list[str]] = {}
    for known in load_catalogue().licenses:
        for key in () if known.deprecated else _listed_keys(known):
            found.setdefault(key, []).append(known.id)
    return found


def _listed_keys(known: LicenseInfo) -> Iterable[str]:
    """A single word counts only where it is both the id and the name: "JasPer" and "Intel" say too little."""
    of_id, of_name = alias_key(known.id), alias_key(known.name)
    return sorted(key for key in {of_id, of_name} if " " in key or of_id == of_name)


def _rows(section: str) -> Iterator[tuple[str, Alias]]:
    for row in _reviewed()[section]:
        read = Alias(row.get("expression"), tuple(row.get("candidates", ())), row["source"])
        yield from _each(row["strings"], read)


def _each(strings: Iterable[str], read: Alias) -> Iterator[tuple[str, Alias]]:
    return ((string, read) for string in strings)


@lru_cache(maxsize=1)
def _reviewed() -> Mapping[str, Any]:
    document = files("shared.licensing").joinpath("catalogue_files", "aliases.yaml").read_text("utf-8")
    reviewed: Mapping[str, Any] = yaml.safe_load(document)
    return reviewed
