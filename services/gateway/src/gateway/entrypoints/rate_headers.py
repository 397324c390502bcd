"""Says on each answer what is left of the caller's quota (IETF draft-ietf-httpapi-ratelimit-headers-10)."""

from functools import lru_cache

from starlette.types import Message, Scope, Send

from gateway.domain.rate import Quota, Spent


class Told:
    """Sends an answer, with `RateLimit` and `RateLimit-Policy` where the request's state has `spent`."""

    __slots__ = ("_scope", "_send", "has_begun")

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self.has_begun = False
        """Whether the head of the answer was sent."""

    async def __call__(self, message: Message) -> None:
        if not self.has_begun:
            self.has_begun = True
            spent: Spent | None = self._scope["state"].get("spent")
            if spent is not None:
                left = f'"{spent.quota.name}";r={spent.remaining};t={spent.full_in}'
                message["headers"] = [*message["headers"], _policy(spent.quota), (b"ratelimit", left.encode())]
        await self._send(message)


@lru_cache(100)
def _policy(quota: Quota) -> tuple[bytes, bytes]:
    return b"ratelimit-policy", f'"{quota.name}";q={quota.requests};w={quota.seconds}'.encode()
