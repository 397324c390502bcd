"""Keep the audit trail, show it, and find out whether somebody has changed it."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Protocol

from gateway.domain.audit import Entry, Head, Link, linked

_AT_A_TIME = 1_000


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries are asked for; None means any. `since` is included, `until` is not."""

    subject: str | None = None
    action: str | None = None
    project: str | None = None
    outcome: str | None = None
    request_id: str | None = None
    since: str | None = None
    until: str | None = None


class Trail(Protocol):
    """The stored links."""

    async def append(self, entry: Entry) -> None:
        """Add the entry after the last link, one at a time in all processes."""
        ...

    async def newest(self, wanted: AuditFilter, before: int | None, limit: int) -> list[Link]:
        """Return up to `limit` links before the number, the newest first."""
        ...

    async def oldest(self, wanted: AuditFilter, after: int, limit: int) -> list[Link]:
        """Return up to `limit` links after the number, in their order."""
        ...

    async def head(self) -> Head: ...


@dataclass(frozen=True, slots=True)
class ShowAudit:
    """Reads the trail as far as a caller may."""

    trail: Trail

    async def page(
        self, wanted: AuditFilter, visible: Callable[[Entry], bool], before: int | None, limit: int
    ) -> list[Link]:
        """Return up to `limit` visible links before the number, the newest first."""
        found: list[Link] = []
        while len(found) < limit:
            links = await self.trail.newest(wanted, before, _AT_A_TIME if found else limit)
            found += [each for each in links if visible(each.entry)]
            if not links:
                break
            before = links[-1].seq
        return found[:limit]

    async def everything(self, wanted: AuditFilter, visible: Callable[[Entry], bool]) -> AsyncIterator[Link]:
        """Give all visible links, the oldest first, in constant memory."""
        after = 0
        while links := await self.trail.oldest(wanted, after, _AT_A_TIME):
            for link in links:
                if visible(link.entry):
                    yield link
            after = links[-1].seq


@dataclass(frozen=True, slots=True)
class VerifyAudit:
    """Walks the chain from its beginning."""

    trail: Trail
    key: bytes

    async def __call__(self, noted: Head | None = None) -> tuple[Head, str | None]:
        """Return the last good link and what is wrong after it, None if nothing is.

        `noted` is a head that was written down earlier, elsewhere: it must still be in the chain. Without it, and
        without a key, who can write the whole database can also write a whole new chain.
        """
        end, head = await self.trail.head(), Head()
        seen = noted is None
        async for link in ShowAudit(self.trail).everything(AuditFilter(), lambda _entry: True):
            if link != linked(head, link.entry, self.key):
                return head, f"entry {link.seq} does not follow entry {head.seq}: it, or one before it, was changed"
            head = Head(link.seq, link.hash)
            seen = seen or head == noted
        if head.seq < end.seq or (head.seq == end.seq and head != end):
            return head, f"the last entry must be {end.seq}, with the hash {end.hash}: entries were removed"
        return head, None if seen else "the head that was noted is not in the chain: it was written anew"
