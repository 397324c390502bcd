"""Reads the file of identity providers whose tokens are taken."""

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec
import yaml

from gateway.domain.access import Role
from gateway.domain.tokens import ALGORITHMS, Grant, Issuer

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_NotEmpty = Annotated[str, msgspec.Meta(min_length=1)]
_Some = Annotated[list[_NotEmpty], msgspec.Meta(min_length=1)]


class _GrantRow(msgspec.Struct, forbid_unknown_fields=True):
    when: dict[str, str | _Some]
    roles: Annotated[list[Role], msgspec.Meta(min_length=1)]
    projects: _Some


class _IssuerRow(msgspec.Struct, forbid_unknown_fields=True):
    issuer: _NotEmpty
    audience: _NotEmpty
    grants: Annotated[list[_GrantRow], msgspec.Meta(min_length=1)]
    algorithms: _Some = msgspec.field(default_factory=lambda: ["RS256", "ES256"])
    keys: str | None = None


class _File(msgspec.Struct, forbid_unknown_fields=True):
    issuers: list[_IssuerRow]


class WrongIssuers(ValueError):
    """The file of issuers says something that cannot be meant; the text says where."""


def read_issuers(path: Path) -> tuple[Issuer, ...]:
    """Return the issuers of the file; raises WrongIssuers."""
    try:
        rows = msgspec.convert(yaml.safe_load(path.read_bytes()), _File).issuers
        issuers = tuple(_issuer(row) for row in rows)
    except (OSError, yaml.YAMLError, msgspec.ValidationError, ValueError) as error:
        raise WrongIssuers(f"{path}: {error}") from error
    if len({each.url for each in issuers}) < len(issuers):
        raise WrongIssuers(f"{path}: an issuer is named twice; put its grants together")
    return issuers


def _issuer(row: _IssuerRow) -> Issuer:
    unknown = [each for each in row.algorithms if each not in ALGORITHMS]
    if unknown:
        raise ValueError(f"{row.issuer}: algorithm {unknown[0]!r} is none of {', '.join(ALGORITHMS)}")
    for each in (row.issuer, row.keys or row.issuer):
        if "://" in each and not is_safe_address(each):
            raise ValueError(f"{each}: keys are fetched over https, or http on loopback")
    if row.keys is None and "://" not in row.issuer:
        raise ValueError(f"{row.issuer}: is no URL, so `keys` must say where its key set is")
    grants = tuple(_grant(row.issuer, each) for each in row.grants)
    return Issuer(row.issuer, row.audience, grants, tuple(row.algorithms), row.keys)


def _grant(issuer: str, row: _GrantRow) -> Grant:
    if not row.when:
        raise ValueError(f"{issuer}: a grant without `when` would let in everybody with a token of this issuer")
    when = {name: (each,) if isinstance(each, str) else tuple(each) for name, each in row.when.items()}
    return Grant(when, frozenset(row.roles), tuple(row.projects))


def is_safe_address(url: Any) -> bool:
    """Whether nobody on the way can change what is fetched there."""
    parts = urlsplit(str(url))
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
