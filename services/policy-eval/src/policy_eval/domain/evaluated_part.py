"""The decisions on the components of one part of a release."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from policy_eval.domain.answers import NO_ANSWERS, AnswerBook, Answers
from policy_eval.domain.decided_components import decided_component, text_keys
from policy_eval.domain.effective_license import Decider, Decision
from policy_eval.domain.free_rule_book import FreeRules
from policy_eval.domain.graph import DependencyPaths
from policy_eval.domain.mapping import LicenseMapper, stated
from policy_eval.domain.outcome import outcome_of
from policy_eval.domain.statements import asserts
from policy_eval.domain.usage import is_software, linked_os_packages, purl_starts, usage_of
from shared.contracts.decisions import DecidedComponent
from shared.contracts.inventory import Component, Inventory


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
        mapper = self.mapper if self.mapper.has_texts else None
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
    answers = None if book.is_empty else [book.about(each) for each in components]
    alike = _first_alike(inventory, starts, linked, answers)
    distinct = list(dict.fromkeys(alike))
    # Step by step: the same code over and over takes less time than all of it in turn.
    mapped = [mapper.map(components[position].licenses) for position in distinct]
    usages = [usage_of(components[position], position in linked) for position in distinct]
    decided = {
        position: decider.decide(
            licenses,
            usage,
            _needs_license(inventory, position),
            NO_ANSWERS if answers is None else answers[position],
        )
        for position, licenses, usage in zip(distinct, mapped, usages, strict=True)
    }
    return list(map(decided.__getitem__, alike))


def _first_alike(
    inventory: Inventory, starts: Sequence[str | None], linked: frozenset[int], answers: Sequence[Answers] | None
) -> list[int]:
    """For each component the position of the first one with the same facts."""
    components, root = inventory.components, inventory.root_position
    facts = _facts(components, starts)
    if linked or root is not None:
        facts = zip(facts, ((place in linked, place == root) for place in range(len(components))), strict=True)
    if answers is not None:
        facts = zip(facts, answers, strict=True)
    first: dict[tuple[object, ...], int] = {}
    return list(map(first.setdefault, facts, range(len(components))))


def _facts(components: Sequence[Component], starts: Sequence[str | None]) -> Iterator[tuple[object, ...]]:
    """What each component's document says that its decision depends on."""
    for each, start in zip(components, starts, strict=True):
        if len(each.licenses) == 1:
            # Nearly all: one flat tuple is hashed twice as fast as one of tuples, and is equal to none of these.
            [claim] = each.licenses
            yield (
                claim.value,
                claim.kind,
                claim.origin,
                claim.text,
                each.type,
                each.scope,
                each.linkage,
                each.modified,
                start,
            )
        else:
            yield stated(each.licenses), each.type, each.scope, each.linkage, each.modified, start


def _needs_license(inventory: Inventory, position: int) -> bool:
    """Whether a missing licence is a question: not for what is no software, nor for the release itself."""
    component = inventory.components[position]
    is_expected = is_software(component) and position != inventory.root_position
    return is_expected or any(asserts(claim) for claim in component.licenses)
