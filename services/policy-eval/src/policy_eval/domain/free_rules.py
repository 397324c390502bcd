"""The free rules of a policy: expressions over one component, for what categories and usage do not say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from shared.contracts.decisions import Verdict
from shared.contracts.inventory import Component

FactValue = str | bool | int | list[str]
Facts = Mapping[str, FactValue]
FACTS: Final[Mapping[str, type]] = {
    "component.group": str,
    "component.name": str,
    "component.purl": str,
    "component.scope": str,
    "component.supplier": str,
    "component.type": str,
    "component.version": str,
    "context.audience": str,
    "context.commercial": bool,
    "context.delivery": list,
    "context.medium": str,
    "context.name": str,
    "context.outbound": str,
    "context.user_product": bool,
    "decision.age_days": int,
    "graph.depth": int,
    "license.category": str,
    "license.effective": str,
    "license.id": str,
    "license.source": str,
    "license.verdict": str,
    "usage.kind": str,
    "usage.linkage": str,
    "usage.modified": bool,
    "usage.shipped": bool,
}
"""What an expression may look at. Texts are empty where nothing is known, and cut after 1,000 characters.

`license.id` is the licence that decides, with its exception, `license.verdict` what the rules of its category say to it.
`graph.depth` is the length of the shortest way from the root, 1 for what it depends on itself and 0 where no way is known;
`decision.age_days` is how many days ago the newest decision of people about the component was made, -1 where there is none.
"""
_NO_COMPONENT: Final = Component(name="", pointer="", type="")


class When(Protocol):
    """A compiled expression."""

    def holds(self, facts: Facts) -> bool | None:
        """Whether it holds; None where that cannot be told."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class FreeRule:
    """One rule. `text` is its expression as it is written, `how_to_fix` what its author says to do."""

    name: str
    text: str
    when: When
    then: Verdict
    how_to_fix: str | None = None


@dataclass(frozen=True, slots=True)
class Situated:
    """Where a component stands: its distance from the root, and how old the newest decision about it is, in days."""

    component: Component = _NO_COMPONENT
    depth: int = 0
    age_days: int = -1
