"""A licence policy as a value: what an organisation permits, for each category in each usage context."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from policy_eval.domain.conditions import LicenseFacts, Rule
from policy_eval.domain.export.export_policy import ExportPolicy
from policy_eval.domain.free_rules import FreeRule, Situated
from policy_eval.domain.usage import Usage
from shared.contracts.decisions import Delivery, UsageContext, Verdict


class UnknownContext(ValueError):
    """The policy has no rules for this usage context; the message names those it has."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a licence must be, whatever its category's rules say; else the verdict is at least `at_least`.

    A missing OSI or FSF flag proves nothing, so licences of `or_analysed_categories` that we have analysed ourselves
    meet the definition too. A category of `analysed_before_delivery` that no analysis of ours confirms is not enough
    where source or binaries are delivered.
    """

    at_least: Verdict
    osi_or_fsf_approved: bool
    or_analysed_categories: frozenset[str]
    analysed_before_delivery: frozenset[str]


@dataclass(frozen=True, slots=True)
class NotShippedRule:
    """Verdicts by category for what is not shipped: restrictions on use bite even then."""

    default: Verdict
    exceptions: Mapping[str, Verdict]

    def verdict(self, category: str) -> Verdict:
        """The verdict for a licence of this category."""
        return self.exceptions.get(category, self.default)


@dataclass(frozen=True, slots=True)
class ChoiceRule:
    """How the machine chooses among the branches of an OR, and which verdicts it may do so with."""

    preferred: tuple[str, ...]
    auto_record: frozenset[Verdict]

    def preference(self, license_name: str) -> int:
        """The place in the preferred list, or one past its end."""
        return self.preferred.index(license_name) if license_name in self.preferred else len(self.preferred)


@dataclass(frozen=True, slots=True)
class PolicyCase:
    """A question with the verdict that the policy must give. `delivery` and `user_product`: None as in the context."""

    name: str
    license: str
    context: str
    usage: Usage
    delivery: tuple[Delivery, ...] | None
    user_product: bool | None
    verdict: Verdict
    situated: Situated = field(default_factory=Situated)


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of a policy. `rules` by category, then by context; of a list the first rule that holds applies, and
    the last one always holds. `blocks`: verdicts and categories that stop a release. `export`: what is asked of export in
    a context; nothing where it has no entry. `lowest_quality`: the score below which a document has a finding, by severity.
    `tests`: what it must say before it may be published. `free_rules` are heeded after all others.
    """

    name: str
    version: int
    verdict_order: tuple[Verdict, ...]
    contexts: Mapping[str, UsageContext]
    rules: Mapping[str, Mapping[str, tuple[Rule, ...]]]
    requirement: Requirement
    not_shipped: NotShippedRule
    choice: ChoiceRule
    linking_exceptions: frozenset[str]
    blocks: frozenset[str]
    export: Mapping[str, ExportPolicy] = field(default_factory=dict)
    lowest_quality: Mapping[Literal["hint", "warning", "error"], float] = field(default_factory=dict)
    tests: tuple[PolicyCase, ...] = ()
    free_rules: tuple[FreeRule, ...] = ()

    @property
    def looks_at_age(self) -> bool:
        """Whether it says another thing on another day."""
        return any("decision.age_days" in rule.text for rule in self.free_rules)

    def looks_at_export_in(self, context_name: str) -> bool:
        """Whether an evaluation in this context judges the export."""
        export = self.export.get(context_name)
        return export is not None and export.found is not None

    def rank(self, verdict: Verdict) -> int:
        """The place of a verdict from the mildest, 0, to the strictest."""
        return self.verdict_order.index(verdict)

    def context(self, name: str) -> UsageContext:
        """The usage context of this name; raises UnknownContext."""
        if name not in self.contexts:
            raise UnknownContext(f"policy {self.name!r} has no context {name!r}; it has {', '.join(self.contexts)}.")
        return self.contexts[name]

    def rule_for(self, category: str, facts: LicenseFacts) -> Rule:
        """The first rule of the category that holds in the facts' context."""
        return next(rule for rule in self.rules[category][facts.context.name] if rule.condition.holds(facts))
