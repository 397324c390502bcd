"""The audit trail: a chain in which each link vouches for all before it."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any, Literal

Outcome = Literal["done", "refused", "denied", "failed"]

_NEWER = 2
"""How many fields entries have had since 0008, at their end."""
BEGINNING = "0" * 64
"""What the first link follows."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did what, when, with what outcome; `before` and `after` are JSON where they are known.

    `reason` is the one that was given; `versions`, as JSON, are those of policies and facts that verdicts depended on then.
    """

    at: str
    subject: str
    address: str
    action: str
    path: str
    project: str | None
    outcome: Outcome
    status: int
    request_id: str
    before: str | None = None
    after: str | None = None
    reason: str | None = None
    versions: str | None = None

    @property
    def linked_fields(self) -> list[Any]:
        """What the chain vouches for: the newer fields only where there is one, so that entries of before still follow."""
        values = [getattr(self, name) for name in Entry.__slots__]
        return values if any(each is not None for each in values[-_NEWER:]) else values[:-_NEWER]


@dataclass(frozen=True, slots=True)
class Link:
    """An entry at its place in the chain."""

    seq: int
    entry: Entry
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """The last link: its number and its hash."""

    seq: int = 0
    hash: str = BEGINNING


def linked(head: Head, entry: Entry, key: bytes) -> Link:
    """Return the link that follows `head`: HMAC-SHA256 over the hash before, the number and all fields."""
    seq = head.seq + 1
    fields = [head.hash, seq, *entry.linked_fields]
    content = json.dumps(fields, ensure_ascii=True, separators=(",", ":")).encode()
    return Link(seq, entry, hmac.new(key, content, hashlib.sha256).hexdigest())


def outcome_of(status: int) -> Outcome:
    """Return how a request ended, from its status."""
    if status < 400:
        return "done"
    if status in (401, 403):
        return "denied"
    return "refused" if status < 500 else "failed"
