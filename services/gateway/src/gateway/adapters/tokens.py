"""Checks JSON Web Tokens: signature, issuer, audience and times (RFC 7519, RFC 8725)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError

from gateway.adapters.key_sets import KeySets
from gateway.domain.tokens import Issuer
from shared.clock import Clock

_MOST_CHARACTERS = 16 * 1024
_LEEWAY_SECONDS = 30
_ESSENTIAL = ("iss", "aud", "exp", "sub")


@dataclass(frozen=True, slots=True)
class JsonWebTokens:
    """The tokens of the configured issuers."""

    issuers: Mapping[str, Issuer]
    keys: KeySets
    clock: Clock

    async def claims(self, token: str) -> tuple[Issuer, Mapping[str, Any]] | None:
        """Return the issuer and the claims of a token that holds now, else None; raises Unavailable without its keys."""
        try:
            return await self._checked(token)
        except (JoseError, ValueError, TypeError, RecursionError):  # whatever is wrong with it, it opens nothing
            return None

    async def close(self) -> None:
        await self.keys.close()

    async def _checked(self, token: str) -> tuple[Issuer, Mapping[str, Any]] | None:
        if len(token) > _MOST_CHARACTERS:
            return None
        parsed = jws.extract_compact(token.encode())
        header, said = parsed.headers(), json.loads(parsed.payload, object_pairs_hook=_each_name_once)
        issuer = self.issuers.get(said.get("iss", "")) if isinstance(said.get("iss"), str) else None
        algorithm, kid = header.get("alg"), header.get("kid")
        if issuer is None or algorithm not in issuer.algorithms or not isinstance(kid, str | None) or "crit" in header:
            return None
        key = await self.keys.key(issuer, kid, algorithm)
        if key is None:
            return None
        claims = jwt.decode(token, key, algorithms=list(issuer.algorithms)).claims
        self._expected(issuer).validate(claims)
        return issuer, claims

    def _expected(self, issuer: Issuer) -> jwt.JWTClaimsRegistry:
        options: dict[str, Any] = {name: {"essential": True} for name in _ESSENTIAL}
        options["iss"]["value"], options["aud"]["value"] = issuer.url, issuer.audience
        return jwt.JWTClaimsRegistry(int(self.clock.now().timestamp()), _LEEWAY_SECONDS, **options)


def _each_name_once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """A claim that is there twice is read differently by different readers (RFC 8725 section 2.4)."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name is there twice")
    return found
