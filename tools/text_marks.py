"""The marks by which `shared.licensing.text_matching` finds a text; part of `make_license_data.py`."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from shared.licensing.license_text import words_of
from shared.licensing.text_matching import marks_of

MARKS_OF_TEXT = 24


def rarest_marks(groups: Iterable[list[str]], texts: Mapping[str, str]) -> dict[str, Any]:
    """For each text the rarest run of words in each of its parts: the ids by text, and the texts by mark."""
    listed = sorted(groups)
    runs = [marks_of(words_of(texts[ids[0]])) for ids in listed]
    known_by = Counter(mark for marks in runs for mark in set(marks))
    found: dict[int, list[int]] = {}
    for number, marks in enumerate(runs):
        length = max(1, -(-len(marks) // MARKS_OF_TEXT))
        parts = [marks[start : start + length] for start in range(0, len(marks), length)]
        for mark in {min(part, key=lambda mark: known_by[mark]) for part in parts}:
            found.setdefault(mark, []).append(number)
    return {"texts": listed, "marks": {str(mark): found[mark] for mark in sorted(found)}}
