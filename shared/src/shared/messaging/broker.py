"""What services need of a broker, whichever it is.

A message is published by the outbox relay and handled by each subscription whose types name its type. Both brokers keep
the same contract (`tests/contract/messaging`): delivery at least once, growing delays between tries, dead letters.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

TRIES = 5
"""How often a message is tried whose handler fails, before it is buried."""

RETRY_DELAYS = (1.0, 2.0, 5.0, 15.0, 30.0)
"""Seconds before the second, third, … try; the last one repeats for faults that are expected to pass."""


def retry_delay(delays: Sequence[float], tries: int) -> float:
    """Return the seconds to wait after the `tries`-th try (1 = the first) has failed."""
    return delays[min(tries, len(delays)) - 1]


@dataclass(frozen=True, slots=True)
class Message:
    """An event on the wire, whose `body` is the encoded envelope.

    `attempt` is the number of this try for the consumer at hand, from 1; tries that a fault of the surroundings ended
    are counted in `postponed` instead. `traceparent` is that of the span which published it, where traces are written.
    `bulk`: it came by the consumer's bulk lane.
    """

    id: str
    type: str
    subject: str
    body: bytes
    attempt: int = 1
    postponed: int = 0
    traceparent: str = ""
    bulk: bool = False


@dataclass(frozen=True, slots=True)
class Handled:
    """The effect is committed, or had been before."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Nothing was done; try again later. `counted` is False for a fault of the surroundings, which never uses up tries."""

    reason: str
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Buried:
    """The message will not be tried again; it lies among the dead letters with its reason."""

    reason: str


@dataclass(frozen=True, slots=True)
class PutOff:
    """Nothing was done, since nobody waits for it: it goes to the consumer's bulk lane, and comes again from there."""


Outcome = Handled | Retry | Buried | PutOff
Deliver = Callable[[Message], Awaitable[Outcome]]


@dataclass(frozen=True, slots=True)
class Subscription:
    """One consumer's interest: its name (also that of its queue), the event types, and what is done with each message.

    `bury` is called for a message that the broker itself gave up on, with the broker's reason. Only one that
    `has_bulk_lane` puts messages off.
    """

    consumer: str
    types: tuple[str, ...]
    deliver: Deliver
    bury: Callable[[Message, str], Awaitable[None]]
    has_bulk_lane: bool = False


class PublishFailed(Exception):
    """The broker did not confirm the message, or a consumer could not commit: it may or may not have arrived."""


class Broker(Protocol):
    """Publishes messages durably and hands them to subscriptions."""

    def subscribe(self, subscription: Subscription) -> None:
        """Deliver the subscription's messages after `start`, which all subscriptions precede."""
        ...

    async def start(self) -> None:
        """Connect in the background; never waits for the broker to be there."""
        ...

    async def publish(self, message: Message) -> None:
        """Return once the message is safe with the broker; raises PublishFailed."""
        ...

    async def close(self) -> None:
        """Stop delivering, let running deliveries end, disconnect."""
        ...

    @property
    def connected(self) -> bool:
        """Whether the broker answers now."""
        ...

    @property
    def retry_delays(self) -> Sequence[float]:
        """Seconds before the second, third, … try, of a delivery as of a publication."""
        ...

    @property
    def publishers(self) -> int:
        """How many messages a relay may publish at a time."""
        ...
