"""Which scopes and files the patterns of an ORT repository exclude."""

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase

_SIMPLE_PATTERN = re.compile(r"[\w\s:,/@-]|\\?\.[*+]?|\\[-_.:/+$]|[(|)]|^\^|\$$")
_MOST_ALTERNATIVES = 64


def readable_pattern(pattern: str) -> list[str] | None:
    """A regular expression as glob patterns, any of which must match; None where it asks for more than they can say.

    Patterns come with the document: none is given to a matcher that tries every way.
    """
    if _SIMPLE_PATTERN.sub("", pattern) or pattern.count("|") >= _MOST_ALTERNATIVES:
        return None
    before, inside, after = _grouped(pattern)
    if any(each in part for part in (before, *inside, after) for each in "()|"):
        return None
    return [_as_glob(before + alternative + after) for alternative in inside]


def _grouped(pattern: str) -> tuple[str, list[str], str]:
    """What stands before, in the alternatives of, and after the one group."""
    before, opened, rest = pattern.partition("(")
    if not opened:
        return "", pattern.split("|"), ""
    inside, _, after = rest.partition(")")
    return before, inside.removeprefix("?:").split("|"), after


def _as_glob(pattern: str) -> str:
    pattern = pattern.removeprefix("^").removesuffix("$")
    pattern = re.sub(r"\\(.)", lambda found: f"\0{found[1]}", pattern)
    pattern = re.sub(r"(?<!\0)\.\*", "*", pattern)
    pattern = re.sub(r"(?<!\0)\.\+", "?*", pattern)
    return re.sub(r"(?<!\0)\.", "?", pattern).replace("\0", "")


def matches_any(name: str, globs: Sequence[str]) -> bool:
    """Whether a scope's name matches one of the patterns."""
    return any(fnmatchcase(name, glob) for glob in globs)


def path_matches(path: str, pattern: str) -> bool:
    """Whether a path matches a pattern in which `*` stays in a folder and `**` does not."""
    names, globs = path.split("/"), pattern.split("/")
    reachable = {0}
    for glob in globs:
        if glob == "**":
            reachable = set(range(min(reachable), len(names) + 1)) if reachable else set()
        else:
            reachable = {at + 1 for at in reachable if at < len(names) and _is_meant(names[at], glob)}
    return len(names) in reachable


def _is_meant(name: str, glob: str) -> bool:
    """Whether a name matches; a glob without wildcards, as most are, needs no regular expression made of it."""
    return fnmatchcase(name, glob) if any(each in glob for each in "*?[") else name == glob
