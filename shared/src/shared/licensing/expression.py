"""Reads the text of SPDX licence expressions: the grammar of SPDX 2.3 Annex D and SPDX 3.0.1 Annex B."""

import re
from dataclasses import dataclass, field

from shared.licensing.catalogue import Catalogue, load_catalogue
from shared.licensing.expression_values import (
    And,
    Expression,
    ExpressionError,
    License,
    Or,
    With,
    all_of,
    any_of,
    leaves,
)

__all__ = [
    "And",
    "Expression",
    "ExpressionError",
    "License",
    "Or",
    "With",
    "all_of",
    "any_of",
    "leaves",
    "parse",
]

_TOKEN = re.compile(r"[()]|[^\s()]+")
_LICENSE_REF = re.compile(r"(?:documentref-([A-Za-z0-9.-]+):)?licenseref-([A-Za-z0-9.-]+)", re.IGNORECASE)
_ADDITION_REF = re.compile(r"(?:documentref-([A-Za-z0-9.-]+):)?additionref-([A-Za-z0-9.-]+)", re.IGNORECASE)
# SPDX 3.0.1 Annex B allows all-upper and all-lower operators, not a mix.
_AND, _OR, _WITH = ("AND", "and"), ("OR", "or"), ("WITH", "with")
_OPERATORS = (*_AND, *_OR, *_WITH)
_OF_SCANCODE = "licenseref-scancode-"
_NOT_EXPRESSIONS = ("NONE", "NOASSERTION")


def parse(text: str) -> Expression:
    """The expression that the text writes, with ids in the SPDX list's letter case.

    Deprecated ids give what replaces them: `GPL-2.0+` is `GPL-2.0-or-later`, `GPL-2.0-with-classpath-exception` is
    `GPL-2.0-only WITH Classpath-exception-2.0`. Raises ExpressionError for anything else: an unknown id or
    exception, broken syntax, an empty text, and `NONE` and `NOASSERTION`, which are statements and no licences.
    """
    return _Reader(text, load_catalogue()).read()


@dataclass(slots=True)
class _Group:
    """An open parenthesis, or the whole text: operands of OR, each a list of operands of AND."""

    opened_at: int
    alternatives: list[list[Expression]] = field(default_factory=lambda: [[]])

    def value(self) -> Expression:
        return any_of(all_of(operands) for operands in self.alternatives)


class _Reader:
    """Reads from left to right with its own stack of open groups, so that nesting costs no call depth."""

    def __init__(self, text: str, catalogue: Catalogue) -> None:
        self._text = text
        self._catalogue = catalogue
        self._groups = [_Group(0)]
        self._awaits_operand = True
        self._base: License | None = None
        """The licence just read, while a WITH may still follow it."""
        self._awaits_exception = False

    def read(self) -> Expression:
        for token in _TOKEN.finditer(self._text):
            self._take(token.group(), token.start())
        if self._awaits_exception or self._awaits_operand:
            wanted = "an exception" if self._awaits_exception else "a licence"
            raise ExpressionError(f"the expression ends where {wanted} should follow", len(self._text))
        if len(self._groups) > 1:
            raise ExpressionError("this parenthesis is never closed", self._groups[-1].opened_at)
        return self._groups[0].value()

    def _take(self, word: str, at: int) -> None:
        if self._awaits_exception:
            self._take_exception(word, at)
        elif self._awaits_operand:
            self._take_operand(word, at)
        else:
            self._take_operator(word, at)

    def _take_operand(self, word: str, at: int) -> None:
        if word == "(":
            self._groups.append(_Group(at))
            return
        if word == ")" or word in _OPERATORS:
            raise ExpressionError(f"{word!r} stands where a licence should", at)
        leaf = _license(word, at, self._catalogue)
        self._base = leaf if isinstance(leaf, License) else None
        self._add(leaf)

    def _take_operator(self, word: str, at: int) -> None:
        if word == ")":
            self._close(at)
        elif word in _WITH:
            self._expect_exception(at)
        elif word in _AND or word in _OR:
            if word in _OR:
                self._groups[-1].alternatives.append([])
            self._awaits_operand, self._base = True, None
        else:
            raise ExpressionError(f"{word!r} stands where AND, OR, WITH or the end should", at)

    def _expect_exception(self, at: int) -> None:
        if self._base is None:
            raise ExpressionError("WITH must follow a single licence", at)
        self._awaits_exception = True

    def _take_exception(self, word: str, at: int) -> None:
        assert self._base is not None
        operands = self._groups[-1].alternatives[-1]
        operands[-1] = With(self._base, _exception(word, at, self._catalogue))
        self._awaits_exception, self._base = False, None

    def _close(self, at: int) -> None:
        if len(self._groups) == 1:
            raise ExpressionError("this parenthesis was never opened", at)
        self._base = None
        self._add(self._groups.pop().value())

    def _add(self, operand: Expression) -> None:
        self._groups[-1].alternatives[-1].append(operand)
        self._awaits_operand = False


def _license(word: str, at: int, catalogue: Catalogue) -> License | With:
    if reference := _LICENSE_REF.fullmatch(word):
        return _referenced(_reference("LicenseRef", reference), catalogue)
    if word.upper() in _NOT_EXPRESSIONS:
        raise ExpressionError(f"{word} is a statement, not a licence", at)
    if known := catalogue.license(word):
        return _current(known.id, known.replaced_by)
    if word.endswith("+"):
        return _or_later(word[:-1], at, catalogue)
    if catalogue.exception(word):
        raise ExpressionError(f"{word!r} is an exception, it needs a licence and WITH before it", at)
    raise ExpressionError(f"{word!r} is not on the SPDX licence list", at)


def _referenced(license_id: str, catalogue: Catalogue) -> License | With:
    """A reference as it stands; ScanCode's ids, which mean the same everywhere, give what replaces them."""
    known = catalogue.license(license_id) if license_id.lower().startswith(_OF_SCANCODE) else None
    return _current(known.id, known.replaced_by) if known else License(license_id)


def _current(license_id: str, replaced_by: str | None) -> License | With:
    base, _, exception = (replaced_by or license_id).partition(" WITH ")
    return With(License(base), exception) if exception else License(base)


def _or_later(word: str, at: int, catalogue: Catalogue) -> License:
    """The licence that `word` and a `+` name: the list's own or-later id where there is one."""
    known = catalogue.license(word)
    if known is None:
        raise ExpressionError(f"{word + '+'!r} is not on the SPDX licence list", at)
    base = known.replaced_by or known.id
    if " WITH " in base or known.id.endswith(("-only", "-or-later", "+")):
        raise ExpressionError(f"'+' can not follow {known.id}, which states its versions itself", at)
    or_later = catalogue.license(base.removesuffix("-only") + "-or-later")
    return License(or_later.id if or_later else base + "+")


def _exception(word: str, at: int, catalogue: Catalogue) -> str:
    if reference := _ADDITION_REF.fullmatch(word):
        return _reference("AdditionRef", reference)
    known = catalogue.exception(word)
    if known is None:
        raise ExpressionError(f"{word!r} is not an exception of the SPDX list", at)
    return known.id


def _reference(kind: str, found: re.Match[str]) -> str:
    document, name = found.groups()
    return f"DocumentRef-{document}:{kind}-{name}" if document else f"{kind}-{name}"
