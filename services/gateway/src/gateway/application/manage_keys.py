"""Make, show, rotate and revoke API keys. Nobody makes or touches a key that reaches further than the own one."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from gateway.application.access import key_hash
from gateway.application.ports import Keys, StoredKey
from gateway.domain.access import Caller, Role
from shared.clock import Clock, NewId, timestamp
from shared.errors import Conflict, ErrorAt, Forbidden, InvalidInput, NotFound

ADMIN_KEY_ID = "00000000-0000-7000-8000-000000000000"
"""The id of the key that the environment names."""

MAX_OVERLAP = timedelta(days=30)
_MAX_NAME = 255
_YEARS = range(1970, 9999)  # a time zone shifts none of their moments out of the years that a timestamp can name
_OF_OURS = "licet_"


@dataclass(slots=True)
class LastUse:
    """Remembers when keys were last used, and stores it now and then, so that no question has to write."""

    keys: Keys
    _used: dict[str, str] = field(default_factory=dict)
    _unsaved: set[str] = field(default_factory=set)

    def note(self, key_id: str, moment: str) -> None:
        self._used[key_id] = moment
        self._unsaved.add(key_id)

    def of(self, key: StoredKey) -> StoredKey:
        """Return the key with its last use, stored or not."""
        return replace(key, last_used_at=self._used.get(key.id, key.last_used_at))

    async def save(self) -> None:
        used = {key_id: self._used[key_id] for key_id in self._unsaved}
        if used:
            await self.keys.note_use(used)
        self._unsaved -= used.keys()


@dataclass(frozen=True, slots=True)
class WantedKey:
    """What a new key is to be; without `projects` it has those of who makes it."""

    name: str
    roles: Sequence[str]
    projects: Sequence[str] | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ManageKeys:
    """Makes, lists, rotates and revokes API keys."""

    keys: Keys
    last_use: LastUse
    clock: Clock
    new_id: NewId

    async def create(self, caller: Caller, wanted: WantedKey) -> tuple[StoredKey, str]:
        """Return the stored key and the key itself, which is never to be seen again.

        Raises InvalidInput, and Forbidden for a key that would see more projects than the caller's or outlive it.
        """
        projects = tuple(caller.projects if wanted.projects is None else wanted.projects)
        _check(wanted, projects)
        expires_at = timestamp(wanted.expires_at) if wanted.expires_at else caller.expires_at
        _check_reach(caller, projects, expires_at)
        secret = _new_secret()
        key = StoredKey(
            id=self.new_id(),
            name=wanted.name,
            sha256=key_hash(secret),
            roles=tuple(sorted(set(wanted.roles))),
            projects=projects,
            created_at=self._now(),
            expires_at=expires_at,
            prefix=_prefix(secret),
        )
        await self.keys.add(key)
        return key, secret

    async def rotate(self, caller: Caller, key_id: str, overlap: timedelta) -> tuple[StoredKey, StoredKey, str]:
        """Return the key before, the key after and its new secret; the one before is good for `overlap` more.

        It stays the same key: its id, and so whom the records name, does not change. Raises NotFound; Conflict for a key
        that opens nothing any more; InvalidInput.
        """
        if not timedelta() <= overlap <= MAX_OVERLAP:
            raise _refused("overlap_seconds", f"from 0 to {MAX_OVERLAP.total_seconds():.0f}")
        before = await self.one(caller, key_id)
        if before.revoked_at or (before.expires_at and before.expires_at <= self._now()):
            raise Conflict("This key has expired or was revoked; make a new one.")
        secret = _new_secret()
        after = replace(
            before,
            sha256=key_hash(secret),
            prefix=_prefix(secret),
            previous_sha256=before.sha256,
            previous_until=timestamp(self.clock.now() + overlap),
        )
        await self.keys.replace(after)
        return before, after, secret

    async def install_admin_key(self, secret: str) -> None:
        """Make `secret` the first administrator's key, in place of an earlier one.

        The same secret is installed once: what became of its key since, be it rotated or revoked, is left as it is.
        """
        digest = key_hash(secret)
        known = await self.keys.by_id(ADMIN_KEY_ID)
        if known is not None and digest == (known.installed_sha256 or known.sha256):
            return
        admin = StoredKey(
            ADMIN_KEY_ID,
            "first administrator",
            digest,
            (Role.ADMIN.value,),
            ("*",),
            self._now(),
            installed_sha256=digest,
        )
        await self.keys.replace(admin)

    async def all(self, caller: Caller) -> list[StoredKey]:
        """Return every key that reaches no further than the caller, the revoked ones too."""
        return [self.last_use.of(each) for each in await self.keys.all() if _reaches(caller, each)]

    async def one(self, caller: Caller, key_id: str) -> StoredKey:
        """Return the key; raises NotFound, also for one that reaches further than the caller."""
        key = await self.keys.by_id(key_id)
        if key is None or not _reaches(caller, key):
            raise NotFound(f"There is no key {key_id!r}.")
        return self.last_use.of(key)

    async def revoke(self, caller: Caller, key_id: str) -> tuple[StoredKey, StoredKey]:
        """Revoke the key at once; return it as it was and as it is; raises NotFound."""
        before, now = await self.one(caller, key_id), self._now()
        if not await self.keys.revoke(key_id, now):
            raise NotFound(f"There is no key {key_id!r}.")
        return before, replace(before, revoked_at=now)

    def _now(self) -> str:
        return timestamp(self.clock.now())


def _new_secret() -> str:
    return f"{_OF_OURS}{secrets.token_urlsafe(32)}"


def _prefix(secret: str) -> str:
    """Return the beginning of a key of ours, which tells it from others: 24 of its 256 random bits."""
    return secret[: len(_OF_OURS) + 4]


def _reaches(caller: Caller, key: StoredKey) -> bool:
    return all(map(caller.covers, key.projects))


def _check_reach(caller: Caller, projects: Sequence[str], expires_at: str | None) -> None:
    beyond = [each for each in projects if not caller.covers(each)]
    if beyond:
        raise Forbidden(f"A key for {beyond[0]!r} would see more projects than the one that makes it.")
    if caller.expires_at and (expires_at is None or expires_at > caller.expires_at):
        raise Forbidden(f"A key must not outlive the one that makes it, which expires at {caller.expires_at}.")


def _check(wanted: WantedKey, projects: Sequence[str]) -> None:
    if set(wanted.roles) - set(Role) or not wanted.roles:
        raise _refused("roles", f"one or more of {', '.join(sorted(Role))}")
    for field_, text in (("name", wanted.name), *(("projects", each) for each in projects)):
        if not text.isprintable() or not 0 < len(text) <= _MAX_NAME:
            raise _refused(field_, f"1 to {_MAX_NAME} printable characters")
    if wanted.expires_at is not None and wanted.expires_at.year not in _YEARS:
        raise _refused("expires_at", f"a moment in the years {_YEARS.start} to {_YEARS.stop - 1}")


def _refused(field_: str, message: str) -> InvalidInput:
    return InvalidInput(f"{field_}: {message}", errors=(ErrorAt(field_, message),))
