"""An obligation as the API shows it: its facts, and what is said of it now."""

import hashlib
from typing import Any

import msgspec

from obligations.domain.life import Life


def shown_obligation(facts_shown: dict[str, Any], facts: str | None, life: Life) -> dict[str, Any]:
    """The obligation with its life; `etag` differs when the facts or the life differ."""
    said: dict[str, Any] = msgspec.to_builtins(life)
    del said["reopened"]
    etag = hashlib.sha256(msgspec.json.encode([facts, life])).hexdigest()[:16]
    return {**facts_shown, **said, "etag": etag}
