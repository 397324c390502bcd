"""Reads the free rules of a policy file."""

import re
from typing import Final, get_args

from policy_eval.adapters.cel_expressions import NoExpression, compiled
from policy_eval.adapters.policy_node import PolicyNode
from policy_eval.domain.free_rules import FreeRule
from shared.contracts.decisions import Verdict

MOST_RULES: Final = 50
NAME: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_FIX: Final = 1000


def read_free_rules(node: PolicyNode) -> tuple[FreeRule, ...]:
    """The free rules, in the order of the file; at most 50, each with a name of its own."""
    items = node.items()
    if len(items) > MOST_RULES:
        raise node.refuse(f"at most {MOST_RULES} free rules")
    rules = [rule for rule in (item.attempt(_rule, None) for item in items) if rule is not None]
    names = [rule.name for rule in rules]
    for name in sorted({each for each in names if names.count(each) > 1}):
        node.problems.append(node.refuse(f"two rules have the name {name!r}"))
    return tuple(rules)


def _rule(node: PolicyNode) -> FreeRule | None:
    fields = node.fields(required=["name", "when", "then"], optional=["how_to_fix"])
    text = fields["when"].text()
    try:
        when = compiled(text)
    except NoExpression as error:
        raise fields["when"].refuse(str(error)) from error
    return FreeRule(
        name=_name(fields["name"]),
        text=" ".join(text.split()),
        when=when,
        then=fields["then"].word(get_args(Verdict)),
        how_to_fix=_fix(fields["how_to_fix"]) if "how_to_fix" in fields else None,
    )


def _name(node: PolicyNode) -> str:
    name = node.text()
    if len(name) > 64 or not NAME.fullmatch(name):
        raise node.refuse("lower-case letters, digits and '-', at most 64")
    return name


def _fix(node: PolicyNode) -> str:
    text = node.text()
    if len(text) > _LONGEST_FIX:
        raise node.refuse(f"at most {_LONGEST_FIX:,} characters")
    return text
