"""What a licence string of an SBOM means, as an SPDX expression, or that it does not say.

The order: an SPDX expression; a reviewed alias, name or address; the text of a licence; a list with `/`; an expression
whose parts are aliases. A string that could mean two licences is never resolved: a wrong answer costs more than a
question.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from shared.licensing.aliases import Alias, alias
from shared.licensing.catalogue import load_catalogue
from shared.licensing.expression import Expression, ExpressionError, License, any_of, parse
from shared.licensing.license_text import fingerprint

LONGEST_EXPRESSION = 8_192
"""Characters; a longer value is only compared with the texts of licences."""
LONGEST_TEXT = 262_144
"""Characters; a longer value is not read at all. The longest text of the SPDX list has about 50,000."""
MOST_OPERANDS = 500

Status = Literal["exact", "alias", "text", "ambiguous", "unknown"]

# (?<!\s) and ++ keep long runs of blanks from being tried from every place.
_OPERATOR = re.compile(r"((?<!\s)\s+(?:and|or|&|\|)\s+|[()])", re.IGNORECASE)
_OPERATOR_WORD = re.compile(r"\b(?:and|or)\b", re.IGNORECASE)
_WRITTEN = {"and": " AND ", "&": " AND ", "or": " OR ", "|": " OR ", "(": "(", ")": ")"}
_LISTED_PAGE = re.compile(r"(?:https?://)?(?:www\.)?(?:spdx|opensource)\.org/licenses?/([\w.+-]+?)(?:\.html|\.json)?/?")
_BUNDLE_LICENSE = re.compile(r"\"?([^\";,]++)\"?\s*;\s*link=\S+")
_LIST_SEPARATOR = re.compile(r"\s*[,;]\s*|\s+")


@dataclass(frozen=True, slots=True)
class Normalised:
    """What `input` means. `expression` is set for the statuses exact, alias and text, else None; `candidates` are
    SPDX expressions to choose from, for the status ambiguous; `why` is a sentence for the reader."""

    input: str
    expression: Expression | None
    status: Status
    candidates: tuple[str, ...]
    why: str


def normalise(value: str) -> Normalised:
    """What a licence string means. Never raises; the cost is bounded by the length of the value. Values that are
    short enough for an expression are remembered.

    exact: an SPDX expression, in any letter case, deprecated ids replaced. alias: a reviewed alias, or an expression
    whose parts all are. text: the wording of one licence of the SPDX list. ambiguous: names a family or several
    licences without saying how they combine. unknown: anything else.
    """
    return _remembered(value) if len(value) <= LONGEST_EXPRESSION else _long(value)


@lru_cache(maxsize=4_096)
def _remembered(value: str) -> Normalised:
    stripped = value.strip()
    if len(_OPERATOR_WORD.findall(stripped)) >= MOST_OPERANDS:
        return _unknown(value, f"more than {MOST_OPERANDS} operands")
    for read in _READINGS:
        if found := read(stripped):
            return replace(found, input=value)
    return _unknown(value, "no SPDX expression, known name, address or text")


def _long(value: str) -> Normalised:
    if len(value) > LONGEST_TEXT:
        return _unknown(value, f"longer than {LONGEST_TEXT} characters")
    return _as_text(value) or _unknown(value, "too long for an expression, and no known licence text")


def _as_expression(value: str) -> Normalised | None:
    try:
        return Normalised(value, parse(value), "exact", (), "an SPDX expression")
    except ExpressionError:
        return None


def _as_alias(value: str) -> Normalised | None:
    found = alias(value)
    return _of_alias(value, found) if found else None


def _as_page(value: str) -> Normalised | None:
    """The page that SPDX or the OSI has of one licence; the OSI's pages of the GNU licences do not say "or later"."""
    page = _LISTED_PAGE.fullmatch(value)
    known = load_catalogue().license(page[1]) if page else None
    if known is None or (known.deprecated and "spdx.org" not in value):
        return None
    return Normalised(value, parse(known.id), "alias", (), f"the page of {known.id} at that address")


def _as_text(value: str) -> Normalised | None:
    if "\n" not in value and len(value) < 200:
        return None
    ids = load_catalogue().licenses_with_text(fingerprint(value))
    shortest = min(ids, key=len, default=None)
    if shortest is None:
        return None
    # MPL-2.0 or OFL-1.1: the other ids add a notice beside the text. GPL-2.0-only is no prefix of GPL-2.0-or-later.
    if all(license_id.startswith(shortest) for license_id in ids):
        return Normalised(value, License(shortest), "text", (), f"the text of {shortest}")
    return Normalised(value, None, "ambiguous", ids, "the text of these licences, which only a notice tells apart")


def _as_bundle_license(value: str) -> Normalised | None:
    """The form of an OSGi manifest: `Apache-2.0;link="https://…"`."""
    found = _BUNDLE_LICENSE.fullmatch(value)
    if found is None:
        return None
    name = found[1].strip()
    meaning = _as_expression(name) or _as_alias(name)
    return replace(meaning, status="alias") if meaning and meaning.expression else meaning


def _as_slash_list(value: str) -> Normalised | None:
    """The old form of Cargo.toml: `MIT/Apache-2.0` offers either. Only with SPDX ids on all sides."""
    licenses = _licenses(value.split("/"), lambda part: _as_expression(part.strip()))
    if not licenses:
        return None
    return Normalised(value, any_of(licenses), "alias", (), "a list with '/', which offers a choice")


def _as_expression_of_aliases(value: str) -> Normalised | None:
    """An expression of names, `Apache 2.0 AND GPLv2+`, with BitBake's `&` and `|` too. Every part must be known."""
    pieces = _OPERATOR.split(value)
    if len(pieces) < 2:
        return None
    meanings = {name: _as_expression(name) or _as_alias(name) for name in map(str.strip, pieces[::2]) if name}
    parts = [meaning for meaning in meanings.values() if meaning]
    if len(parts) < len(meanings):
        return None
    candidates = tuple(dict.fromkeys(candidate for part in parts for candidate in part.candidates))
    if candidates:
        return Normalised(value, None, "ambiguous", candidates, "a part of the expression names no single licence")
    names = {name: f"({meaning.expression})" for name, meaning in meanings.items() if meaning}
    written = "".join(_WRITTEN.get(piece.strip().lower()) or names.get(piece.strip(), "") for piece in pieces)
    found = _as_expression(written)
    return Normalised(value, found.expression, "alias", (), "an expression of known names") if found else None


def _as_plain_list(value: str) -> Normalised | None:
    """Licences in a row with no word between them: all known, but not whether all apply or any."""
    licenses = _licenses(_LIST_SEPARATOR.split(value), lambda part: _as_expression(part) or _as_alias(part))
    if not licenses:
        return None
    both = tuple(str(parse(operator.join(map(str, licenses)))) for operator in (" AND ", " OR "))
    return Normalised(value, None, "ambiguous", tuple(dict.fromkeys(both)), "a list that does not say AND or OR")


def _licenses(parts: Sequence[str], read: Callable[[str], Normalised | None]) -> list[License]:
    """The licences that two or more parts are, none unless every part is one; prose ends at its first word."""
    licenses: list[License] = []
    if not 2 <= len(parts) <= MOST_OPERANDS:
        return licenses
    for part in parts:
        meaning = read(part)
        if meaning is None or not isinstance(meaning.expression, License):
            return []
        licenses.append(meaning.expression)
    return licenses


def _of_alias(value: str, found: Alias) -> Normalised:
    if found.expression is None:
        return Normalised(value, None, "ambiguous", found.candidates, f"names no single licence ({found.source})")
    return Normalised(value, parse(found.expression), "alias", (), f"a known name ({found.source})")


def _unknown(value: str, why: str) -> Normalised:
    return Normalised(value, None, "unknown", (), why)


_READINGS: tuple[Callable[[str], Normalised | None], ...] = (
    _as_expression,
    _as_alias,
    _as_page,
    _as_text,
    _as_bundle_license,
    _as_slash_list,
    _as_expression_of_aliases,
    _as_plain_list,
)
