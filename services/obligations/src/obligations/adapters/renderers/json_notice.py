"""The NOTICE as JSON, in the shape that the API documents. ASCII only: what would steer a terminal is escaped."""

import codecs
import json
from collections.abc import Iterator
from typing import Any

import msgspec

from obligations.domain.notice import (
    ComponentReference,
    Notice,
    NoticeComponent,
    NoticeText,
    OpenPoint,
    Organization,
    Statement,
    UpstreamNotice,
)

_SCHEMA_VERSION = 1
_PIECE = 64 * 1024
_ESCAPED = "licet.json-escapes"


def render_json(notice: Notice) -> bytes:
    """The document as bytes; the same notice gives the same bytes, and its strings come back unchanged."""
    document = _document(notice)
    try:
        printed = msgspec.json.format(msgspec.json.encode(document), indent=1)
    except UnicodeEncodeError:  # half of a surrogate pair: JSON can escape it, msgspec does not take it
        return json.dumps(msgspec.to_builtins(document), indent=1).encode("ascii") + b"\n"
    return b"".join(_in_ascii(printed)) + b"\n"


def _in_ascii(printed: bytes) -> Iterator[bytes]:
    """Pieces of some 64 KiB, whole lines each, with everything beyond printable ASCII escaped."""
    first = 0
    while first < len(printed):
        end = printed.find(b"\n", first + _PIECE) + 1 or len(printed)
        piece = printed[first:end].replace(b"\x7f", b"\\u007f")
        yield piece if piece.isascii() else piece.decode("utf-8").encode("ascii", _ESCAPED)
        first = end


def _escape(error: UnicodeError) -> tuple[str, int]:
    """What codecs.register_error wants: the replacement, and where to go on."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


codecs.register_error(_ESCAPED, _escape)


def _document(notice: Notice) -> dict[str, Any]:
    """What is printed; components, texts, statements and so on are printed with the names of their fields."""
    return {
        "schema_version": _SCHEMA_VERSION,
        "status": notice.status,
        "project": notice.project,
        "version": notice.version,
        "generator": notice.generator,
        "supplier": notice.organization.name,
        "open_source_contact": notice.organization.open_source_contact,
        "documents": dict(notice.documents),
        **({"header": notice.header} if notice.header else {}),
        **({"included_scopes": notice.included_scopes} if notice.included_scopes else {}),
        "components": notice.components,
        "texts": notice.texts,
        "notices": notice.notices,
        "statements": notice.statements,
        "open_points": notice.open_points,
    }


def read_json(content: bytes) -> Notice:
    """The NOTICE that `render_json` printed."""
    said = json.loads(content)
    return Notice(
        project=said["project"],
        version=said["version"],
        organization=Organization(said["supplier"], said["open_source_contact"]),
        generator=said["generator"],
        documents=tuple(said["documents"].items()),
        components=tuple(_read_component(each) for each in said["components"]),
        statements=tuple(Statement(each["kind"], each["text"], _read_all(each)) for each in said["statements"]),
        texts=tuple(NoticeText(**each) for each in said["texts"]),
        notices=tuple(UpstreamNotice(**each) for each in said["notices"]),
        open_points=tuple(OpenPoint(each["kind"], each["message"], _read_all(each)) for each in said["open_points"]),
        header=said.get("header"),
        included_scopes=tuple(said.get("included_scopes", ())),
    )


def _read_component(said: dict[str, Any]) -> NoticeComponent:
    return msgspec.convert(said, NoticeComponent)


def _read_all(said: dict[str, Any]) -> tuple[ComponentReference, ...]:
    return tuple(ComponentReference(**each) for each in said["components"])
