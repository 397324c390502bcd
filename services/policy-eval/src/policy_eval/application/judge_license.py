"""Judge a licence that somebody asks about, in every shipped context, without a stored release."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from policy_eval.application.ports import Policies
from policy_eval.domain.choice import Choice, Choosing
from policy_eval.domain.judged_string import JudgedString, judge_string
from policy_eval.domain.knowledge import LicenseKnowledge
from policy_eval.domain.policy import Policy
from policy_eval.domain.usage import Usage, asked_usage
from shared.computation import compute
from shared.contracts.contexts import DEFAULT_CONTEXT, SHIPPED_CONTEXTS
from shared.contracts.questions import LicenseQuestion, LicenseVerdicts


@dataclass(frozen=True, slots=True)
class JudgeLicense:
    """The use case, with what it needs."""

    policies: Policies
    knowledge: LicenseKnowledge

    async def __call__(self, question: LicenseQuestion) -> LicenseVerdicts:
        """What the active default policy says; any string is answered, one that names no licence as unresolved."""
        return await compute(self._verdicts, question, (await self.policies.active(None)).policy)

    def _verdicts(self, question: LicenseQuestion, policy: Policy) -> LicenseVerdicts:
        judged = {name: self._judge(question, policy, name) for name in SHIPPED_CONTEXTS}
        shown = judged[DEFAULT_CONTEXT]
        return LicenseVerdicts(
            expression=str(shown.mapped.expression) if shown.mapped.is_complete else None,
            chosen=_chosen(shown.choice) if shown.choice else None,
            remaining=str(shown.choice.remaining) if shown.choice else None,
            category=shown.judgement.category,
            verdicts={name: each.judgement.verdict for name, each in judged.items()},
        )

    def _judge(self, question: LicenseQuestion, policy: Policy, context: str) -> JudgedString:
        delivered = msgspec.structs.replace(
            policy.context(context),
            user_product=question.user_product,
            medium=question.medium,
            commercial=question.commercial,
        )
        return judge_string(question.license, _usage(question), delivered, policy, self.knowledge)


def _usage(question: LicenseQuestion) -> Usage:
    return asked_usage(question.shipped, question.linkage, question.modified is True, question.kind, question.use)


def _chosen(choice: Choice) -> str | None:
    """The branch that was taken; of several ORs, all that remains."""
    taken: Sequence[Choosing] = [each for each in choice.choosings if each.taken is not None]
    if not taken:
        return None
    return str(taken[0].taken) if len(choice.choosings) == 1 else str(choice.remaining)
