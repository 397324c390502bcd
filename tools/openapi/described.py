"""How an operation is described: what may be asked, what is sent, what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from msgspec import Struct

JSON = "application/json"
Item = TypeVar("Item")


class Page(Struct, Generic[Item], frozen=True):
    """A page of a list; `next_page_token` goes on after it, null at the end."""

    items: list[Item]
    next_page_token: str | None


@dataclass(frozen=True, slots=True)
class Schema:
    """A JSON Schema written out, for what no type says."""

    schema: Mapping[str, Any]


TEXT = Schema({"type": "string"})
BYTES = Schema({})
"""Any bytes: their form is that of the media type."""

Shape = Any
"""A type that msgspec knows, or a Schema."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer that is no problem; `content` by media type, none for an empty body."""

    status: int
    content: Mapping[str, Shape] = field(default_factory=dict)
    says: str = "Done."


@dataclass(frozen=True, slots=True)
class Operation:
    """What the table of endpoints does not say. `query`: names from `parameters.QUERY`, with `name=a|b` for a choice.

    `body` by media type; `refusals`: statuses beside those that follow from the endpoint and the rest of this row.
    """

    answers: tuple[Answer, ...]
    query: tuple[str, ...] = ()
    required_query: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    body: Mapping[str, Shape] = field(default_factory=dict)
    needs_body: bool = True
    refusals: tuple[int, ...] = ()


def shows(shape: Shape, *query: str, status: int = 200, **more: Any) -> Operation:
    """An operation that answers JSON of this shape."""
    return Operation((Answer(status, {JSON: shape}),), query, **more)


def lists(item: Any, *query: str, **more: Any) -> Operation:
    """An operation that answers a page of such items."""
    return shows(Page[item], *query, "limit", "page_token", **more)


def takes(body: Shape, shape: Shape, *query: str, status: int = 200, **more: Any) -> Operation:
    """An operation that takes and answers JSON."""
    return shows(shape, *query, status=status, body={JSON: body}, **more)
