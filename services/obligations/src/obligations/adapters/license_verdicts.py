"""What the policy says to a licence, asked of policy-eval."""

from dataclasses import dataclass

import msgspec

from shared.contracts.questions import LicenseQuestion, LicenseVerdicts
from shared.web.upstream import Upstream


@dataclass(frozen=True, slots=True)
class HttpLicenseJudge:
    """`application.ports.LicenseJudge`."""

    policy_eval: Upstream

    async def judge(self, question: LicenseQuestion) -> LicenseVerdicts:
        path, body = "/internal/v1/license-verdicts", msgspec.json.encode(question)
        answer = await self.policy_eval.post(path, body, caller="obligations")
        return msgspec.json.decode(answer, type=LicenseVerdicts)
