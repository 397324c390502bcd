"""The texts in a free rule: one that a fact never is makes a rule that never holds, without a word."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, get_args

from policy_eval.domain.categories import CATEGORIES
from policy_eval.domain.statements import Origin
from shared.contracts.decisions import Audience, Delivery, Kind, Medium, Verdict
from shared.contracts.inventory import Linkage, Scope
from shared.licensing import ExpressionError, parse

STRINGS: Final = re.compile(r"""[rR]?(?:\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')""", re.DOTALL)
_FACT = r"(?<![\w.])(?P<fact>[a-z]+\.[a-z_]+)(?![\w.(])"
_TEXT = "(?P<texts>\0+)"  # a text is masked by as many zeros
_COMPARISONS: Final = (
    re.compile(rf"{_FACT}\s*[=!]=\s*{_TEXT}"),
    re.compile(rf"{_TEXT}\s*[=!]=\s*{_FACT}"),
    re.compile(rf"{_FACT}\s+in\s*\[(?P<texts>[\0\s,]*)\]"),
    re.compile(rf"{_TEXT}\s+in\s+{_FACT}"),
)
_MATCHED: Final = re.compile(rf"(?<!\w)matches\s*\((?:[^()\0]*,)?\s*{_TEXT}\s*\)")


def _one_of(*words: str) -> Callable[[str], str | None]:
    return lambda text: None if text in words else f"is never {text!r}; known: {', '.join(filter(None, words))}"


def _license_id(text: str) -> str | None:
    try:
        written = str(parse(text))
    except ExpressionError:
        return None  # what could not be read stands there as the document has it
    return None if written == text else f"is never {text!r}, which is written {written!r}"


_CHECKS: Final[Mapping[str, Callable[[str], str | None]]] = {
    "component.scope": _one_of(*get_args(Scope)),
    "context.audience": _one_of("", *get_args(Audience)),
    "context.delivery": _one_of(*get_args(Delivery)),
    "context.medium": _one_of(*get_args(Medium)),
    "license.category": _one_of(*CATEGORIES),
    "license.id": _license_id,
    "license.source": _one_of("", "curation", *get_args(Origin)),
    "license.verdict": _one_of(*get_args(Verdict)),
    "usage.kind": _one_of(*get_args(Kind)),
    "usage.linkage": _one_of("", *get_args(Linkage)),
}


def masked(text: str) -> str:
    """The expression with every text in it replaced by zeros, of the same length."""
    return STRINGS.sub(lambda string: "\0" * len(string[0]), text)


def unknown_words(text: str) -> Iterator[tuple[str, int]]:
    """What is wrong with each text that a fact is compared with and never is, and its index."""
    bare = masked(text)
    for match in (each for comparison in _COMPARISONS for each in comparison.finditer(bare)):
        check = _CHECKS.get(match["fact"])
        for value, index in _texts(text, match) if check else ():
            if check and (fault := check(value)):
                yield f"{match['fact']} {fault}", index


def patterns(text: str) -> Iterator[tuple[str, int]]:
    """The regular expressions that are written out, as they are written, and the index of each."""
    for match in _MATCHED.finditer(masked(text)):
        yield text[match.start("texts") : match.end("texts")], match.start("texts")


def _texts(text: str, match: re.Match[Any]) -> Iterator[tuple[str, int]]:
    """The texts of the match without their quotes; one with an escape in it is left out."""
    for string in STRINGS.finditer(text, match.start("texts"), match.end("texts")):
        if "\\" not in string[0] and string[0][0] not in "rR":
            yield string[0][1:-1], string.start()
