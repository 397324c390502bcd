"""The evaluation of a release: every component decided, what somebody must know or do, and the verdict.

Licences are decided once for each distinct set of facts and joined to the components afterwards.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from msgspec import json, structs

from policy_eval.domain.answers import AnswerBook
from policy_eval.domain.choice import Chooser
from policy_eval.domain.choice_book import ChoiceBook
from policy_eval.domain.decisions import NO_DECISIONS, Decisions
from policy_eval.domain.document_quality import quality_findings
from policy_eval.domain.effective_license import Decider
from policy_eval.domain.evaluated_part import EvaluatedPart, evaluate_part
from policy_eval.domain.findings import Finding, Questions
from policy_eval.domain.free_rule_book import FreeRules
from policy_eval.domain.judgement import Judge
from policy_eval.domain.knowledge import LicenseKnowledge
from policy_eval.domain.license_findings import LicenseFindings
from policy_eval.domain.mapping import LicenseMapper
from policy_eval.domain.policy import Policy
from policy_eval.domain.release import ReleaseInventory, context_of
from policy_eval.domain.stated_use import context_as_stated
from shared.contracts.decisions import DecidedRelease, OrganizationFacts, UsageContext
from shared.contracts.events import Counts, Gate
from shared.contracts.inventory import ROOT, Inventory


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The outcome. `parts` are in the order of their names, `context` is that of this release.

    `gate` counts the findings by what is asked of how many components; each of them is written down when it is asked for.
    """

    inventory: ReleaseInventory
    context: UsageContext
    organization: OrganizationFacts | None
    parts: tuple[EvaluatedPart, ...]
    write_findings: Callable[[], tuple[Finding, ...]]
    gate: Gate
    decider: Decider
    crypto_notice: str | None = None

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What somebody must know or do: what licences bring in the order of the components, and then the rest."""
        return self.write_findings()

    @cached_property
    def release(self) -> DecidedRelease:
        """What crosses to other services; a component's position in its list is the one that findings name."""
        return structs.replace(
            self.frame,
            components=[component for part in self.parts for component in part.components],
            texts={key: text for part in self.parts for key, text in part.texts.items()},
            edges=list(_edges(self.parts)),
        )

    @property
    def categories(self) -> list[str]:
        """Those whose rules the policy was, or might have been, asked for, sorted."""
        return sorted(self.decider.categories({each for part in self.parts for each in part.decisions}))

    @property
    def frame(self) -> DecidedRelease:
        """What crosses to other services beside components, texts and edges."""
        return DecidedRelease(
            project=self.inventory.project,
            version=self.inventory.version,
            context=self.context,
            components=[],
            documents={name: part.document_sha256 for name, part in self.inventory.sorted_parts()},
            organization=self.organization,
            crypto_notice=self.crypto_notice,
        )

    def with_findings(self, more: tuple[Finding, ...]) -> "Evaluation":
        """The evaluation with findings that others than licences brought."""
        if not more:
            return self
        counts = structs.astuple(self.gate.counts), structs.astuple(gate_of(more).counts)
        gate = _gate(Counts(*map(sum, zip(*counts, strict=True))))
        return replace(self, write_findings=lambda: (*self.findings, *more), gate=gate)


def evaluate(
    release: ReleaseInventory, policy: Policy, knowledge: LicenseKnowledge, decisions: Decisions = NO_DECISIONS
) -> Evaluation:
    """Decide the release by the policy and the decisions of people; raises UnknownContext if the policy has none such."""
    uses = tuple(each for each in decisions.uses if each.holds_in(release.version, release.context))
    decisions = replace(decisions, uses=uses)
    context = context_as_stated(context_of(release, policy.context(release.context)), uses)
    decider = _decider(policy, context, knowledge, decisions)
    free_rules = FreeRules(policy.free_rules, context, policy.verdict_order, decisions.today)
    books = (AnswerBook(decisions), free_rules)
    parts = tuple(
        evaluate_part(name, part.inventory, _mapper(part.inventory, knowledge), decider, books)
        for name, part in release.sorted_parts()
    )
    of_licenses = LicenseFindings(parts, Questions(policy, context.name))
    evaluation = Evaluation(
        release, context, decisions.organization, parts, of_licenses.written, _gate(of_licenses.counts), decider
    )
    return evaluation.with_findings(tuple(quality_findings(release, policy.lowest_quality)))


def _decider(policy: Policy, context: UsageContext, knowledge: LicenseKnowledge, decisions: Decisions) -> Decider:
    """The decider of the policy in this context, which remembers unless people have chosen or classified by themselves."""

    def new() -> Decider:
        judge = Judge(policy, context, knowledge.catalogue, decisions.classifications, knowledge.successors)
        chooser = Chooser(judge, knowledge.duties, decisions.preferred, knowledge.memory.choices)
        return Decider(judge, chooser, ChoiceBook(decisions.choices))

    if decisions.choices or decisions.classifications or decisions.uses:
        return new()
    return knowledge.memory.decider(policy, (json.encode(context), decisions.preferred), new)


def _mapper(inventory: Inventory, knowledge: LicenseKnowledge) -> LicenseMapper:
    return LicenseMapper(inventory.texts, inventory.extracted_licenses, knowledge.normalise, knowledge.memory.mapped())


def gate_of(findings: Iterable[Finding]) -> Gate:
    """The verdict: an error fails, a warning warns; what is waived does not count."""
    severities = Counter(each.question.severity for each in findings if each.waiver is None)
    return _gate(Counts(severities["error"], severities["warning"], severities["hint"]))


def _gate(counts: Counts) -> Gate:
    if counts.error:
        return Gate("fail", counts)
    return Gate("warn" if counts.warning else "pass", counts)


def _edges(parts: Sequence[EvaluatedPart]) -> Iterator[tuple[int, int]]:
    """The edges of all parts, between positions in the list of all components."""
    first = 0
    for part in parts:
        if first == 0:
            yield from part.inventory.edges
        else:
            yield from (
                (source if source == ROOT else first + source, first + target)
                for source, target in part.inventory.edges
            )
        first += len(part.decisions)
