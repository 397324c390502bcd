"""The NOTICE as JSON, in the shape that the API documents. ASCII only: what would steer a terminal is escaped."""

import json
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


def render_json(notice: Notice) -> bytes:
    """The document as bytes; the same notice gives the same bytes, and its strings come back unchanged."""
    document = _document(notice)
    try:
        # The same bytes as `json.dumps(indent=1)`, which encodes in Python and takes ten times as long.
        return msgspec.json.format(json.dumps(document, check_circular=False).encode("ascii"), indent=1) + b"\n"
    except msgspec.DecodeError:  # half of a surrogate pair: JSON can escape it, msgspec does not take it
        return json.dumps(document, indent=1).encode("ascii") + b"\n"


def _document(notice: Notice) -> dict[str, Any]:
    organization = notice.organization
    return {
        "schema_version": _SCHEMA_VERSION,
        "status": notice.status,
        "project": notice.project,
        "version": notice.version,
        "generator": notice.generator,
        "supplier": organization.name,
        "open_source_contact": organization.open_source_contact,
        "documents": dict(notice.documents),
        "components": [_component(each) for each in notice.components],
        "texts": [
            {"id": each.id, "license": each.license, "text": each.text, "source": each.source} for each in notice.texts
        ],
        "notices": [{"id": each.id, "text": each.text} for each in notice.notices],
        "statements": [
            {"kind": each.kind, "text": each.text, "components": _references(each.components)}
            for each in notice.statements
        ],
        "open_points": [
            {"kind": each.kind, "message": each.message, "components": _references(each.components)}
            for each in notice.open_points
        ],
    }


def _component(component: NoticeComponent) -> dict[str, Any]:
    return {
        "name": component.name,
        "version": component.version,
        "purl": component.purl,
        "supplier": component.supplier,
        "license": component.license,
        "chosen_from": component.chosen_from,
        "copyright": list(component.copyright),
        "notices": list(component.notices),
        "texts": list(component.texts),
        "modified": component.modified,
        "source": component.source,
    }


def _references(components: tuple[ComponentReference, ...]) -> list[dict[str, str | None]]:
    return [
        {"name": each.name, "version": each.version, "purl": each.purl, "source": each.source} for each in components
    ]


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
    )


def _read_component(said: dict[str, Any]) -> NoticeComponent:
    return msgspec.convert(said, NoticeComponent)


def _read_all(said: dict[str, Any]) -> tuple[ComponentReference, ...]:
    return tuple(ComponentReference(**each) for each in said["components"])
