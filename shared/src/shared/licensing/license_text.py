"""When two licence texts say the same: the fingerprint that ignores what a holder fills in."""

import hashlib
import re

# A line or a title with one of these may change the terms, so it counts.
_TERMS = (
    r"(?!.*\b(?:non|not?|only|except\w*|without|modified|custom|additional|commercial"
    r"|prohibit\w*|restrict\w*|permi\w+)\b)"
)
# A line starts with a statement of copyright only if a sign, a year, a blank or "by" follows: "copyright notice" at the
# start of a line is part of a sentence.
_COPYRIGHT_LINE = re.compile(
    rf"^{_TERMS}[ \t*#/;.-]*(?:portions )?(?:copyright[ \t:]*(?:\(c\)|©|\d|<|\[|by\b)|\(c\)[ \t]*\d{{4}}|©).*$",
    re.IGNORECASE | re.MULTILINE,
)
_RIGHTS_LINE = re.compile(r"^[ \t*#/;-]*all rights reserved\.?[ \t]*$", re.IGNORECASE | re.MULTILINE)
_TITLE_LINE = re.compile(rf"\A{_TERMS}(the )?[\w .,/\"()-]{{0,80}}licen[sc]e\b[\w .,/:()-]{{0,30}}\n", re.IGNORECASE)
_LIST_MARK = re.compile(r"^[ \t]*(\d{1,2}[.)]|\(?[a-z\d]\)|[*•·o-])[ \t]+", re.MULTILINE)
_NOT_A_WORD = re.compile(r"[\W_]+")

_SPELLING = {
    "licence": "license",
    "licences": "licenses",
    "licenced": "licensed",
    "https": "http",
    "sublicence": "sublicense",
}

# The places of the BSD family in which a holder's name stands inside a sentence: what comes before and after it.
_NO_NAME = r"\b(?:not|only|except|without|unless)\b"
_HOLDER_SLOTS = tuple(
    (re.compile(rf"\b({before}) (?:(?!{_NO_NAME}).){{1,200}}? ({after})"), r"\1 HOLDER \2")
    for before, after in (
        ("neither the names? of", "nor the names? of"),
        ("this software is provided by", "as is and any express"),
        ("in no event shall", "be liable for any"),
    )
)


def fingerprint(text: str) -> str:
    """A hex digest that is equal for texts that differ only in layout, letter case, title, copyright lines,
    list marks and the holder's name in the sentences of the BSD family.

    Any other word that differs gives another digest: a rider, a missing clause or a joined second licence.
    """
    words = _words(text)
    for slot, common in _HOLDER_SLOTS:
        words = slot.sub(common, words)
    return hashlib.sha256(words.encode()).hexdigest()


def words_of(text: str, *, with_title: bool = False) -> list[str]:
    """The words that count, in lower case: without title (if not asked for), copyright lines, list marks and punctuation,
    and in one spelling where two are in use."""
    return [_SPELLING.get(word, word) for word in _words(text, with_title=with_title).split()]


def _words(text: str, *, with_title: bool = False) -> str:
    text = text.replace("\r\n", "\n").lstrip()
    text = text if with_title else _TITLE_LINE.sub("", text)
    for noise in (_COPYRIGHT_LINE, _RIGHTS_LINE, _LIST_MARK):
        text = noise.sub("", text)
    return _NOT_A_WORD.sub(" ", text).strip().lower()
