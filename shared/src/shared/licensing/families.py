"""Reads names that are made of a family, a version and a word on later versions: `GNU GPL v2 or later (GPLv2+)`.

The families, the phrases that name them and their versions are the section `families` of `aliases.yaml`. A name is
read only when every word of it is accounted for.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from typing import Any

from shared.licensing.alias_file import Alias, alias_rows

_MONTH = "january|february|march|april|may|june|july|august|september|october|november|december"
_DATE = re.compile(rf"\b(?:\d{{1,2}} )?(?:{_MONTH}) (?:\d{{1,2}} )?(?:19|20)\d\d\b")
_AT_LEAST = re.compile(r"(?:>=|=>)\s*v?(\d+(?:\.\d+)*)")
_EXACTLY = re.compile(r"==\s*(?=v?\d)")  # as in R's manual: Apache License (== 2.0)
_UNDERSCORED = re.compile(r"(?<=\d)_(?=\d)")  # as in CPAN::Meta::Spec: apache_1_1
_PLUS_KEY = re.compile(r"(?<=\d)-plus\b", re.IGNORECASE)  # as in the keys of ScanCode: gpl-2.0-plus
_TOKEN = re.compile(r"[a-z]+|\d+(?:\.\d+)*[a-c]?(?![a-z])|\+|[^\s\w]")
_SILENT = frozenset(["the", "license", "licence", "licenses", "licences", "version", "versions", "ver", "v"])
_MARKS = frozenset("()[],-_:;\"'.")
_UNPORTED = frozenset(["international", "unported", "generic", "public", "universal"])
_ONLY = "only"

LATER = re.compile(
    r"(?<![\s,(-])[\s,(-]*\b(?:or|and)[\s,(-]+(?:at your (?:option|choice)[\s,)]+)?(?:any |all )?"
    r"(?:later|newer|above|greater|higher|subsequent|upwards?|up|onwards?)\b(?:[\s-]+versions?\b)?"
    r"(?:[\s,(]*at your (?:option|choice)\)?)?",
    re.IGNORECASE,
)
"""What says that later versions will do as well, to be read as `+`."""


@dataclass(frozen=True, slots=True)
class Family:
    """Licences of one name. `versions` are ids by version; `open_versions` those that leave a choice; `gnu` ids
    take `-only` and `-or-later`. `unversioned` are the candidates where no version is said."""

    versions: Mapping[str, str]
    unversioned: tuple[str, ...]
    gnu: bool = False
    open_versions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    later: Mapping[str, str] = field(default_factory=dict)
    source: str = ""


@dataclass(slots=True)
class _Said:
    """What the words of a name come to."""

    families: set[str] = field(default_factory=set)
    versions: list[str] = field(default_factory=list)
    later: int = 0
    only: bool = False


def family_name(value: str) -> Alias | None:
    """What a name of one family means; None where a word is left over or the words disagree."""
    said = _said(_words(value))
    if said is None or len(said.families) != 1 or (said.only and said.later):
        return None
    family = _families()[said.families.pop()]
    versions = {_short(version) for version in said.versions}
    if len(versions) > 1:
        return None
    if not versions:
        return _unversioned(family, said)
    return _versioned(family, said, versions.pop())


def _words(value: str) -> list[str]:
    value = _UNDERSCORED.sub(".", _PLUS_KEY.sub("+", value))
    lowered = _DATE.sub(" ", LATER.sub(" + ", " ".join(value.lower().replace(",", " , ").split())))
    return _TOKEN.findall(_AT_LEAST.sub(r" \1 + ", _EXACTLY.sub(" ", lowered)).replace("_", " "))


def _said(words: Sequence[str]) -> _Said | None:
    said, at = _Said(), 0
    while at < len(words):
        if found := _phrase_at(words, at):
            said.families.add(found[0])
            at += found[1]
        elif words[at][0].isdigit() and words[at - 1][0].isdigit():
            return None  # "1 1" is no version said twice
        elif _took(said, words[at]) or _is_silent(said, words[at]):
            at += 1
        else:
            return None
    return said


def _took(said: _Said, word: str) -> bool:
    if word[0].isdigit():
        said.versions.append(word)
    elif word == "+":
        said.later += 1
    elif word == _ONLY:
        said.only = True
    else:
        return word in _SILENT or word in _MARKS
    return True


def _is_silent(said: _Said, word: str) -> bool:
    """Words that count for nothing after the name of a Creative Commons licence; ports have other words."""
    return word in _UNPORTED and all(family.startswith(("CC-", "CC0")) for family in said.families)


def _phrase_at(words: Sequence[str], at: int) -> tuple[str, int] | None:
    """The family that the longest phrase from here on names, and how many words that takes; marks may stand between."""
    node, found = _phrases(), None
    for end in range(at, min(len(words), at + 16)):
        if node is not _phrases() and words[end] in "-_":
            continue
        if words[end] not in node:
            break
        node = node[words[end]]
        if "" in node:
            found = node[""], end + 1 - at
    return found


def _short(version: str) -> str:
    return re.sub(r"(?:\.0)+$", "", version)


def _unversioned(family: Family, said: _Said) -> Alias | None:
    if said.later and (id_ := family.later.get("")):
        return Alias(id_, (), family.source)
    if said.later or said.only or not family.unversioned:
        return None
    return Alias(None, family.unversioned, family.source)


def _versioned(family: Family, said: _Said, short: str) -> Alias | None:
    written = said.versions[0]
    ids = family.open_versions.get(written) or tuple(filter(None, [family.versions.get(short)]))
    if not ids:
        return None
    if said.later and short in family.later:
        return Alias(family.later[short], (), family.source)
    endings = _endings(family.gnu, said)
    full = tuple(id_ + ending for id_, ending in product(ids, endings))
    return Alias(full[0], (), family.source) if len(full) == 1 else Alias(None, full, family.source)


def _endings(gnu: bool, said: _Said) -> tuple[str, ...]:
    """What follows the id; two endings where one of two mentions says "or later" and the other does not."""
    plain, later = ("-only", "-or-later") if gnu else ("", "+")
    if not said.later:
        return (plain,)
    return (later,) if said.later >= len(said.versions) else (plain, later)


@lru_cache(maxsize=1)
def _families() -> Mapping[str, Family]:
    return {row["family"]: _family(row) for row in alias_rows("families")}


def _family(row: Mapping[str, Any]) -> Family:
    return Family(
        {_short(version): id_ for version, id_ in row["versions"].items()},
        tuple(row.get("unversioned", ())),
        row.get("gnu", False),
        {version: tuple(ids) for version, ids in row.get("open_versions", {}).items()},
        row.get("later", {}),
        row["source"],
    )


@lru_cache(maxsize=1)
def _phrases() -> Mapping[str, Any]:
    """A tree of words; the family that ends at a node stands under the empty word."""
    tree: dict[str, Any] = {}
    for row in alias_rows("families"):
        for phrase in row["phrases"]:
            node = tree
            for word in _TOKEN.findall(phrase):
                node = node.setdefault(word, {})
            node[""] = row["family"]
    return tree
