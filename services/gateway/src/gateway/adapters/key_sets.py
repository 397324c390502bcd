"""The public keys of identity providers: fetched when a token needs them, kept, and fetched anew for an unknown key."""

import asyncio
import ssl
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import Key, import_key

from gateway.adapters.issuers_file import is_safe_address
from gateway.domain.tokens import Issuer
from shared.clock import Clock
from shared.errors import Unavailable

_GOOD_SECONDS = 600.0
_PAUSE_SECONDS = 30.0  # between two fetches for keys that are not in the set, or after one that failed
_MOST_BYTES = 256 * 1024
_TIMEOUT = httpx.Timeout(5.0, connect=2.0)


@cache
def _trusted() -> ssl.SSLContext:
    """Whom to trust, which takes a tenth of a second to read: once in a process."""
    return httpx.create_ssl_context()


@dataclass(slots=True)
class _Kept:
    keys: dict[str, tuple[Key, str | None]] = field(default_factory=dict)  # kid → key, its algorithm if it names one
    fetched: float = float("-inf")
    tried: float = float("-inf")
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class KeySets:
    """The keys of each issuer by their `kid`. What was fetched once is used on while the issuer is away."""

    def __init__(self, clock: Clock, client: httpx.AsyncClient | None = None) -> None:
        self._clock = clock
        self._client = client or httpx.AsyncClient(timeout=_TIMEOUT, follow_redirects=False, verify=_trusted())
        self._kept: dict[str, _Kept] = defaultdict(_Kept)

    async def key(self, issuer: Issuer, kid: str | None, algorithm: str) -> Key | None:
        """Return the issuer's key of that id for that algorithm; without an id, its only key. Raises Unavailable."""
        kept = self._kept[issuer.url]
        async with kept.lock:
            if self._is_due(kept, kid):
                await self._fetch(issuer, kept)
        found = kept.keys.get(kid) if kid is not None else _only(kept)
        if found is None or found[1] not in (None, algorithm):
            return None
        return found[0]

    async def close(self) -> None:
        await self._client.aclose()

    def _is_due(self, kept: _Kept, kid: str | None) -> bool:
        now = self._clock.now().timestamp()
        is_old = now - kept.fetched >= _GOOD_SECONDS
        is_missing = kid is not None and kid not in kept.keys
        return (is_old or is_missing) and now - kept.tried >= _PAUSE_SECONDS

    async def _fetch(self, issuer: Issuer, kept: _Kept) -> None:
        kept.tried = self._clock.now().timestamp()
        try:
            document = await self._document(issuer)
            kept.keys = _keys(document)
            kept.fetched = kept.tried
        except (httpx.HTTPError, OSError, msgspec.MsgspecError, RecursionError, _NoKeySet) as error:
            if not kept.keys:
                said = f"The keys of the token issuer {issuer.url} cannot be had: {error or type(error).__name__}"
                raise Unavailable(said, service="token issuer") from error

    async def _document(self, issuer: Issuer) -> Any:
        if issuer.keys is not None and "://" not in issuer.keys:
            return msgspec.json.decode(await asyncio.to_thread(Path(issuer.keys).read_bytes))
        return await self._json(issuer.keys or await self._where(issuer))

    async def _where(self, issuer: Issuer) -> str:
        """Ask the issuer (OpenID Connect Discovery 1.0, section 4)."""
        said = await self._json(f"{issuer.url.rstrip('/')}/.well-known/openid-configuration")
        where = said.get("jwks_uri") if isinstance(said, dict) else None
        if not isinstance(where, str) or said.get("issuer") != issuer.url or not is_safe_address(where):
            raise _NoKeySet("its OpenID configuration names another issuer or no safe `jwks_uri`")
        return where

    async def _json(self, url: str) -> Any:
        async with self._client.stream("GET", url) as answer:
            if answer.status_code != httpx.codes.OK:
                raise _NoKeySet(f"{url} answered {answer.status_code}")
            content = bytearray()
            async for piece in answer.aiter_bytes():
                content += piece
                if len(content) > _MOST_BYTES:
                    raise _NoKeySet(f"{url} sends more than {_MOST_BYTES} bytes")
        return msgspec.json.decode(bytes(content))


class _NoKeySet(Exception):
    """What was fetched is no key set."""


def _keys(document: Any) -> dict[str, tuple[Key, str | None]]:
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise _NoKeySet("it has no list `keys`")
    return {str(each.get("kid", "")): found for each in listed if (found := _key(each)) is not None}


def _key(row: Any) -> tuple[Key, str | None] | None:
    """Return a public key for signatures; one of another kind or use is passed over, as RFC 7517 section 5 asks."""
    if not isinstance(row, dict) or row.get("kty") == "oct" or row.get("use", "sig") != "sig":
        return None
    try:
        return import_key(row), row.get("alg")
    except (JoseError, ValueError, TypeError, KeyError):
        return None


def _only(kept: _Kept) -> tuple[Key, str | None] | None:
    return next(iter(kept.keys.values())) if len(kept.keys) == 1 else None
