"""Time and new identities, passed in from the edge; nothing below it reads a clock or draws randomness."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Says what time it is, in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


NewId = Callable[[], str]


def timestamp(moment: datetime) -> str:
    """Return `moment` as RFC 3339 in UTC with microseconds: of fixed width, so its order as text is that of time."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def uuid7(clock: Clock, random_bits: Callable[[int], int] = secrets.randbits) -> str:
    """Return a UUIDv7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, then randomness."""
    milliseconds = int(clock.now().timestamp() * 1000) & ((1 << 48) - 1)
    drawn = random_bits(74)
    value = (milliseconds << 80) | (7 << 76) | (drawn >> 62 << 64) | (0b10 << 62) | (drawn & ((1 << 62) - 1))
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def id_source(clock: Clock) -> NewId:
    """Return a function that makes a new UUIDv7 at each call."""
    return lambda: uuid7(clock)
