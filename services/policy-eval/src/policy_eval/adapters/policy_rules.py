"""Reads the rules of a policy file."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, get_args

from policy_eval.adapters.policy_node import PolicyNode
from policy_eval.domain.categories import CATEGORIES
from policy_eval.domain.conditions import AllOf, Condition, Delivered, DeliveryCondition, FactIs, OfFamily, Rule
from shared.contracts.decisions import Kind, Verdict
from shared.contracts.inventory import Linkage
from shared.licensing import load_catalogue

_VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)
_LINKAGES: Final[tuple[Linkage, ...]] = get_args(Linkage)
_KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
_DELIVERIES: Final[tuple[DeliveryCondition, ...]] = get_args(DeliveryCondition)
_CONDITIONS: Final[Mapping[str, Callable[[PolicyNode], Condition]]] = {
    "linkage": lambda node: FactIs("linkage", node.words(_LINKAGES)),
    "modified": lambda node: FactIs("modified", (node.flag(),)),
    "license": lambda node: FactIs("license", (license_id(node),)),
    "license_family": lambda node: OfFamily(node.text()),
    "user_product": lambda node: FactIs("user_product", (node.flag(),)),
    "delivery": lambda node: Delivered(node.word(_DELIVERIES)),
    "linking_exception": lambda node: FactIs("linking_exception", (node.flag(),)),
    "kind": lambda node: FactIs("kind", node.words(_KINDS)),
}


def read_rules(node: PolicyNode, contexts: Sequence[str]) -> Mapping[str, Mapping[str, tuple[Rule, ...]]]:
    """The rules by category, then by context: every category must have rules for every context."""
    categories = node.fields(required=CATEGORIES)
    return {
        category: {context: _rule_list(rules) for context, rules in by_context.fields(required=contexts).items()}
        for category, by_context in categories.items()
    }


def _rule_list(node: PolicyNode) -> tuple[Rule, ...]:
    if not isinstance(node.value, list):
        return (Rule(AllOf(()), node.word(_VERDICTS)),)
    rules = tuple(_rule(item) for item in node.items())
    unconditional = [position for position, rule in enumerate(rules) if not rule.condition.conditions]
    if unconditional != [len(rules) - 1]:
        raise node.refuse("the last rule, and no other, must be without conditions, so that one always applies")
    return rules


def _rule(node: PolicyNode) -> Rule:
    fields = node.fields(required=["then"], optional=["if"])
    conditions = fields["if"].fields(required=[], optional=_CONDITIONS) if "if" in fields else {}
    return Rule(
        AllOf(tuple(_CONDITIONS[name](value) for name, value in conditions.items())), fields["then"].word(_VERDICTS)
    )


def license_id(node: PolicyNode) -> str:
    """An SPDX id in the list's letter case, or a LicenseRef: a misspelt one would never apply, without a word."""
    written = node.text()
    known = load_catalogue().license(written)
    if known is None and not written.startswith("LicenseRef-"):
        raise node.refuse(f"{written!r} is no id of the SPDX licence list")
    return known.id if known else written


def exception_id(node: PolicyNode) -> str:
    """An SPDX exception id in the list's letter case."""
    known = load_catalogue().exception(node.text())
    if known is None:
        raise node.refuse(f"{node.value!r} is no exception of the SPDX licence list")
    return known.id
