"""For which versions of a package a curation of ORT is (ORT, model/utils/VersionUtils).

A version stands for itself. `1.0.+` stands for all that begin with `1.0.` (Ivy's sub revision matcher), `[1.0,2.0[` for a
range (Ivy's version range matcher: https://ant.apache.org/ivy/history/2.5.0/settings/version-matchers.html), and
`>=1.0.0 <2.0.0 || 3.0.0` for a choice of comparisons. Versions are compared by their first three numbers, as ORT does:
`1.0-rc1` and `v1` are 1.0.0.
"""

import re
from collections.abc import Callable
from operator import eq, ge, gt, le, lt

Triple = tuple[int, int, int]
Compared = tuple[Callable[[Triple, Triple], bool], Triple]

# What makes of a version a range of versions.
_SIGNS = (",", "~", "*", "+", ">", "<", "=", " - ", "^", ".x", "||")
_ALL = ("latest", "latest.integration")
_VERSION = re.compile(r"(?:^|\D)(\d{1,16})(?:\.(\d{1,16}))?(?:\.(\d{1,16}))?(?=$|\D)", re.ASCII)
_BOUND = r"(\d{1,16}(?:\.\d{1,16}){0,2})?"
_RANGE = re.compile(rf"([\[\](]){_BOUND},{_BOUND}([\[\])])", re.ASCII)
_COMPARISON = re.compile(r"(<=|>=|<|>|=)?v?(\d{1,16}\.\d{1,16}\.\d{1,16})", re.ASCII)
_COMPARE: dict[str, Callable[[Triple, Triple], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq, "": eq}


class Versions:
    """The versions that a curation is for; only the one that is written so, where `are_known` is false."""

    def __init__(self, written: str) -> None:
        self._written = written
        self._prefix = written.removesuffix("+") if written.endswith("+") else None
        self._choices: list[list[Compared]] = []
        is_range = written in _ALL or any(sign in written.lower() for sign in _SIGNS)
        if is_range and self._prefix is None:
            self._choices = _choices(written)
        self.are_known = not is_range or self._prefix is not None or bool(self._choices)

    def include(self, version: str) -> bool:
        """Whether the curation is for this version of the package; without a version on one side it is."""
        if self._written == version or not self._written.strip() or not version.strip():
            return True
        if self._prefix is not None:
            return version.startswith(self._prefix)
        number = _triple(version) if self._choices else None
        return number is not None and any(all(compare(number, to) for compare, to in each) for each in self._choices)


def _choices(written: str) -> list[list[Compared]]:
    """Comparisons of which all have to hold, in one of the lists; none where it cannot be read."""
    if written in _ALL:
        return [[(ge, (0, 0, 0))]]
    found = _RANGE.fullmatch(written.replace(" ", ""))
    if found:
        return _bounds(*found.groups())
    choices = []
    for choice in written.split("||"):
        compared = [_COMPARISON.fullmatch(word) for word in re.sub(r"([<>=])\s+", r"\1", choice).split()]
        if not compared or None in compared:
            return []
        choices.append([(_COMPARE[each[1] or ""], _numbers(each[2])) for each in compared if each])
    return choices


def _bounds(opened: str, lowest: str | None, highest: str | None, closed: str) -> list[list[Compared]]:
    """A bracket that opens towards its version includes it; a version that is missing bounds nothing."""
    bounds: list[Compared] = []
    if lowest:
        bounds.append((ge if opened == "[" else gt, _numbers(lowest)))
    if highest:
        bounds.append((le if closed == "]" else lt, _numbers(highest)))
    return [bounds] if bounds else []


def _numbers(written: str) -> Triple:
    major, minor, patch = [*map(int, written.split(".")), 0, 0][:3]
    return major, minor, patch


def _triple(version: str) -> Triple | None:
    """The first numbers in a version, as many as three."""
    found = _VERSION.search(version)
    return (int(found[1]), int(found[2] or 0), int(found[3] or 0)) if found else None
