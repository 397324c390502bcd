"""What schemathesis is told beside the document: names and ids that are there, since made-up ones meet 404 alone.

Loaded by schemathesis; `LICET_FUZZ_NAMES` holds them as JSON, lists by the name of the parameter.
"""

import json
import os
import zlib
from typing import Any

import schemathesis

_KNOWN: dict[str, list[str]] = json.loads(os.environ["LICET_FUZZ_NAMES"])
_OF_TEN = 8


def _known(name: str, made_up: Any) -> Any:
    """One of those that are there, eight times in ten; which one follows from what was made up."""
    chance = zlib.crc32(repr(made_up).encode("utf-8", "surrogatepass"))
    known = _KNOWN.get(name)
    return known[chance // 10 % len(known)] if known and chance % 10 < _OF_TEN else made_up


@schemathesis.hook
def map_path_parameters(context: Any, path_parameters: dict[str, Any] | None) -> dict[str, Any] | None:
    return path_parameters and {name: _known(name, value) for name, value in path_parameters.items()}


@schemathesis.hook
def map_query(context: Any, query: dict[str, Any] | None) -> dict[str, Any] | None:
    if not query:
        return query
    shown = {name: _known(f"?{name}", value) for name, value in query.items()}
    return shown | ({"wait": "1"} if "wait" in shown and str(shown["wait"]).isdecimal() else {})
