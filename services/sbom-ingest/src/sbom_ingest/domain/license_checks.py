"""What is wrong with a licence id or expression as a document writes it; the words themselves are never changed."""

import re
from typing import Literal

from shared.licensing import ExpressionError, load_catalogue, parse
from shared.remembering import remembered

MAX_OPERANDS = 500
_OPERATOR = re.compile(r"\b(?:AND|OR|WITH)\b", re.IGNORECASE)
_JOINING = frozenset({"AND", "OR"})
_OWN_LICENSE = re.compile(r"LicenseRef-[A-Za-z0-9.-]+")

IdVerdict = Literal["known", "other-case", "truncated", "unknown"]


@remembered(4096)
def judge_license_id(license_id: str) -> IdVerdict:
    """How an id stands to the SPDX list.

    `truncated` is a known id without its last ".0" ("Apache-2"): a mistake, and no id that a newer list could hold.
    `unknown` may be an id of a newer list.
    """
    catalogue = load_catalogue()
    found = catalogue.license(license_id) or catalogue.exception(license_id)
    if found is not None:
        return "known" if found.id == license_id else "other-case"
    return "truncated" if catalogue.license(f"{license_id}.0") else "unknown"


@remembered(4096)
def expression_fault(expression: str) -> str | None:
    """Why an expression cannot be read as SPDX writes them, or None; a long one is only counted, never parsed."""
    if expression in ("NONE", "NOASSERTION"):
        return None
    if len(_OPERATOR.findall(expression)) >= MAX_OPERANDS:
        return f"has more than {MAX_OPERANDS} operands and is not evaluated"
    if _joins_licenses(expression):
        return None
    try:
        parse(expression)
    except ExpressionError as fault:
        return str(fault)
    return None


def _joins_licenses(expression: str) -> bool:
    """Whether the expression is made of licences with AND and OR between, which most are; parsing it takes far longer."""
    words = expression.split(" ")
    return len(words) % 2 == 1 and _JOINING.issuperset(words[1::2]) and all(map(_is_license, words[::2]))


def _is_license(word: str) -> bool:
    return _OWN_LICENSE.fullmatch(word) is not None or _is_listed(word)


@remembered(4096)
def _is_listed(word: str) -> bool:
    try:
        parse(word)
    except ExpressionError:
        return False
    return True
