"""Deliveries of webhooks end when they are told to, whatever wakes them at that moment."""

import asyncio

from gateway.application.deliver_webhooks import DeliverWebhooks
from gateway.application.ports import Sent
from gateway.domain.webhooks import Delivery, Webhook
from shared.clock import SystemClock


class NothingDue:
    """Webhooks without a delivery."""

    async def claim(self, now: str, leased_until: str, busy: list[str], most: int) -> list[tuple[Webhook, Delivery]]:
        return []

    async def sweep(self, before: str) -> None:
        return None


class NothingSent:
    """A sender that is never asked."""

    async def send(self, url: str, headers: dict[str, str], body: bytes) -> Sent:
        raise AssertionError

    async def close(self) -> None:
        return None


async def test_a_wake_in_the_moment_of_the_end_does_not_outlive_it() -> None:
    deliver = DeliverWebhooks(NothingDue(), NothingSent(), SystemClock())  # type: ignore[arg-type]  # only what is used
    async with asyncio.timeout(5), deliver.running():
        await asyncio.sleep(0.01)
        deliver.wake()
        await asyncio.sleep(0)
