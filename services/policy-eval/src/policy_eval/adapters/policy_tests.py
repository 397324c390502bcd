"""Reads the test cases of a policy file."""

from collections.abc import Mapping, Sequence
from typing import Final, get_args

import msgspec

from policy_eval.adapters.policy_node import PolicyNode
from policy_eval.domain.free_rules import Situated
from policy_eval.domain.policy import PolicyCase
from policy_eval.domain.usage import asked_usage
from shared.contracts.decisions import Delivery, Kind, Use, Verdict
from shared.contracts.inventory import Component, Linkage, Scope

_VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)
_LINKAGES: Final[tuple[Linkage, ...]] = get_args(Linkage)
_KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
_USES: Final[tuple[Use, ...]] = get_args(Use)
_DELIVERIES: Final[tuple[Delivery, ...]] = get_args(Delivery)
_SITUATED: Final = ("component", "depth", "decision_age_days")
_OPTIONAL: Final = ("name", "linkage", "modified", "shipped", "kind", "use", "user_product", "delivery", *_SITUATED)
_COMPONENT: Final = ("group", "name", "purl", "scope", "supplier", "type", "version")
_SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)
_MOST: Final = 1_000
_LONGEST: Final = 1_000


def read_tests(node: PolicyNode, contexts: Sequence[str]) -> tuple[PolicyCase, ...]:
    """The test cases, in the order of the file; at most 1,000."""
    items = node.items()
    if len(items) > _MOST:
        raise node.refuse(f"at most {_MOST:,} tests")
    cases = (item.attempt(lambda each: _case(each, contexts), None) for item in items)
    return tuple(case for case in cases if case is not None)


def _case(node: PolicyNode, contexts: Sequence[str]) -> PolicyCase | None:
    fields = node.fields(required=["license", "context", "verdict"], optional=_OPTIONAL)
    written, context = _license(fields["license"]), fields["context"].word(contexts)
    return PolicyCase(
        name=fields["name"].text() if "name" in fields else f"{written} in {context}",
        license=written,
        context=context,
        usage=asked_usage(
            shipped=fields["shipped"].flag() if "shipped" in fields else True,
            linkage=fields["linkage"].word(_LINKAGES) if "linkage" in fields else "package",
            modified=fields["modified"].flag() if "modified" in fields else False,
            kind=fields["kind"].word(_KINDS) if "kind" in fields else "code",
            use=fields["use"].word(_USES) if "use" in fields else "whole",
        ),
        delivery=fields["delivery"].words(_DELIVERIES) if "delivery" in fields else None,
        user_product=fields["user_product"].flag() if "user_product" in fields else None,
        verdict=fields["verdict"].word(_VERDICTS),
        situated=_situated(fields),
    )


def _situated(fields: Mapping[str, PolicyNode]) -> Situated:
    """Where the component of the test stands, for free rules."""
    given = fields["component"].fields(required=[], optional=_COMPONENT) if "component" in fields else {}
    said = {name: node.word(_SCOPES) if name == "scope" else node.text() for name, node in given.items()}
    return Situated(
        component=msgspec.convert({"name": "", "pointer": "", "type": "", **said}, Component),
        depth=fields["depth"].number() if "depth" in fields else 0,
        age_days=fields["decision_age_days"].number() if "decision_age_days" in fields else -1,
    )


def _license(node: PolicyNode) -> str:
    if not isinstance(node.value, str) or len(node.value) > _LONGEST:
        raise node.refuse(f"a licence as text of at most {_LONGEST:,} characters is wanted")
    return node.value
