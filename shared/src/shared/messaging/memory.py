"""The broker inside one process, with the contract of the real one and the outbox as its only storage.

A message is published when every consumer has committed it. Where one could not, `publish` raises, the relay keeps the row
and its time for the next try, and only the consumers that are not done with the message are given it again. After a restart
all are, and those that had committed swallow the repetition through their inboxes.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from shared.messaging.broker import (
    RETRY_DELAYS,
    Buried,
    Handled,
    Message,
    Outcome,
    PublishFailed,
    PutOff,
    Retry,
    Subscription,
)


class MemoryBroker:
    """Hands each message to the subscriptions of its type, at once and in this process.

    Several services share it: it lives from the first `start()` to the last `close()`.
    """

    publishers = 4

    def __init__(self, retry_delays: Sequence[float] = RETRY_DELAYS) -> None:
        self.retry_delays = retry_delays
        self._subscriptions: list[Subscription] = []
        self._next_tries: dict[str, dict[str, Message]] = {}
        self._at_hand: set[asyncio.Future[list[Outcome]]] = set()
        self._users = 0

    @property
    def connected(self) -> bool:
        return self._users > 0

    def subscribe(self, subscription: Subscription) -> None:
        self._subscriptions.append(subscription)

    async def start(self) -> None:
        self._users += 1

    async def publish(self, message: Message) -> None:
        if not self.connected:
            raise PublishFailed("the broker is stopped")
        wanted = [each for each in self._subscriptions if message.type in each.types]
        if not wanted:
            raise PublishFailed(f"nobody has subscribed to {message.type}")
        tries = self._next_tries.setdefault(message.id, {each.consumer: message for each in wanted})
        left = [each for each in wanted if each.consumer in tries]
        outcomes = await self._deliver(left, tries)
        failures = [_settle(tries, each.consumer, outcome) for each, outcome in zip(left, outcomes, strict=True)]
        if tries:
            raise PublishFailed("; ".join(filter(None, failures)))
        del self._next_tries[message.id]

    async def close(self) -> None:
        self._users -= 1
        if self._at_hand and not self.connected:
            await asyncio.wait(self._at_hand)

    async def _deliver(self, wanted: list[Subscription], tries: dict[str, Message]) -> list[Outcome]:
        at_hand = asyncio.gather(*(_delivered(each, tries[each.consumer]) for each in wanted))
        self._at_hand.add(at_hand)
        at_hand.add_done_callback(self._at_hand.discard)
        return await at_hand


async def _delivered(subscription: Subscription, message: Message) -> Outcome:
    """Deliver the message, by the bulk lane if it is put off: no queue stands before it here."""
    outcome = await subscription.deliver(message)
    return await subscription.deliver(replace(message, bulk=True)) if isinstance(outcome, PutOff) else outcome


def _settle(tries: dict[str, Message], consumer: str, outcome: Outcome) -> str | None:
    """Note what is left to do for the consumer; return its failure."""
    match outcome:
        case Handled() | Buried():
            del tries[consumer]
            return None
        case Retry(reason, counted):
            last = tries[consumer]
            tries[consumer] = replace(last, attempt=last.attempt + counted)
            return f"{consumer}: {reason}"
        case PutOff():
            raise AssertionError("what came by the bulk lane is not put off")
