"""The decisions on the components of one part of a release."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from policy_eval.domain.answers import NO_ANSWERS, AnswerBook
from policy_eval.domain.decided_components import decided_component, text_keys
from policy_eval.domain.effective_license import Decider, Decision
from policy_eval.domain.free_rule_book import FreeRules
from policy_eval.domain.graph import DependencyPaths
from policy_eval.domain.mapping import LicenseMapper, stated
from policy_eval.domain.outcome import outcome_of
from policy_eval.domain.statements import asserts
from policy_eval.domain.usage import is_software, linked_os_packages, purl_starts, usage_of
from shared.contracts.decisions import DecidedComponent
from shared.contracts.inventory import Inventory


@dataclass(frozen=True, eq=False)
class EvaluatedPart:
    """A part with the decision on each of its components, in their order.

    What is only written down (the components, texts and paths) is worked out when it is asked for.
    """

    name: str
    inventory: Inventory
    decisions: Sequence[Decision]
    mapper: LicenseMapper

    @cached_property
    def components(self) -> Sequence[DecidedComponent]:
        """The decided components, in their order."""
        mapper = self.mapper
        outcomes = {each: outcome_of(each) for each in set(self.decisions)}
        return [
            decided_component(self.name, component, outcomes[decision], mapper)
            for component, decision in zip(self.inventory.components, self.decisions, strict=True)
        ]

    @cached_property
    def texts(self) -> dict[str, str]:
        """The texts that the components name, by the SHA-256 of their UTF-8 bytes, so that those of several parts can be
        put together."""
        if not self.inventory.texts:
            return {}
        keys = dict.fromkeys(key for component in self.components for key in text_keys(component))
        return {key: self.inventory.texts[key] for key in keys}

    @cached_property
    def dependency_paths(self) -> DependencyPaths:
        """The paths from the root to each component."""
        return DependencyPaths(len(self.inventory.components), self.inventory.edges)


def evaluate_part(
    name: str, inventory: Inventory, mapper: LicenseMapper, decider: Decider, books: tuple[AnswerBook, FreeRules]
) -> EvaluatedPart:
    """Decide every component of the part; `books` have what people have decided, and the policy's free rules."""
    answers, free_rules = books
    decisions = _decisions(inventory, mapper, decider, answers)
    if free_rules:
        paths = DependencyPaths(len(inventory.components), inventory.edges)
        numbered = enumerate(zip(decisions, inventory.components, strict=True))
        decisions = [free_rules.applied(decision, each, paths.depth(place)) for place, (decision, each) in numbered]
    return EvaluatedPart(name, inventory, decisions, mapper)


def _decisions(inventory: Inventory, mapper: LicenseMapper, decider: Decider, book: AnswerBook) -> list[Decision]:
    """Decide each component by its facts.

    Components come by the hundred thousand and most are like others: those with the same facts are decided once.
    """
    components = inventory.components
    starts = purl_starts(components)
    linked = linked_os_packages(inventory, starts)
    root = inventory.root_position
    apart = {position: (position in linked, position == root) for position in (*linked, root)}
    known: dict[tuple[object, ...], Decision] = {}
    decisions = []
    for position, (component, start) in enumerate(zip(components, starts, strict=True)):
        answers = NO_ANSWERS if book.is_empty else book.about(component)
        key = (
            stated(component.licenses),
            component.type,
            component.scope,
            component.linkage,
            component.modified,
            start,
            apart.get(position),
            None if answers is NO_ANSWERS else answers,
        )
        decision = known.get(key)
        if decision is None:
            usage = usage_of(component, position in linked)
            needs_license = _needs_license(inventory, position)
            decision = known[key] = decider.decide(mapper.map(component.licenses), usage, needs_license, answers)
        decisions.append(decision)
    return decisions


def _needs_license(inventory: Inventory, position: int) -> bool:
    """Whether a missing licence is a question: not for what is no software, nor for the release itself."""
    component = inventory.components[position]
    is_expected = is_software(component) and position != inventory.root_position
    return is_expected or any(asserts(claim) for claim in component.licenses)
