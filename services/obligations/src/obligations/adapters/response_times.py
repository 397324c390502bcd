"""The organisation's response times, asked of policy-eval."""

from dataclasses import dataclass

import msgspec

from shared.contracts.response_times import ResponseTimes
from shared.errors import NotFound
from shared.web.upstream import Upstream


@dataclass(frozen=True, slots=True)
class HttpResponseTimes:
    """`application.inquiry_ports.ResponseTimeSource`."""

    policy_eval: Upstream

    async def current(self) -> ResponseTimes:
        try:
            answer = await self.policy_eval.get("/api/v1/response-times", caller="obligations")
        except NotFound:  # while an upgrade runs: a version that knows no other times than the defaults
            return ResponseTimes()
        return msgspec.json.decode(answer, type=ResponseTimes)
