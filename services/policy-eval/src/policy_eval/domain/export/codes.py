"""Classification codes: which exist on a day, and what kind of item they say it is."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from policy_eval.domain.export.periods import Period

CodeKind = Literal["not-listed", "mass-market", "information-security", "cryptanalysis", "other"]


@dataclass(frozen=True, slots=True)
class ControlCode:
    """Codes of a control list, as a pattern that matches them whole, with the days on which the list has them."""

    pattern: str
    jurisdiction: str
    kind: CodeKind
    valid_from: date
    valid_to: date


class ControlLists:
    """The codes of all jurisdictions that there are; of several that match, the first counts."""

    def __init__(self, codes: Sequence[ControlCode]) -> None:
        self._codes = [(re.compile(each.pattern, re.IGNORECASE), each) for each in codes]
        self.jurisdictions = tuple(dict.fromkeys(each.jurisdiction for each in codes))

    def periods(self) -> Iterator[Period]:
        """When the lists have each code."""
        return ((each.valid_from, each.valid_to) for _, each in self._codes)

    def kind(self, jurisdiction: str, code: str, day: date) -> CodeKind | None:
        """What kind of item the code stands for; None if the jurisdiction's list of that day has no such code."""
        wanted = code.strip()
        if len(wanted) > 40:
            return None
        for pattern, each in self._codes:
            is_listed = each.jurisdiction == jurisdiction and each.valid_from <= day <= each.valid_to
            if is_listed and pattern.fullmatch(wanted):
                return each.kind
        return None
