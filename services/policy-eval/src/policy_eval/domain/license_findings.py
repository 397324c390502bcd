"""The findings that the licences of a release's components bring."""

from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from policy_eval.domain.categories import NOT_SOFTWARE
from policy_eval.domain.effective_license import Decision
from policy_eval.domain.evaluated_part import EvaluatedPart
from policy_eval.domain.findings import Finding, Questions, findings, no_license_claimed
from shared.contracts.events import Counts


class LicenseFindings:
    """What each distinct decision asks, of so many components; which ones is written down when it is asked for."""

    def __init__(self, parts: Sequence[EvaluatedPart], questions: Questions) -> None:
        self._parts = parts
        self._components = Counter[Decision]()
        for part in parts:
            self._components.update(part.decisions)
        self._asked = {each: asked for each in self._components if (asked := questions.of(each))}
        self._unclaimed = frozenset(each for each in self._components if each.judgement.category == NOT_SOFTWARE)

    @property
    def counts(self) -> Counts:
        """How many findings there are of each severity."""
        counted: Counter[str] = Counter()
        for decision, asked in self._asked.items():
            for question in asked:
                counted[question.severity] += self._components[decision]
        counted["hint"] += len(self._types)
        return Counts(counted["error"], counted["warning"], counted["hint"])

    def written(self) -> tuple[Finding, ...]:
        """All findings: those on components in their order, then one for each type of elements without a licence claim."""
        found: list[Finding] = []
        first = 0
        for part in self._parts:
            components = part.inventory.components
            found += findings(map(self._asked.get, part.decisions), components, first)
            first += len(components)
        return (*found, *(no_license_claimed(type_, count) for type_, count in sorted(self._types.items())))

    @cached_property
    def _types(self) -> Counter[str]:
        """How many elements of each type are no software and claim no licence."""
        types: Counter[str] = Counter()
        for part in self._parts if self._unclaimed else ():
            components = part.inventory.components
            for position, decision in enumerate(part.decisions):
                if decision in self._unclaimed:
                    types["root" if position == part.inventory.root_position else components[position].type] += 1
        return types
