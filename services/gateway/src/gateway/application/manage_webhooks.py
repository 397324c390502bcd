"""Make, show, rotate, try and remove webhooks. Nobody makes or touches one that hears of more projects than the own."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import msgspec

from gateway.application.ports import Sender, Webhooks
from gateway.domain.access import Caller
from gateway.domain.webhooks import EVENTS, PING, Delivery, Webhook
from shared.clock import Clock, NewId, timestamp
from shared.errors import Conflict, ErrorAt, Forbidden, InvalidInput, NotFound

_OVERLAP = timedelta(days=1)
_MOST = 100
_MOST_PATTERNS = 100


@dataclass(frozen=True, slots=True)
class ManageWebhooks:
    """Makes, lists, rotates, tries and removes webhooks."""

    webhooks: Webhooks
    sender: Sender
    clock: Clock
    new_id: NewId
    wake: Callable[[], None]
    """Has due deliveries sent at once."""

    async def create(self, caller: Caller, url: str, events: Sequence[str], projects: Sequence[str] | None) -> Webhook:
        """Return the new webhook with its secret; raises InvalidInput, Forbidden and Conflict."""
        wanted = tuple(caller.projects if projects is None else projects)
        _check(caller, events, wanted)
        await self.sender.check(url)
        if len(await self.webhooks.all()) >= _MOST:
            raise Conflict(f"There are {_MOST} webhooks already; remove one first.")
        made = Webhook(
            id=self.new_id(),
            url=url,
            events=tuple(sorted(set(events))),
            projects=wanted,
            secret=_new_secret(),
            created_at=timestamp(self.clock.now()),
            created_by=caller.subject,
        )
        await self.webhooks.add(made)
        return made

    async def all(self, caller: Caller) -> list[Webhook]:
        """Return the webhooks that hear of the caller's projects only."""
        return [each for each in await self.webhooks.all() if _reaches(caller, each.projects)]

    async def one(self, caller: Caller, webhook_id: str) -> Webhook:
        """Return the webhook; raises NotFound, also for one that the caller may not see."""
        found = await self.webhooks.by_id(webhook_id)
        if found is None or not _reaches(caller, found.projects):
            raise NotFound(f"There is no webhook {webhook_id!r} that this key may see.")
        return found

    async def rotate(self, caller: Caller, webhook_id: str) -> Webhook:
        """Give the webhook a new secret, and enable it; the one before signs too for a day."""
        known = await self.one(caller, webhook_id)
        changed = replace(
            known,
            secret=_new_secret(),
            previous_secret=known.secret,
            previous_until=timestamp(self.clock.now() + _OVERLAP),
            given_up=0,
            disabled_at=None,
            disabled_reason=None,
        )
        await self.webhooks.replace(changed)
        self.wake()
        return changed

    async def remove(self, caller: Caller, webhook_id: str) -> Webhook:
        """Remove the webhook with its deliveries."""
        known = await self.one(caller, webhook_id)
        await self.webhooks.remove(known.id)
        return known

    async def ping(self, caller: Caller, webhook_id: str) -> Delivery:
        """Put a test message on its way; what came of it stands in its delivery."""
        known = await self.one(caller, webhook_id)
        now = timestamp(self.clock.now())
        id_ = self.new_id()
        body = msgspec.json.encode({"id": id_, "event": PING, "at": now, "webhook": known.id})
        made = Delivery(id_, known.id, PING, body, now, next_try_at=now)
        await self.webhooks.add_delivery(made)
        self.wake()
        return made

    async def deliveries(self, caller: Caller, webhook_id: str, after: str, limit: int) -> list[Delivery]:
        """Return up to `limit` deliveries, the newest first, older than the one with the id `after` ("" for none)."""
        known = await self.one(caller, webhook_id)
        return await self.webhooks.deliveries(known.id, after, limit)

    async def redeliver(self, caller: Caller, webhook_id: str, delivery_id: str) -> Delivery:
        """Send a message again, with the same id; raises NotFound, and Conflict for one that is still under way."""
        known = await self.one(caller, webhook_id)
        found = await self.webhooks.delivery(known.id, delivery_id)
        if found is None:
            raise NotFound(f"There is no delivery {delivery_id!r} of this webhook.")
        if found.status == "pending":
            raise Conflict(f"It is still under way; the next try is at {found.next_try_at}.")
        again = replace(found, status="pending", attempts=0, next_try_at=timestamp(self.clock.now()), ended_at=None)
        await self.webhooks.replace_delivery(again)
        self.wake()
        return again


def _check(caller: Caller, events: Sequence[str], projects: Sequence[str]) -> None:
    unknown = [each for each in events if each not in EVENTS]
    if unknown or not events:
        said = f"{unknown[0]!r} is none of {', '.join(EVENTS)}" if unknown else f"name some of {', '.join(EVENTS)}"
        raise InvalidInput(f"events: {said}", errors=(ErrorAt("events", said),))
    if not 0 < len(projects) <= _MOST_PATTERNS or not all(projects):
        raise InvalidInput(
            f"projects: 1 to {_MOST_PATTERNS} patterns", errors=(ErrorAt("projects", "none, or too many"),)
        )
    if not _reaches(caller, projects):
        raise Forbidden("A webhook hears of no project that the key which makes it does not see.")


def _reaches(caller: Caller, projects: Sequence[str]) -> bool:
    return all(caller.covers(each) for each in projects)


def _new_secret() -> str:
    return f"whsec_{secrets.token_urlsafe(32)}"
