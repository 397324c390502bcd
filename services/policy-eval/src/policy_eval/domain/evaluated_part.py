"""The decisions on the components of one part of a release."""

from collections.abc import Sequence
from dataclasses import dataclass

from policy_eval.domain.answers import AnswerBook
from policy_eval.domain.decided_components import decided_component, text_keys
from policy_eval.domain.effective_license import Decider, Decision
from policy_eval.domain.free_rule_book import FreeRules
from policy_eval.domain.graph import DependencyPaths
from policy_eval.domain.mapping import LicenseMapper
from policy_eval.domain.statements import asserts
from policy_eval.domain.usage import is_software, linked_os_packages, usage_of
from shared.contracts.decisions import DecidedComponent
from shared.contracts.inventory import Inventory


@dataclass(frozen=True, slots=True, eq=False)
class EvaluatedPart:
    """A part with the decision on each of its components, in their order.

    `texts` are those that the components name, by the SHA-256 of their UTF-8 bytes, which is why the texts of several
    parts can be put together.
    """

    name: str
    inventory: Inventory
    components: Sequence[DecidedComponent]
    decisions: Sequence[Decision]
    texts: dict[str, str]
    dependency_paths: DependencyPaths


def evaluate_part(
    name: str, inventory: Inventory, mapper: LicenseMapper, decider: Decider, books: tuple[AnswerBook, FreeRules]
) -> EvaluatedPart:
    """Decide every component of the part; `books` have what people have decided, and the policy's free rules."""
    answers, free_rules = books
    decisions = _decisions(inventory, mapper, decider, answers)
    paths = DependencyPaths(len(inventory.components), inventory.edges)
    if free_rules:
        numbered = enumerate(zip(decisions, inventory.components, strict=True))
        decisions = [free_rules.applied(decision, each, paths.depth(place)) for place, (decision, each) in numbered]
    components = [
        decided_component(name, component, decision, mapper)
        for component, decision in zip(inventory.components, decisions, strict=True)
    ]
    keys = dict.fromkeys(key for component in components for key in text_keys(component))
    texts = {key: inventory.texts[key] for key in keys}
    return EvaluatedPart(name, inventory, components, decisions, texts, paths)


def _decisions(inventory: Inventory, mapper: LicenseMapper, decider: Decider, book: AnswerBook) -> list[Decision]:
    linked = linked_os_packages(inventory)
    return [
        decider.decide(
            mapper.map(component.licenses),
            usage_of(component, position in linked),
            _needs_license(inventory, position),
            book.about(component),
        )
        for position, component in enumerate(inventory.components)
    ]


def _needs_license(inventory: Inventory, position: int) -> bool:
    """Whether a missing licence is a question: not for what is no software, nor for the release itself."""
    component = inventory.components[position]
    is_expected = is_software(component) and position != inventory.root_position
    return is_expected or any(asserts(claim) for claim in component.licenses)
