"""What a policy says to a licence string that belongs to no component."""

from dataclasses import dataclass

from policy_eval.domain.choice import Choice, Chooser
from policy_eval.domain.effective_license import Decision
from policy_eval.domain.judgement import Judge, Judgement, worst
from policy_eval.domain.knowledge import LicenseKnowledge
from policy_eval.domain.mapping import LicenseMapper, MappedLicense
from policy_eval.domain.policy import Policy
from policy_eval.domain.usage import Usage
from shared.contracts.decisions import UsageContext
from shared.contracts.inventory import LicenseClaim


@dataclass(frozen=True, slots=True)
class JudgedString:
    """How the string was read, what was chosen in it (None where no licence could be read), and the verdict."""

    mapped: MappedLicense
    choice: Choice | None
    judgement: Judgement

    def decision(self, usage: Usage) -> Decision:
        """The same as the decision on a component that states the string."""
        written = str(self.choice.remaining) if self.choice is not None and not self.mapped.unresolved else None
        return Decision(self.mapped, usage, self.judgement, written, written, None, written or "", ())


def judge_string(
    license_string: str, usage: Usage, context: UsageContext, policy: Policy, knowledge: LicenseKnowledge
) -> JudgedString:
    """Judge any string; one that names no licence is judged as unresolved."""
    claim = LicenseClaim(license_string, "expression", "declared", "/license")
    mapped = LicenseMapper({}, (), knowledge.normalise).map([claim])
    judge = Judge(policy, context, knowledge.catalogue, successors=knowledge.successors)
    choice = Chooser(judge, knowledge.duties).choose(mapped.expression, usage) if mapped.expression else None
    judgements = [judge.unresolved(each, usage) for each in mapped.unresolved]
    return JudgedString(mapped, choice, worst([*judgements, choice.judgement] if choice else judgements))
