"""Webhooks: who is told of which events, how a message is signed, and when it is tried again."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import Literal

EVENTS = ("release.evaluated", "release.failed", "obligations.derived")
"""What a webhook can ask for; `ping` comes when it is asked for."""

PING = "ping"
MAX_IN_FLIGHT = 2
"""Messages under way to one webhook at once, so that one that hangs takes no place of others."""

DAYS_KEPT = 30
_DELAYS = (10, 60, 300, 1800, 7200, 18_000, 36_000, 64_800)
_CLOCKS_APART = timedelta(minutes=1)

MOST_GIVEN_UP = 10
"""After so many deliveries in a row that failed for good, nobody is there."""

Status = Literal["pending", "delivered", "failed"]


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where messages go. `given_up`: deliveries that failed for good since the last that arrived.

    The secret before a rotation signs too until `previous_until`.
    """

    id: str
    url: str
    events: tuple[str, ...]
    projects: tuple[str, ...]
    secret: str
    created_at: str
    created_by: str
    previous_secret: str | None = None
    previous_until: str | None = None
    given_up: int = 0
    disabled_at: str | None = None
    disabled_reason: str | None = None

    def wants(self, event: str, project: str) -> bool:
        is_asked = event in self.events and any(fnmatchcase(project, each) for each in self.projects)
        return is_asked and self.disabled_at is None

    def secrets(self, now: str) -> tuple[str, ...]:
        """Return the secrets that sign at this moment, the present one first."""
        is_overlapping = self.previous_secret is not None and now < (self.previous_until or "")
        return (self.secret, self.previous_secret or "") if is_overlapping else (self.secret,)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one webhook, and what came of it so far. `answer_status` and `error` are of the last try."""

    id: str
    webhook_id: str
    event: str
    body: bytes
    created_at: str
    status: Status = "pending"
    attempts: int = 0
    next_try_at: str | None = None
    ended_at: str | None = None
    answer_status: int | None = None
    error: str | None = None


def signature(secrets: Iterable[str], at: int, body: bytes) -> str:
    """Return the header `Licet-Signature`: the time in seconds, and an HMAC-SHA256 of `<time>.<body>` for each secret."""
    signed = str(at).encode() + b"." + body
    macs = (hmac.new(each.encode(), signed, hashlib.sha256).hexdigest() for each in secrets)
    return ",".join((f"t={at}", *(f"v1={mac}" for mac in macs)))


def delay_after(attempts: int) -> timedelta | None:
    """Return how long to wait after so many tries, None when there is no other: nine tries over about 36 hours."""
    return timedelta(seconds=_DELAYS[attempts - 1]) if attempts <= len(_DELAYS) else None


def latest_tries(now: datetime, lease: timedelta) -> list[datetime]:
    """Return, by the number of tries before, when the next one is at the latest, or the lease of a sender ends.

    A time after that was set under a clock that has been set back since; a minute is left for clocks that stand apart.
    """
    return [now + max(timedelta(seconds=each), lease) + _CLOCKS_APART for each in (0, *_DELAYS)]
