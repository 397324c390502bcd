"""Finds the licence whose text a text is nearest to, and tells whether what differs may change the terms."""

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import product
from typing import Final

from shared.licensing.catalogue import load_catalogue
from shared.licensing.license_text import words_of
from shared.licensing.text_alignment import Difference, differences

GRAM: Final = 5
"""Words of a mark, by which texts are found; `tools/make_license_data.py` chooses the marks."""
_MOST_CANDIDATES = 6
_LEAST_SHARE = 0.3
_LONGEST_PREFACE = 60
_LONGEST_HOLDER = 14

# A difference with one of these may change the terms.
_TERMS = re.compile(
    r"non|nons?commercial|not?|never|nor|only|except\w*|exclud\w*|without|unless|until|provided|subject|must|shall|should|may"
    r"|can|cannot|require\w*|prohibit\w*|forbid\w*|forbidden|restrict\w*|limit\w*|permi\w+|grant\w*|commercial\w*|fees?"
    r"|royalt\w*|pay\w*|charge\w*|evaluation|academic|educational|research|personal|internal|military|evil|good|harm\w*"
    r"|modif\w*|chang\w*|addition\w*|following|condition\w*|terms?|agree\w*|patents?|trademarks?|warrant\w*|liab\w*"
    r"|terminat\w*|sell|sale|sold|purposes?|use[sd]?|using|distribut\w*|redistribut\w*|cop(?:y|ies|ied)|sublicens\w*"
)
# What a preface may say of the licence that follows.
_PREFACE = re.compile(
    r"\b(?:(?:this|the) )?(?:software|project|program|library|package|code|work|file|module|it|[\w-]+)?"
    r"(?: (?:is|are))?(?: free software)?(?: (?:licensed|released|distributed|available|provided|made available|published))+"
    r" under(?: the)?(?: terms(?: and conditions)? of)?(?: the)?(?: following)?(?: [\w-]+){0,4} licenses?(?: for use)?"
    r"(?: as follows)?"
    r"|\bunder the following license\b"
)
_HOLDER_WORDS = frozenset(
    """
    the a of and or by its his author authors copyright holder holders owner owners contributor
    contributors name names regents university california isc x consortium organization company
    foundation inc llc ltd corp corporation project internet systems software holder s as is
    """.split()  # noqa: SIM905 - a list would be a page long
)
# The names of one file, which say nothing of the terms; SPDX's template of FSFULLRWD has "Makefile.in" or "file".
_FILE_WORDS = frozenset(("file", "makefile", "in", "configure", "script", "m4"))
# Clause 3 of the BSD licences in the other words that SPDX's template of BSD-3-Clause takes for the same.
_NAME_OF_ONE = re.compile(
    r"\bthe names? of (?:(?!(?:not|only|except|without|unless|may|nor|neither|provided|in)\b)\w+ ){1,12}may not be used"
    r" to endorse or promote products derived from this software without specific prior written permission\b"
)
_NAME_OF_HOLDER = (
    "neither the name of the copyright holder nor the names of its contributors may be used"
    " to endorse or promote products derived from this software without specific prior written permission"
)
_MARKS_OF_LISTS = re.compile(r"(?:\d{1,2}|(?:19|20)\d\d|[a-h]|[ivx]{1,4}|o)")
_ADDRESS_WORDS = frozenset(
    """
    51 59 675 31 franklin street st fifth floor temple place suite 330 500 boston ma mass massachusetts
    cambridge ave 02110 02111 02139 1301 1307 3307 1335 usa inc http fsf org www gnu licenses see if
    write to the free software foundation copyleft philosophy
    """.split()  # noqa: SIM905 - a list would be a page long
)
_TITLE_WORDS = frozenset(
    """
    the a license licenses licensed text full file version copyright c all rights reserved expat x11
    opensource org http www licenses see details authors author contributors contributor
    for mit bsd isc apache new modified simplified clause 2
    3 end of licenseinfo
    """.split()  # noqa: SIM905 - a list would be a page long
)
_WORD = re.compile(r"[a-z0-9]+")
_CHANGING_WORDS = frozenset(
    {"no", "not", "non", "only", "noncommercial", "without", "with", "attribution", "exception", "patent"}
)
_ENDS_OF_TERMS = (
    ("end", "of", "terms", "and", "conditions"),
    ("gnu", "general", "public", "license", "version", "3", "29", "june", "2007"),
)
_SHORTEST_TERMS = 300


@dataclass(frozen=True, slots=True)
class Nearest:
    """The licences with the text that is nearest; `changes` are the differences that may change the terms."""

    ids: tuple[str, ...]
    changes: tuple[Difference, ...]
    share: float
    """How much of the licence's words the text has, 0 to 1."""
    is_reworded: bool = False
    """Whether a clause stood in other words that say the same."""
    distance: int = 0
    """Words that differ, also where it changes nothing: the number of a version in a title tells two licences apart."""


def near_texts(text: str) -> list[Nearest]:
    """The texts of the SPDX list that are near, the nearest first; none for a text that is near to none."""
    found = words_of(text)
    read = [_compared(ids, found) for ids in _candidates(found)]
    return sorted((each for each in read if each.share >= _LEAST_SHARE), key=lambda each: (_weight(each), each.ids))


def marks_of(words: Sequence[str]) -> list[int]:
    """The numbers of all runs of `GRAM` words, in order."""
    encoded = [word.encode() for word in words]
    return [zlib.crc32(b" ".join(encoded[at : at + GRAM])) for at in range(max(0, len(encoded) - GRAM + 1))]


def changes_terms(words: Iterable[str]) -> bool:
    """Whether one of the words may change the terms of a licence."""
    return any(map(_TERMS.fullmatch, words))


def _weight(each: Nearest) -> tuple[int, bool, float, int]:
    return _words_in(each.changes), each.is_reworded, -each.share, each.distance


def _words_in(found: Iterable[Difference]) -> int:
    return sum(len(each.wanted) + len(each.found) for each in found)


def _candidates(words: Sequence[str]) -> list[tuple[str, ...]]:
    marks = load_catalogue().text_marks
    hits = Counter(ids for mark in set(marks_of(words)) for ids in marks.get(mark, ()))
    # Of equal numbers the longer id first: a variant has the marks of what it varies, and its own.
    return [ids for ids, _ in sorted(hits.items(), key=lambda item: (-item[1], item[0]))[:_MOST_CANDIDATES]]


def _compared(ids: tuple[str, ...], found: Sequence[str]) -> Nearest:
    wanted = _words(ids[0])
    said = _in_words_of(wanted, found)
    different = differences(wanted, said)
    judge = _Judge(_terms_end(wanted), _TITLE_WORDS | _name_words(ids[0]))
    changes = tuple(each for each in different if not judge.is_harmless(each))
    missing = sum(len(change.wanted) for change in changes)
    return Nearest(ids, changes, 1 - missing / max(1, len(wanted)), said is not found, _words_in(different))


def _in_words_of(wanted: Sequence[str], found: Sequence[str]) -> Sequence[str]:
    """The words of a text, with the clause about names in the words of a licence that has it in others."""
    if _NAME_OF_HOLDER not in " ".join(wanted):
        return found
    text, count = _NAME_OF_ONE.subn(_NAME_OF_HOLDER, " ".join(found))
    return text.split() if count == 1 else found


def _terms_end(wanted: Sequence[str]) -> int | None:
    """Where the terms end in the words of a licence and an appendix begins, or a licence that it incorporates; None
    where there is neither."""
    for end, words in product(range(len(wanted)), _ENDS_OF_TERMS):
        if end > _SHORTEST_TERMS and tuple(wanted[end : end + len(words)]) == words:
            return end
    return None


@lru_cache(maxsize=64)
def _words(license_id: str) -> tuple[str, ...]:
    return tuple(words_of(load_catalogue().text(license_id) or ""))


@lru_cache(maxsize=64)
def _name_words(license_id: str) -> frozenset[str]:
    """The words of the licence's name and id, which may stand in any title."""
    known = load_catalogue().license(license_id)
    return frozenset(_WORD.findall(f"{license_id} {known.name if known else ''}".lower())) - _CHANGING_WORDS


@dataclass(frozen=True, slots=True)
class _Judge:
    """Tells whether a difference from the words of one licence is in layout, spelling, address, holder or preface only."""

    terms_end: int | None
    title: frozenset[str]

    def is_harmless(self, each: Difference) -> bool:
        both = each.wanted + each.found
        if "".join(each.wanted) == "".join(each.found) or _is_spelling(each):
            return True
        if all(map(_MARKS_OF_LISTS.fullmatch, both)) or _ADDRESS_WORDS.issuperset(both):
            return True
        if _is_file_name(each) or self._is_in_appendix(each):
            return True
        if not each.wanted:
            return self._is_harmless_addition(each)
        return _is_holder(each) or (each.at_start and self._is_title(each.wanted) and _is_preface(each.found))

    def _is_in_appendix(self, each: Difference) -> bool:
        """Whether a difference stands behind the terms, where the licence has more words, and is no rider."""
        if self.terms_end is None or each.wanted_start < self.terms_end:
            return False
        if each.at_end and each.found:
            return self._is_title(each.found) or self._is_copyright(each.found)
        return len(each.found) <= _LONGEST_HOLDER and not any(map(_TERMS.fullmatch, each.found))

    def _is_harmless_addition(self, each: Difference) -> bool:
        if self._is_title(each.found) or self._is_copyright(each.found):
            return True
        return each.at_start and _is_preface(each.found)

    def _is_title(self, words: Iterable[str]) -> bool:
        return self.title.issuperset(words)

    def _is_copyright(self, words: Sequence[str]) -> bool:
        """Whether the words are statements of copyright: "copyright", a year or a sign, names, and nothing of terms."""
        start = [word for word in words if word not in self.title or word == "copyright"][:1]
        return start == ["copyright"] and _is_preface(words)


def _is_file_name(each: Difference) -> bool:
    return bool(each.wanted and each.found) and _FILE_WORDS.issuperset(each.wanted + each.found)


def _is_spelling(each: Difference) -> bool:
    pairs = list(zip(each.wanted, each.found, strict=False))
    return len(each.wanted) == len(each.found) <= 2 and all(one == other or _alike(one, other) for one, other in pairs)


def _alike(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= 6 and one[0] == other[0] and SequenceMatcher(None, one, other).ratio() >= 0.85


def _is_preface(words: Sequence[str]) -> bool:
    if len(words) > _LONGEST_PREFACE:
        return False
    rest = _PREFACE.sub(" ", " ".join(words)).split()
    return not any(_TERMS.fullmatch(word) for word in rest)


def _is_holder(each: Difference) -> bool:
    """Whether a name stands where the licence has another one."""
    named = _HOLDER_WORDS.issuperset(each.wanted) and len(each.found) <= _LONGEST_HOLDER
    return named and not any(_TERMS.fullmatch(word) for word in each.found)
