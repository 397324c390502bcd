"""Writes the gateway's OpenAPI document: `python -m tools.make_openapi`. A test fails when it is not up to date."""

import json
from pathlib import Path
from typing import Final

from tools.openapi.document import document

FILE: Final = Path(__file__).resolve().parent.parent / "services/gateway/src/gateway/entrypoints/openapi.json"


def render() -> str:
    """Return the file."""
    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(render(), encoding="utf-8")
