"""Reads policies from YAML or JSON text, refusing whatever would not do what its author means."""

from collections.abc import Hashable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final, Literal, get_args

import yaml

from policy_eval.adapters.policy_export import read_export
from policy_eval.adapters.policy_node import InvalidPolicy, PolicyNode
from policy_eval.adapters.policy_rules import exception_id, license_id, read_rules
from policy_eval.domain.categories import CATEGORIES
from policy_eval.domain.findings import Severity
from policy_eval.domain.policy import ChoiceRule, NotShippedRule, Policy, Requirement
from shared.contracts.decisions import Delivery, UsageContext, Verdict

VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)
_DELIVERIES: Final[tuple[Delivery, ...]] = get_args(Delivery)
_MEDIA: Final[tuple[Literal["download", "physical"], ...]] = ("download", "physical")
_SEVERITIES: Final[tuple[Severity, ...]] = get_args(Severity)
_FIELDS: Final = (
    "name",
    "version",
    "verdict_order",
    "contexts",
    "require",
    "rules",
    "linking_exceptions",
    "not_shipped",
    "or_choice",
    "release_gate",
)


@lru_cache(maxsize=1)
def default_policy() -> Policy:
    """The policy that Licet ships."""
    return parse_policy(files("policy_eval.policies").joinpath("default.yaml").read_text(encoding="utf-8"))


def parse_policy(text: str) -> Policy:
    """The policy of a YAML or JSON text; raises InvalidPolicy naming the place of the first thing that is wrong."""
    try:
        document = yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - a SafeLoader that also refuses repeated keys
    except (yaml.YAMLError, RecursionError) as error:
        raise InvalidPolicy(f"not readable as YAML: {error}") from error
    return read_policy(document)


def read_policy(document: object) -> Policy:
    """The policy of a parsed document; raises InvalidPolicy naming the place of the first thing that is wrong."""
    fields = PolicyNode(document).fields(required=_FIELDS, optional=["export", "quality"])
    contexts = _contexts(fields["contexts"])
    return Policy(
        name=fields["name"].text(),
        version=fields["version"].number(),
        verdict_order=_verdict_order(fields["verdict_order"]),
        contexts=contexts,
        rules=read_rules(fields["rules"], list(contexts)),
        requirement=_requirement(fields["require"]),
        not_shipped=_not_shipped(fields["not_shipped"]),
        choice=_choice(fields["or_choice"]),
        linking_exceptions=frozenset(exception_id(item) for item in fields["linking_exceptions"].items()),
        blocks=_blocks(fields["release_gate"]),
        lowest_quality=_lowest_quality(fields["quality"]) if "quality" in fields else {},
        export=read_export(fields["export"], list(contexts)) if "export" in fields else {},
    )


def _lowest_quality(node: PolicyNode) -> Mapping[Severity, float]:
    fields = node.fields(required=[], optional=_SEVERITIES)
    return {severity: fields[severity].share() for severity in _SEVERITIES if severity in fields}


def _verdict_order(node: PolicyNode) -> tuple[Verdict, ...]:
    order = node.words(VERDICTS)
    if sorted(order) != sorted(VERDICTS):
        raise node.refuse(f"each of these once: {', '.join(VERDICTS)}")
    return order


def _contexts(node: PolicyNode) -> Mapping[str, UsageContext]:
    contexts = {name: _context(name, entry) for name, entry in node.entries().items()}
    if not contexts:
        raise node.refuse("a policy needs a context")
    return contexts


def _context(name: str, node: PolicyNode) -> UsageContext:
    fields = node.fields(required=["delivery", "outbound"], optional=["user_product", "medium", "commercial"])
    outbound = fields["outbound"]
    return UsageContext(
        name=name,
        delivery=list(fields["delivery"].words(_DELIVERIES)),
        outbound=None if outbound.value is None else outbound.text(),
        user_product=fields["user_product"].flag() if "user_product" in fields else False,
        medium=fields["medium"].word(_MEDIA) if "medium" in fields else "download",
        commercial=fields["commercial"].flag() if "commercial" in fields else True,
    )


def _requirement(node: PolicyNode) -> Requirement:
    fields = node.fields(
        required=["at_least", "osi_or_fsf_approved", "or_analysed_categories", "analysed_before_delivery"]
    )
    return Requirement(
        at_least=fields["at_least"].word(VERDICTS),
        osi_or_fsf_approved=fields["osi_or_fsf_approved"].flag(),
        or_analysed_categories=frozenset(fields["or_analysed_categories"].words(CATEGORIES)),
        analysed_before_delivery=frozenset(fields["analysed_before_delivery"].words(CATEGORIES)),
    )


def _not_shipped(node: PolicyNode) -> NotShippedRule:
    fields = node.fields(required=["default", "except"])
    exceptions = fields["except"].fields(required=[], optional=CATEGORIES)
    return NotShippedRule(
        default=fields["default"].word(VERDICTS),
        exceptions={category: entry.word(VERDICTS) for category, entry in exceptions.items()},
    )


def _choice(node: PolicyNode) -> ChoiceRule:
    fields = node.fields(required=["preferred", "auto_record"])
    preferred = tuple(license_id(item) for item in fields["preferred"].items())
    return ChoiceRule(preferred, frozenset(fields["auto_record"].words(VERDICTS)))


def _blocks(node: PolicyNode) -> frozenset[str]:
    return frozenset(node.fields(required=["block"])["block"].words([*VERDICTS, *CATEGORIES]))


class _StrictLoader(yaml.SafeLoader):
    """YAML's safe loader takes the last of repeated keys without a word; this one refuses them."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        mapping = super().construct_mapping(node, deep=deep)
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if len(mapping) < len(keys):
            repeated = next(key for key in keys if keys.count(key) > 1)
            raise yaml.constructor.ConstructorError(None, None, f"the key {repeated!r} is repeated", node.start_mark)
        return mapping
