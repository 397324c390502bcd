"""Reads strings that name several licences: joined by words or signs, or in a row."""

import re
from collections.abc import Iterable, Sequence
from itertools import chain

from shared.licensing.expression import And, Expression, all_of, any_of
from shared.licensing.families import LATER
from shared.licensing.meaning import Meaning, ambiguous, resolved
from shared.licensing.single_name import as_expression, named

MOST_OPERANDS = 500

# (?<!\s) and bounded names keep long runs from being tried from every place.
_OPERATOR = re.compile(
    r"((?<!\s)\s+(?:and|or|&&?|\|\|?)\s+|(?<=[\w+)])\s*(?:\|\|?|&&)\s*(?=[\w(])|[()])", re.IGNORECASE
)
_OPERATOR_WORD = re.compile(r"\b(?:and|or)\b|[|&/,;]", re.IGNORECASE)
_WRITTEN = {"and": " AND ", "&": " AND ", "&&": " AND ", "or": " OR ", "|": " OR ", "||": " OR ", "(": "(", ")": ")"}
_BRACKETED_LATER = re.compile(r"\(\s*((?:or|and)\s[^()]{1,40})\)", re.IGNORECASE)
_REMARK = re.compile(r"([\w+.-]{1,40})(\s*)\(([^()]{1,100})\)")
_OPEN, _CLOSE = "\ue000", "\ue001"
_NEW_OR_REVISED = re.compile(r"[\"']?\bnew[\"']?\s+or\s+[\"']?revised\b[\"']?", re.IGNORECASE)
_AND_OR = re.compile(r"(?<!\s)\s+and\s*/\s*or\s+", re.IGNORECASE)
_DUAL = re.compile(
    r"(?:dual|double|multi)(?:[- ]?licen[sc]ed?)?(?:\s+(?:under|as|with|consisting of))?(?:\s+the)?\s*[:(]?\s*",
    re.IGNORECASE,
)
_UNDERSCORED = re.compile(r"_(?:and|or)_", re.IGNORECASE)
_CDDL = re.compile(r"\bcommon development and distribution\b", re.IGNORECASE)  # the "and" joins no licences
# Gentoo's Package Manager Specification, any-of groups: `|| ( GPL-2 LGPL-2.1 )`.
_ANY_OF = re.compile(r"\|\|\s*\(\s*([^()|]{1,300}?)\s*\)")
# Fedora's short name of the terms of Perl, of which "Artistic" alone would name no single licence.
_PERL = re.compile(r"\bGPL\+ or Artistic\b(?!\s+(?:v?\d|clarified))", re.IGNORECASE)
_DUAL_END = re.compile(r"(?<!\s)\s+\(?dual[- ]licen[sc]ed?\)?$", re.IGNORECASE)
_EITHER = re.compile(r"^(?:either|both)\s+(?:of\s+)?", re.IGNORECASE)
_BRACKET = re.compile(r"(?<!\s)\s*\([^()]{1,200}\)")
_WORD_BETWEEN = re.compile(r"(?<!\s)\s+(and|or|&|\|)\s+", re.IGNORECASE)
# A comma before a version belongs to a name: "Apache License, Version 2.0".
_COMMA = re.compile(r"(?:(?<!\s)\s+)?,\s*(?!\s|v(?:ersion|er)?\b|v?\d)(?:(?:and|or)\s+)?", re.IGNORECASE)
_SEPARATOR = re.compile(
    r"(?:(?<!\s)\s+)?(?:;|,(?!\s*(?:v(?:ersion|er)?\b|v?\d))|\n|\s\+\s|(?<=[a-z])\+(?=[a-z]))\s*", re.IGNORECASE
)


def combined(value: str) -> Meaning | None:
    """What a string of several licences means; None unless every part of it is known."""
    if len(_OPERATOR_WORD.findall(value)) >= MOST_OPERANDS:
        return None
    if group := _ANY_OF.fullmatch(value):
        return _joined(" | ".join(group[1].split()))
    value = _CDDL.sub("Common Development Distribution", _NEW_OR_REVISED.sub("New", value))
    value = _PERL.sub("Perl_5", _AND_OR.sub(" , ", value))
    value = _DUAL_END.sub("", value)
    if dual := _DUAL.match(value):
        return _dual(value[dual.end() :].rstrip(") "))
    value = _EITHER.sub("", value)
    if _UNDERSCORED.search(value) and " " not in value:
        value = value.replace("_", " ")
    return _slash_list(value) or _joined(value) or _enumeration(value) or _row(value) or _row_with_remarks(value)


def _joined(value: str) -> Meaning | None:
    """An expression of names, `Apache 2.0 AND GPLv2+`, with the signs of BitBake, npm and R too."""
    value = _REMARK.sub(_protected, LATER.sub("+", _BRACKETED_LATER.sub(r" \1", value)))
    pieces = _OPERATOR.split(value)
    if len(pieces) < 2:
        return None
    names = {name: _part(name.replace(_OPEN, "(").replace(_CLOSE, ")")) for name in map(str.strip, pieces[::2]) if name}
    parts = [meaning for meaning in names.values() if meaning]
    if len(parts) < len(names):
        return None
    if any(meaning.candidates for meaning in parts):
        return ambiguous(_options(parts), "a part of the expression names no single licence")
    written = {name: f"({meaning.expression})" for name, meaning in names.items() if meaning}
    text = "".join(_WRITTEN.get(piece.strip().lower()) or written.get(piece.strip(), "") for piece in pieces)
    found = as_expression(text)
    return resolved(found.expression, "an expression of known names") if found and found.expression else None


def _protected(found: re.Match[str]) -> str:
    """A bracket right after a name belongs to the name, unless it holds operators or follows one."""
    if found[1].lower() in ("and", "or", "with") or _WORD_BETWEEN.search(found[3]):
        return found[0]
    return f"{found[1]}{found[2]}{_OPEN}{found[3]}{_CLOSE}"


def _part(name: str) -> Meaning | None:
    return named(name) or _slash_list(name)


def _slash_list(value: str) -> Meaning | None:
    """The old form of Cargo.toml: `MIT/Apache-2.0` offers either."""
    if "/" not in value or "://" in value or "w/" in value:
        return None
    parts = _all_named(value.split("/"))
    if not parts:
        return None
    if any(meaning.candidates for meaning in parts):
        return ambiguous(_options(parts), "a list with '/', a part of which names no single licence")
    if any(isinstance(meaning.expression, And) for meaning in parts):
        return None  # "A/B AND C": what the slash divides is not said
    return resolved(any_of(_expressions(parts)), "a list with '/', which offers a choice")


def _enumeration(value: str) -> Meaning | None:
    """`A, B or C`: the commas mean what the one word between the last two says."""
    value = LATER.sub("+", value)
    found = list(_WORD_BETWEEN.finditer(value))
    words = {each[1].lower() for each in found}
    if len(words) != 1 or not _COMMA.search(value) or _COMMA.search(value, found[-1].end()) or words & {"&", "|"}:
        return None
    return _joined(_COMMA.sub(f" {words.pop()} ", value))


def _dual(value: str) -> Meaning | None:
    """Dual licensing that says "or" or "/" offers a choice; with "and" or a comma it may mean either."""
    if "/" in value or re.search(r"\sor\s", value, re.IGNORECASE):
        return _slash_list(value) or _joined(value)
    return _row(_WORD_BETWEEN.sub(", ", LATER.sub("+", value)))


def _row(value: str) -> Meaning | None:
    """Licences in a row with no word between them: all known, but not whether all apply or any."""
    parts = _all_named(_SEPARATOR.split(value)) or _all_named(value.split())
    if not parts:
        return None
    if any(meaning.candidates for meaning in parts):
        return ambiguous(_options(parts), "a list that does not say AND or OR, and a part names no single licence")
    expressions = list(dict.fromkeys(_expressions(parts)))
    if len(expressions) == 1:
        return resolved(expressions[0], "the same licence, said more than once")
    both = (str(all_of(expressions)), str(any_of(expressions)))
    return ambiguous(both, "a list that does not say AND or OR")


def _row_with_remarks(value: str) -> Meaning | None:
    """`LGPL 2.1+ (the library), GPL 2+ (tests)`: which licence is for which part is for people to read."""
    if "(" not in value or "," not in value:
        return None
    found = _row(_BRACKET.sub("", value))
    return ambiguous(found.options, "a list of licences for parts that it describes in words") if found else None


def _all_named(parts: Sequence[str]) -> list[Meaning]:
    """What two or more parts mean, each a licence; nothing unless every part is one. Prose ends at its first word."""
    found: list[Meaning] = []
    written = [part for part in map(str.strip, parts) if part]
    if not 2 <= len(written) <= MOST_OPERANDS:
        return []
    for part in written:
        meaning = named(part)
        if meaning is None:
            return []
        found.append(meaning)
    return found


def _expressions(parts: Iterable[Meaning]) -> list[Expression]:
    return [meaning.expression for meaning in parts if meaning.expression is not None]


def _options(parts: Iterable[Meaning]) -> Iterable[str]:
    """What the open parts may mean."""
    return chain.from_iterable(meaning.candidates for meaning in parts)
