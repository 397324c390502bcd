"""Whose questions a waiver settles, by the roles of who has approved it."""

from collections.abc import Iterable, Mapping
from typing import Final

_OSPO: Final = ("project", "ospo")
_ROUTES: Final[Mapping[str, tuple[str, ...]]] = {
    "reviewer": _OSPO,
    "legal": (*_OSPO, "legal"),
    "export-officer": ("export",),
    "admin": (*_OSPO, "legal", "export"),
}
"""Who may accept what (domain model §6.2)."""


def routes_of(roles: Iterable[str]) -> frozenset[str]:
    """Whose questions somebody in these roles may answer: legal and the administrator those of the OSPO too."""
    return frozenset(route for role in roles for route in _ROUTES.get(role, ()))
