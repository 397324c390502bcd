"""Says on each answer what is left of the caller's quota (IETF draft-ietf-httpapi-ratelimit-headers-10)."""

from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.domain.rate import Spent


@dataclass(frozen=True, slots=True)
class RateHeaders:
    """Adds `RateLimit` and `RateLimit-Policy` to the answer of a request whose state has `spent`."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})

        async def send_with_rate(message: Message) -> None:
            known: Spent | None = state.get("spent")
            if known is not None and message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_told(known)]
            await send(message)

        await self.app(scope, receive, send_with_rate)


def _told(spent: Spent) -> tuple[tuple[bytes, bytes], ...]:
    quota = spent.quota
    policy = f'"{quota.name}";q={quota.requests};w={quota.seconds}'
    left = f'"{quota.name}";r={spent.remaining};t={spent.full_in}'
    return (b"ratelimit-policy", policy.encode()), (b"ratelimit", left.encode())
