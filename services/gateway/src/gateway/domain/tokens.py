"""Which tokens of other identity providers are taken, and what whoever holds one may do."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from gateway.domain.access import Role

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
"""What a token may be signed with: with a key pair only, since a shared secret would let each who checks also sign
(RFC 8725 section 3.1)."""

_PLACE = re.compile(r"\{([^{}]+)\}")
_SPECIAL = re.compile(r"([*?\[])")


@dataclass(frozen=True, slots=True)
class Grant:
    """Roles in projects for tokens of whose claims each in `when` has one of the values (`*` matches any text).

    A claim that is inside of another is named with dots, as in `realm_access.roles`. In `projects`, `{claim}` stands for
    the value of a claim that is one text.
    """

    when: Mapping[str, tuple[str, ...]]
    roles: frozenset[Role]
    projects: tuple[str, ...]

    def matches(self, claims: Mapping[str, Any]) -> bool:
        return all(
            any(fnmatchcase(value, pattern) for value in _values(claims, name) for pattern in patterns)
            for name, patterns in self.when.items()
        )

    def projects_for(self, claims: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the patterns with the claims filled in; one whose claim is not there is left out."""
        filled = (_filled(pattern, claims) for pattern in self.projects)
        return tuple(each for each in filled if each is not None)


@dataclass(frozen=True, slots=True)
class Issuer:
    """An identity provider as it is configured.

    `url`: what its tokens name as `iss`; `audience`: what they must name as `aud`. `keys`: the URL or the file of its JSON
    Web Key Set; None: where its OpenID configuration says.
    """

    url: str
    audience: str
    grants: tuple[Grant, ...]
    algorithms: tuple[str, ...] = ("RS256", "ES256")
    keys: str | None = None

    def grant_for(self, claims: Mapping[str, Any]) -> Grant | None:
        """Return the first grant that the claims match. Only one counts, so that no roles reach projects of another."""
        return next((each for each in self.grants if each.matches(claims)), None)


def _values(claims: Mapping[str, Any], name: str) -> Iterable[str]:
    found: Any = claims[name] if name in claims else _inside(claims, name.split("."))
    match found:
        case str():
            return (found,)
        case bool():
            return (str(found).lower(),)
        case int():
            return (str(found),)
        case list():
            return (each for each in found if isinstance(each, str))
        case _:
            return ()


def _inside(claims: Any, names: list[str]) -> Any:
    for name in names:
        claims = claims.get(name) if isinstance(claims, dict) else None
    return claims


def _filled(pattern: str, claims: Mapping[str, Any]) -> str | None:
    """The value stands for itself: what would be a pattern in it is no pattern."""
    parts = _PLACE.split(pattern)
    for place in range(1, len(parts), 2):
        values = list(_values(claims, parts[place]))
        if len(values) != 1 or not values[0]:
            return None
        parts[place] = _SPECIAL.sub(r"[\1]", values[0])
    return "".join(parts)
