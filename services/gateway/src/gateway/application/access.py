"""Find out who calls, and whether they may."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.application.ports import Keys, Releases, StoredKey
from gateway.domain.access import Caller, Endpoint, Role
from shared.clock import Clock, NewId, timestamp
from shared.errors import ErrorAt, Forbidden, InvalidInput, NotFound, Unauthenticated

ADMIN_KEY_ID = "00000000-0000-7000-8000-000000000000"
"""The id of the key that the environment names."""

_MAX_NAME = 255
_YEARS = range(1970, 9999)  # a time zone shifts none of their moments out of the years that a timestamp can name


@dataclass(frozen=True, slots=True)
class Access:
    """Authenticates callers by API key and authorises them for endpoints and projects."""

    keys: Keys
    releases: Releases
    clock: Clock

    async def authenticate(self, credential: str | None) -> Caller:
        """Return the caller of a key; raises Unauthenticated, with one sentence for every kind of wrong key."""
        if not credential:
            raise Unauthenticated("Send a key as `X-Api-Key: licet_…` or `Authorization: Bearer licet_…`.")
        key = await self.keys.by_hash(key_hash(credential))
        if key is None or key.revoked_at or (key.expires_at and key.expires_at <= timestamp(self.clock.now())):
            raise Unauthenticated("This key is not known, has expired or was revoked.")
        return Caller(f"key:{key.id}", frozenset(map(Role, key.roles)), key.projects)

    async def authorise(self, caller: Caller, endpoint: Endpoint, path: dict[str, str]) -> None:
        """Raise Forbidden for a role that is not enough, NotFound for a project that the caller may not see."""
        if not caller.may(endpoint):
            needed = ", ".join(sorted(endpoint.roles))
            raise Forbidden(f"This needs one of the roles {needed}; the key has {', '.join(sorted(caller.roles))}.")
        match endpoint.scope:
            case "release":
                await self.authorise_release(caller, path["release_id"])
            case "document":
                await self._check(caller, "document", path["document_id"])
            case "project" if not caller.sees(path["project"]):
                raise not_found("release", f"{path['project']} {path['version']}")

    async def authorise_release(self, caller: Caller, release_id: str) -> None:
        """Raise NotFound for a release that is not there or that the caller may not see."""
        await self._check(caller, "release", release_id)

    async def _check(self, caller: Caller, kind: str, id_: str) -> None:
        if kind == "document":
            project = await self.releases.project_of_document(id_)
        else:
            progress = await self.releases.by_id(id_)
            project = progress.release.project if progress else None
        if project is None or not caller.sees(project):
            raise not_found(kind, id_)


def not_found(kind: str, name: str) -> NotFound:
    """Return the same error for what does not exist and what the caller may not see."""
    return NotFound(f"There is no {kind} {name!r} that this key may see.")


def key_hash(key: str) -> str:
    """Return what is stored of a key. Keys carry 256 random bits, so that a plain digest cannot be searched."""
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


@dataclass(frozen=True, slots=True)
class ManageKeys:
    """Makes, lists and revokes API keys."""

    keys: Keys
    clock: Clock
    new_id: NewId

    async def create(
        self, name: str, roles: Sequence[str], projects: Sequence[str], expires_at: datetime | None
    ) -> tuple[StoredKey, str]:
        """Return the stored key and the key itself, which is never to be seen again; raises InvalidInput."""
        _check(name, roles, projects, expires_at)
        secret = f"licet_{secrets.token_urlsafe(32)}"
        key = StoredKey(
            id=self.new_id(),
            name=name,
            sha256=key_hash(secret),
            roles=tuple(sorted(set(roles))),
            projects=tuple(projects),
            created_at=timestamp(self.clock.now()),
            expires_at=timestamp(expires_at) if expires_at else None,
        )
        await self.keys.add(key)
        return key, secret

    async def install_admin_key(self, secret: str) -> None:
        """Make `secret` the first administrator's key, in place of an earlier one."""
        now = timestamp(self.clock.now())
        admin = StoredKey(ADMIN_KEY_ID, "first administrator", key_hash(secret), (Role.ADMIN.value,), ("*",), now)
        await self.keys.replace(admin)

    async def all(self) -> list[StoredKey]:
        """Return every key, the revoked ones too."""
        return await self.keys.all()

    async def revoke(self, key_id: str) -> None:
        """Revoke the key at once; raises NotFound."""
        if not await self.keys.revoke(key_id, timestamp(self.clock.now())):
            raise NotFound(f"There is no key {key_id!r}.")


def _check(name: str, roles: Sequence[str], projects: Sequence[str], expires_at: datetime | None) -> None:
    if set(roles) - set(Role) or not roles:
        raise _refused("roles", f"one or more of {', '.join(sorted(Role))}")
    for field, text in (("name", name), *(("projects", each) for each in projects)):
        if not text.isprintable() or not 0 < len(text) <= _MAX_NAME:
            raise _refused(field, f"1 to {_MAX_NAME} printable characters")
    if expires_at is not None and expires_at.year not in _YEARS:
        raise _refused("expires_at", f"a moment in the years {_YEARS.start} to {_YEARS.stop - 1}")


def _refused(field: str, message: str) -> InvalidInput:
    return InvalidInput(f"{field}: {message}", errors=(ErrorAt(field, message),))
