"""Answers as JSON."""

from typing import Any

import msgspec
from fastapi import Response


def json_response(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Return the value as an answer in JSON."""
    return Response(msgspec.json.encode(body), status, headers, "application/json")
