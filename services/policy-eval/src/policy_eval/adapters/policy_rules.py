"""Reads the rules of a policy file."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, get_args

from policy_eval.adapters.policy_node import PolicyNode
from policy_eval.domain.categories import CATEGORIES
from policy_eval.domain.condition_order import contradicts_itself, covers
from policy_eval.domain.conditions import AllOf, Condition, Delivered, DeliveryCondition, FactIs, OfFamily, Rule
from shared.contracts.decisions import Kind, Verdict
from shared.contracts.inventory import Linkage
from shared.licensing import load_catalogue

_VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)
_LINKAGES: Final[tuple[Linkage, ...]] = get_args(Linkage)
_KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
_DELIVERIES: Final[tuple[DeliveryCondition, ...]] = get_args(DeliveryCondition)
CONDITIONS: Final[Mapping[str, Callable[[PolicyNode], Condition]]] = {
    "linkage": lambda node: FactIs("linkage", _some(node.words(_LINKAGES), node)),
    "modified": lambda node: FactIs("modified", (node.flag(),)),
    "license": lambda node: FactIs("license", (license_id(node),)),
    "license_family": lambda node: OfFamily(family_name(node)),
    "user_product": lambda node: FactIs("user_product", (node.flag(),)),
    "delivery": lambda node: Delivered(node.word(_DELIVERIES)),
    "linking_exception": lambda node: FactIs("linking_exception", (node.flag(),)),
    "kind": lambda node: FactIs("kind", _some(node.words(_KINDS), node)),
}
_MOST_RULES: Final = 100
_NEVER: Final = Rule(AllOf((FactIs("license", ()),)), "deny")
"""Stands for a rule that could not be read: it covers no other."""


def read_rules(node: PolicyNode, contexts: Sequence[str]) -> Mapping[str, Mapping[str, tuple[Rule, ...]]]:
    """The rules by category, then by context: every category must have rules for every context."""
    return {
        category: by_context.attempt(lambda each: _by_context(each, contexts), {})
        for category, by_context in _categories(node).items()
    }


def _categories(node: PolicyNode) -> Mapping[str, PolicyNode]:
    categories = node.fields(required=[], optional=CATEGORIES)
    missing = [name for name in CATEGORIES if name not in categories]
    if missing:
        node.problems.append(node.refuse(f"missing: {', '.join(missing)}"))
    return categories


def _by_context(node: PolicyNode, contexts: Sequence[str]) -> Mapping[str, tuple[Rule, ...]]:
    # Without contexts, which is a problem of its own, nothing can be said of the names here.
    by_context = node.fields(required=contexts) if contexts else {}
    return {context: rules.attempt(_rule_list, ()) for context, rules in by_context.items()}


def _rule_list(node: PolicyNode) -> tuple[Rule, ...]:
    if not isinstance(node.value, list):
        return (Rule(AllOf(()), node.word(_VERDICTS)),)
    items = node.items()
    if len(items) > _MOST_RULES:
        raise node.refuse(f"at most {_MOST_RULES} rules")
    rules = tuple(item.attempt(_rule, _NEVER) for item in items)
    if not items or (rules[-1].condition.conditions and rules[-1] is not _NEVER):
        raise node.refuse("the last rule, and no other, must be without conditions, so that one always applies")
    for position, item in enumerate(items):
        _check_reached(item, rules[position], rules[:position])
    return rules


def _check_reached(node: PolicyNode, rule: Rule, before: Sequence[Rule]) -> None:
    for position, earlier in enumerate(before):
        if covers(earlier.condition, rule.condition):
            which = f"rule {position + 1} ({earlier.describe()}) always applies before it"
            problem = "is never reached" if earlier.then == rule.then else "is never reached and says otherwise"
            node.problems.append(node.refuse(f"{problem}: {which}"))
            return


def _rule(node: PolicyNode) -> Rule:
    fields = node.fields(required=["then"], optional=["if"])
    conditions = fields["if"].fields(required=[], optional=CONDITIONS) if "if" in fields else {}
    read = AllOf(tuple(CONDITIONS[name](value) for name, value in conditions.items()))
    if contradicts_itself(read):
        raise fields["if"].refuse("these conditions never hold together")
    return Rule(read, fields["then"].word(_VERDICTS))


def _some(words: Sequence[str], node: PolicyNode) -> tuple[str, ...]:
    if not words:
        raise node.refuse("an empty list never holds")
    return tuple(words)


def family_name(node: PolicyNode) -> str:
    """A family that has a licence of the SPDX list, or of which a LicenseRef may be."""
    family = OfFamily(node.text())
    if not family.family.startswith("LicenseRef-") and not any(
        family.has(each.id) for each in load_catalogue().licenses
    ):
        raise node.refuse(f"no licence of the SPDX licence list is of the family {family.family!r}")
    return family.family


def license_id(node: PolicyNode) -> str:
    """An SPDX id in the list's letter case, or a LicenseRef: a misspelt one would never apply, without a word.

    A deprecated id is what replaces it, as in the licences of components.
    """
    written = node.text()
    known = load_catalogue().license(written)
    if known is None and not written.startswith("LicenseRef-"):
        raise node.refuse(f"{written!r} is no id of the SPDX licence list")
    if known and known.replaced_by and " WITH " in known.replaced_by:
        raise node.refuse(f"{written!r} is {known.replaced_by}; write the licence left of WITH")
    return (known.replaced_by or known.id) if known else written


def exception_id(node: PolicyNode) -> str:
    """An SPDX exception id in the list's letter case."""
    known = load_catalogue().exception(node.text())
    if known is None:
        raise node.refuse(f"{node.value!r} is no exception of the SPDX licence list")
    return known.id
