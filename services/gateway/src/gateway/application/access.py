"""Find out who calls, and whether they may."""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from gateway.application.ports import Keys, Releases, StoredKey, Tokens
from gateway.domain.access import Caller, Endpoint, Role
from gateway.domain.stages import ReleaseProgress
from gateway.domain.tokens import Issuer
from shared.clock import Clock, timestamp
from shared.errors import Forbidden, NotFound, Unauthenticated

_TOKEN = re.compile(r"eyJ[\w-]*\.[\w-]+\.[\w-]+")  # a JSON Web Token: three parts, of which the first begins with `{"`
_NOT_PLAIN = re.compile(r"[^ -~]")
_MOST_OF_A_SUBJECT = 255


@dataclass(frozen=True, slots=True)
class Access:
    """Authenticates callers by API key or token, and authorises them for endpoints and projects."""

    keys: Keys
    tokens: Tokens
    releases: Releases
    clock: Clock
    note_use: Callable[[str, str], None]

    async def authenticate(self, credential: str | None) -> Caller:
        """Return the caller of a key or token; raises Unauthenticated, with one sentence for every kind of wrong one."""
        if not credential:
            raise Unauthenticated("Send a key as `X-Api-Key: licet_…` or `Authorization: Bearer licet_…`.")
        if _TOKEN.fullmatch(credential):
            return await self._holder(credential)
        digest, now = key_hash(credential), timestamp(self.clock.now())
        key = await self.keys.by_hash(digest)
        if key is None or not _opens(key, digest, now):
            raise Unauthenticated("This key is not known, has expired or was revoked.")
        self.note_use(key.id, now)
        return _caller_of(key)

    async def _holder(self, token: str) -> Caller:
        """Return the caller whom the first grant that a token matches makes of who holds it."""
        found = await self.tokens.claims(token)
        if found is None:
            raise Unauthenticated("This token is of no issuer that is trusted here, or does not hold now.")
        issuer, claims = found
        grant = issuer.grant_for(claims)
        projects = grant.projects_for(claims) if grant else ()
        if grant is None or not projects:
            raise Unauthenticated("No grant of its issuer matches the claims of this token.")
        return Caller(_subject(issuer, claims), grant.roles, projects, _end(claims))

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


@lru_cache(1_000)
def _caller_of(key: StoredKey) -> Caller:
    return Caller(f"key:{key.id}", frozenset(map(Role, key.roles)), key.projects, key.expires_at)


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


def _subject(issuer: Issuer, claims: Mapping[str, Any]) -> str:
    """Return `token:<sub>@<host of the issuer>`, in characters that every log and header takes."""
    host = urlsplit(issuer.url).netloc or issuer.url
    return _NOT_PLAIN.sub("?", f"token:{claims['sub']}@{host}")[:_MOST_OF_A_SUBJECT]


def _end(claims: Mapping[str, Any]) -> str:
    """Return when the token ends, at the latest in the year 9999."""
    last = datetime(9999, 12, 31, tzinfo=UTC)
    return timestamp(datetime.fromtimestamp(min(claims["exp"], last.timestamp()), UTC))


def not_found(kind: str, name: str) -> NotFound:
    """Return the same error for what does not exist and what the caller may not see."""
    return NotFound(f"There is no {kind} {name!r} that this key may see.")


def key_hash(key: str) -> str:
    """Return what is stored of a key. Keys carry 256 random bits, so that a plain digest cannot be searched."""
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()
