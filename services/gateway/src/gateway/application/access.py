"""Find out who calls, and whether they may."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass

from gateway.application.ports import Keys, Releases, StoredKey
from gateway.domain.access import Caller, Endpoint, Role
from gateway.domain.stages import ReleaseProgress
from shared.clock import Clock, timestamp
from shared.errors import Forbidden, NotFound, Unauthenticated


@dataclass(frozen=True, slots=True)
class Access:
    """Authenticates callers by API key and authorises them for endpoints and projects."""

    keys: Keys
    releases: Releases
    clock: Clock
    note_use: Callable[[str, str], None]

    async def authenticate(self, credential: str | None) -> Caller:
        """Return the caller of a key; raises Unauthenticated, with one sentence for every kind of wrong key."""
        if not credential:
            raise Unauthenticated("Send a key as `X-Api-Key: licet_…` or `Authorization: Bearer licet_…`.")
        digest, now = key_hash(credential), timestamp(self.clock.now())
        key = await self.keys.by_hash(digest)
        if key is None or not _opens(key, digest, now):
            raise Unauthenticated("This key is not known, has expired or was revoked.")
        self.note_use(key.id, now)
        return Caller(f"key:{key.id}", frozenset(map(Role, key.roles)), key.projects, key.expires_at)

    async def authorise(self, caller: Caller, endpoint: Endpoint, path: dict[str, str]) -> ReleaseProgress | None:
        """Return the release that the path names, None if it names none or if the caller may know that it is not there.

        Raises Forbidden for a role that is not enough, NotFound for what the caller may not see.
        """
        _check_role(caller, endpoint)
        match endpoint.scope:
            case "release":
                return await self.authorise_release(caller, path["release_id"])
            case "archived-release":
                release = await self.releases.archived(path["release_id"])
                return _seen(caller, release, "archived release", path["release_id"])
            case "document":
                release = await self.releases.of_document(path["document_id"])
                _seen(caller, release, "document", path["document_id"])
            case "project":
                if not caller.sees(path["project"]):
                    raise not_found("release", f"{path['project']} {path['version']}")
                return await self.releases.by_name(path["project"], path["version"])
        return None

    async def authorise_release(self, caller: Caller, release_id: str) -> ReleaseProgress:
        """Return the release; raises NotFound for one that is not there or that the caller may not see."""
        return _seen(caller, await self.releases.by_id(release_id), "release", release_id)


def _check_role(caller: Caller, endpoint: Endpoint) -> None:
    if not caller.may(endpoint):
        needed = ", ".join(sorted(endpoint.roles))
        raise Forbidden(f"This needs one of the roles {needed}; the key has {', '.join(sorted(caller.roles))}.")


def _seen(caller: Caller, release: ReleaseProgress | None, kind: str, id_: str) -> ReleaseProgress:
    if release is None or not caller.sees(release.release.project):
        raise not_found(kind, id_)
    return release


def _opens(key: StoredKey, digest: str, now: str) -> bool:
    """Whether a credential of this digest opens anything now.

    The digest of a guess says nothing about that of a key, so that how long its search takes tells nothing either.
    """
    is_present = hmac.compare_digest(key.sha256, digest)
    is_previous = hmac.compare_digest(key.previous_sha256 or "", digest) and now < (key.previous_until or "")
    is_valid = key.revoked_at is None and (key.expires_at is None or now < key.expires_at)
    return is_valid and (is_present or is_previous)


def not_found(kind: str, name: str) -> NotFound:
    """Return the same error for what does not exist and what the caller may not see."""
    return NotFound(f"There is no {kind} {name!r} that this key may see.")


def key_hash(key: str) -> str:
    """Return what is stored of a key. Keys carry 256 random bits, so that a plain digest cannot be searched."""
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()
