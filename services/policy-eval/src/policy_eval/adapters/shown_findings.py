"""Stored findings as the API shows them."""

import uuid
from typing import Any

import msgspec

_LONGEST_ON_A_PATH = 255


def name_on_a_path(name: str) -> str:
    """A component's name as paths show it: on those of thousands of others, so that of a long one only the beginning."""
    return name if len(name) <= _LONGEST_ON_A_PATH else f"{name[: _LONGEST_ON_A_PATH - 1]}…"


def named_paths(paths: bytes | None, names: dict[int, str]) -> list[list[str]]:
    return [[names[step] for step in path] for path in msgspec.json.decode(paths or b"[]")]


def shown_finding(row: Any, evaluation_id: str, names: dict[int, str]) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid5(uuid.UUID(evaluation_id), str(row.rank))),
        **finding_itself(row),
        "paths": named_paths(row.paths, names) or msgspec.json.decode(row.question).get("paths", []),
        "waived": waived(row),
        "inherited_from": row.inherited_from,
    }


def waived(row: Any) -> Any:
    return msgspec.json.decode(row.waived) if row.waived else None


def finding_itself(row: Any) -> dict[str, Any]:
    """What a finding says wherever it is shown."""
    asked = msgspec.json.decode(row.question)
    subject = {"purl": row.purl, "name": row.name, "version": row.version}
    return {
        "fingerprint": row.fingerprint,
        "rule": asked["rule"],
        "severity": asked["severity"],
        "kind": asked["kind"],
        "subject": msgspec.json.decode(row.subject) if row.subject else subject,
        "license": asked["license"],
        "route": asked["route"],
        "message": asked["message"],
        "how_to_fix": asked["how_to_fix"],
    }
