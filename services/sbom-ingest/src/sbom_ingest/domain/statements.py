"""The `licet:…` statements that a document may make beside its standard's own fields."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, get_args

from sbom_ingest.domain.draft import Draft
from shared.contracts.inventory import Linkage

PREFIX = "licet:"
_LINKAGES: tuple[Linkage, ...] = get_args(Linkage)


@dataclass(slots=True)
class Statements:
    """What `licet:` properties or annotations say of one component; None and empty where they say nothing."""

    notices: list[str] = field(default_factory=list)
    notice_status: Literal["present", "absent"] | None = None
    linkage: Linkage | None = None
    modified: bool | None = None
    source_url: str | None = None


def stated(pairs: Iterable[tuple[str, str]], draft: Draft, pointer: str) -> Statements:
    """Read (name, value) pairs whose names start with `licet:`; warns of a name or value that is not known."""
    statements = Statements()
    for name, value in pairs:
        if not _state(statements, name, value, draft, pointer):
            draft.warn("unknown-statement", f"{name} does not take {value[:80]!r}: see the API's list", pointer)
    return statements


def _state(statements: Statements, name: str, value: str, draft: Draft, pointer: str) -> bool:
    match name.removeprefix(PREFIX), value:
        case "notice", _:
            statements.notices.append(draft.texts.add(value, pointer))
        case "notice-status", "present" | "absent":
            statements.notice_status = "present" if value == "present" else "absent"
        case "linkage", _ if value in _LINKAGES:
            statements.linkage = next(linkage for linkage in _LINKAGES if linkage == value)
        case "modified", "true" | "false":
            statements.modified = value == "true"
        case "source-url", _:
            statements.source_url = value or None
        case _:
            return False
    return True
