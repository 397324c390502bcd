"""Judge a licence that somebody asks about, in every shipped context, without a stored release."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from policy_eval.application.ports import Policies
from policy_eval.domain.choice import Choice, Chooser, Choosing
from policy_eval.domain.judgement import Judge, Judgement, worst
from policy_eval.domain.knowledge import LicenseKnowledge
from policy_eval.domain.mapping import LicenseMapper, MappedLicense
from policy_eval.domain.policy import Policy
from policy_eval.domain.usage import Usage
from shared.contracts.contexts import DEFAULT_CONTEXT, SHIPPED_CONTEXTS
from shared.contracts.inventory import LicenseClaim
from shared.contracts.questions import LicenseQuestion, LicenseVerdicts


@dataclass(frozen=True, slots=True)
class JudgeLicense:
    """The use case, with what it needs."""

    policies: Policies
    knowledge: LicenseKnowledge

    def __call__(self, question: LicenseQuestion) -> LicenseVerdicts:
        """What the active default policy says; any string is answered, one that names no licence as unresolved."""
        policy = self.policies.active(None).policy
        claim = LicenseClaim(question.license, "expression", "declared", "/license")
        mapped = LicenseMapper({}, (), self.knowledge.normalise).map([claim])
        judged = {name: self._judge(mapped, question, policy, name) for name in SHIPPED_CONTEXTS}
        choice, judgement = judged[DEFAULT_CONTEXT]
        return LicenseVerdicts(
            expression=str(mapped.expression) if mapped.is_complete else None,
            chosen=_chosen(choice) if choice else None,
            remaining=str(choice.remaining) if choice else None,
            category=judgement.category,
            verdicts={name: judgement.verdict for name, (_, judgement) in judged.items()},
        )

    def _judge(
        self, mapped: MappedLicense, question: LicenseQuestion, policy: Policy, context: str
    ) -> tuple[Choice | None, Judgement]:
        delivered = msgspec.structs.replace(
            policy.context(context),
            user_product=question.user_product,
            medium=question.medium,
            commercial=question.commercial,
        )
        judge = Judge(policy, delivered, self.knowledge.catalogue)
        usage = _usage(question)
        choice = Chooser(judge, self.knowledge).choose(mapped.expression, usage) if mapped.expression else None
        judgements = [judge.unresolved(each, usage) for each in mapped.unresolved]
        return choice, worst([*judgements, choice.judgement] if choice else judgements)


def _usage(question: LicenseQuestion) -> Usage:
    return Usage(
        shipped=question.shipped and question.linkage != "dev-tool",
        linkage=question.linkage,
        modified=question.modified is True or question.linkage == "copied",
        kind=question.kind,
        use=question.use,
    )


def _chosen(choice: Choice) -> str | None:
    """The branch that was taken; of several ORs, all that remains."""
    taken: Sequence[Choosing] = [each for each in choice.choosings if each.taken is not None]
    if not taken:
        return None
    return str(taken[0].taken) if len(choice.choosings) == 1 else str(choice.remaining)
