"""Where two texts differ, word by word, in time that grows with their length: common runs first, then the gaps."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_RUN = 4
"""Words of a run that anchors the two texts to each other."""
_LARGEST_GAP = 40_000
_LARGEST_SUM = 1_000_000
"""Products of lengths: what is compared word by word at most, in one gap and in all together."""


@dataclass(frozen=True, slots=True)
class Difference:
    """At one place, what the licence says and what the text says instead; `start` and `end` count words of the text,
    `wanted_start` those of the licence; `at_start` and `at_end` say that it stands before or after all that is common."""

    wanted: tuple[str, ...]
    found: tuple[str, ...]
    start: int
    wanted_start: int
    at_start: bool = False
    at_end: bool = False

    @property
    def end(self) -> int:
        return self.start + len(self.found)


def differences(wanted: Sequence[str], found: Sequence[str]) -> list[Difference]:
    """Every place where the words of a text differ from those of a licence, in order; empty for equal words."""
    matches = _refined(wanted, found, _anchored(wanted, found))
    places = list(_gaps(matches, len(wanted), len(found)))
    first, last = (places[0], places[-1]) if places else ((0, 0, 0, 0), (0, 0, 0, 0))
    return [
        Difference(
            *(tuple(wanted[a:b]), tuple(found[c:d]), c, a),
            at_start=place is first and c == 0,
            at_end=place is last and d == len(found),
        )
        for place in places
        for a, b, c, d in [place]
    ]


def _anchored(wanted: Sequence[str], found: Sequence[str]) -> list[tuple[int, int, int]]:
    """Matches (place in wanted, place in found, length) around runs that each text has once, in the order of both."""
    places_wanted, places_found = _single_runs(wanted), _single_runs(found)
    pairs = sorted((place, places_found[run]) for run, place in places_wanted.items() if run in places_found)
    matches: list[tuple[int, int, int]] = []
    for at, to in _rising(pairs):
        end_at, end_to = (matches[-1][0] + matches[-1][2], matches[-1][1] + matches[-1][2]) if matches else (0, 0)
        if at >= end_at and to >= end_to:
            matches.append(_extended(wanted, found, (at, to), (end_at, end_to)))
    return matches


def _single_runs(words: Sequence[str]) -> dict[tuple[str, ...], int]:
    runs = list(zip(*(words[offset:] for offset in range(_RUN)), strict=False))
    counts = Counter(runs)
    return {run: place for place, run in enumerate(runs) if counts[run] == 1}


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest row of pairs that rise in both numbers (they are sorted by the first)."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, (_, to) in enumerate(pairs):
        slot = bisect_left(tails, to)
        before.append(ends[slot - 1] if slot else -1)
        if slot == len(tails):
            tails.append(to)
            ends.append(index)
        else:
            tails[slot], ends[slot] = to, index
    row: list[tuple[int, int]] = []
    index = ends[-1] if ends else -1
    while index >= 0:
        row.append(pairs[index])
        index = before[index]
    return row[::-1]


def _extended(
    wanted: Sequence[str], found: Sequence[str], place: tuple[int, int], limit: tuple[int, int]
) -> tuple[int, int, int]:
    (start, to), (low, low_to) = place, limit
    end, end_to = start, to
    while end < len(wanted) and end_to < len(found) and wanted[end] == found[end_to]:
        end, end_to = end + 1, end_to + 1
    while start > low and to > low_to and wanted[start - 1] == found[to - 1]:
        start, to = start - 1, to - 1
    return start, to, end - start


def _refined(
    wanted: Sequence[str], found: Sequence[str], matches: list[tuple[int, int, int]]
) -> list[tuple[int, int, int]]:
    """The matches with those inside small gaps added."""
    spent, added = 0, list(matches)
    for a, b, c, d in list(_gaps(matches, len(wanted), len(found))):
        cost = (b - a) * (d - c)
        if not cost or cost > _LARGEST_GAP or spent + cost > _LARGEST_SUM:
            continue
        spent += cost
        blocks = SequenceMatcher(None, wanted[a:b], found[c:d], autojunk=False).get_matching_blocks()
        added += [(a + block.a, c + block.b, block.size) for block in blocks if block.size]
    return sorted(added)


def _gaps(matches: Sequence[tuple[int, int, int]], wanted: int, found: int) -> Iterator[tuple[int, int, int, int]]:
    at = to = 0
    for start, start_to, size in [*matches, (wanted, found, 0)]:
        if start > at or start_to > to:
            yield at, start, to, start_to
        at, to = start + size, start_to + size
