"""Makes shared/contracts/schemas/*.json, the JSON Schemas of the events, from their definitions in Python.

    python tools/make_event_schemas.py

Run it when an event gains an optional field, and commit the result; a test refuses any other change within a version.
"""

import json
from pathlib import Path
from typing import Any

import msgspec

from shared.contracts.envelope import Envelope
from shared.contracts.events import EVENT_TYPES

TARGET = Path(__file__).parents[1] / "shared/src/shared/contracts/schemas"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, str]:
    """Return file name → JSON Schema (2020-12), of the envelope and of the data of every event type."""
    types = {"envelope": Envelope} | EVENT_TYPES
    return {f"{name}.json": _text(_schema(type_)) for name, type_ in sorted(types.items())}


def _schema(type_: type[msgspec.Struct]) -> dict[str, Any]:
    schema = msgspec.json.schema(type_, schema_hook=lambda _raw: {})
    return {"$schema": _DIALECT} | schema


def _text(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def main() -> None:
    TARGET.mkdir(exist_ok=True)
    for name, text in schemas().items():
        (TARGET / name).write_text(text)
        print(TARGET / name)


if __name__ == "__main__":
    main()
