"""Patterns of project names, in which `*` stands for any text."""

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Final

EVERYWHERE: Final = "*"
_SETS = re.compile(r"[\[?]")


def matches_any(patterns: Iterable[str], project: str) -> bool:
    """Whether one of the patterns matches the name."""
    return any(fnmatchcase(project, pattern) for pattern in patterns)


def covers(patterns: Iterable[str], scope: Iterable[str]) -> bool:
    """Whether everything in the scope, itself patterns, is matched by the patterns; False where that is not certain."""
    listed = list(patterns)
    return all(each in listed or _is_within(each, listed) for each in scope)


def overlap(patterns: Iterable[str], others: Iterable[str]) -> bool:
    """Whether a pattern of one side lies within one of the other."""
    ours, theirs = list(patterns), list(others)
    return any(covers(theirs, [each]) for each in ours) or any(covers(ours, [each]) for each in theirs)


def _is_within(scope: str, patterns: list[str]) -> bool:
    """A pattern whose only wildcard is `*` matches the text of each pattern that lies within it."""
    return not _SETS.search(scope) and any(
        fnmatchcase(scope, pattern) for pattern in patterns if not _SETS.search(pattern) or EVERYWHERE not in scope
    )
