"""Reads policies from YAML or JSON text, refusing whatever would not do what its author means."""

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Final, Literal, get_args

from policy_eval.adapters.policy_export import read_export
from policy_eval.adapters.policy_free_rules import read_free_rules
from policy_eval.adapters.policy_node import InvalidPolicy, PolicyNode
from policy_eval.adapters.policy_rules import exception_id, license_id, read_rules
from policy_eval.adapters.policy_source import PolicySource, UnreadablePolicy
from policy_eval.adapters.policy_tests import read_tests
from policy_eval.domain.categories import CATEGORIES
from policy_eval.domain.findings import Severity
from policy_eval.domain.policy import ChoiceRule, NotShippedRule, Policy, Requirement
from shared.contracts.decisions import Delivery, UsageContext, Verdict

VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)
_DELIVERIES: Final[tuple[Delivery, ...]] = get_args(Delivery)
_MEDIA: Final[tuple[Literal["download", "physical"], ...]] = ("download", "physical")
_SEVERITIES: Final[tuple[Severity, ...]] = get_args(Severity)
_NO_REQUIREMENT: Final = Requirement("deny", False, frozenset(), frozenset())
_FIELDS: Final = (
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
        document = PolicySource(text).document
    except UnreadablePolicy as error:
        raise InvalidPolicy((), str(error)) from error
    return read_policy(document)


def read_policy(document: object) -> Policy:
    """The policy of a parsed document; raises InvalidPolicy naming the place of the first thing that is wrong."""
    policy, problems = read_document(document)
    if policy is None:
        raise problems[0]
    return policy


def read_document(document: object) -> tuple[Policy | None, list[InvalidPolicy]]:
    """The policy of a parsed document, or None with all that is wrong in it."""
    node = PolicyNode(document)
    policy = node.attempt(_policy, None)
    return (None if node.problems else policy), node.problems


def _policy(node: PolicyNode) -> Policy | None:
    fields = node.fields(required=_FIELDS, optional=["name", "version", "quality", "export", "free_rules", "tests"])
    none: Mapping[str, UsageContext] = {}
    contexts = fields["contexts"].attempt(_contexts, none)
    names = list(contexts)
    return Policy(
        name=fields["name"].attempt(PolicyNode.text, "") if "name" in fields else "",
        version=fields["version"].attempt(PolicyNode.number, 1) if "version" in fields else 1,
        verdict_order=fields["verdict_order"].attempt(_verdict_order, VERDICTS),
        contexts=contexts,
        rules=fields["rules"].attempt(lambda each: read_rules(each, names), {}),
        requirement=fields["require"].attempt(_requirement, _NO_REQUIREMENT),
        not_shipped=fields["not_shipped"].attempt(_not_shipped, NotShippedRule("deny", {})),
        choice=fields["or_choice"].attempt(_choice, ChoiceRule((), frozenset())),
        linking_exceptions=fields["linking_exceptions"].attempt(_exceptions, frozenset()),
        blocks=fields["release_gate"].attempt(_blocks, frozenset()),
        lowest_quality=fields["quality"].attempt(_lowest_quality, {}) if "quality" in fields else {},
        export=fields["export"].attempt(lambda each: read_export(each, names), {}) if "export" in fields else {},
        free_rules=fields["free_rules"].attempt(read_free_rules, ()) if "free_rules" in fields else (),
        tests=fields["tests"].attempt(lambda each: read_tests(each, names), ()) if "tests" in fields else (),
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


def _exceptions(node: PolicyNode) -> frozenset[str]:
    return frozenset(exception_id(item) for item in node.items())


def _blocks(node: PolicyNode) -> frozenset[str]:
    return frozenset(node.fields(required=["block"])["block"].words([*VERDICTS, *CATEGORIES]))
