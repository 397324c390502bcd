"""An obligation as the API shows it: its facts, and what is said of it now."""

import hashlib
from typing import Any

import msgspec

from obligations.domain.evidence import shown
from obligations.domain.life import Life

_NEWER = ("fulfilment_by", "fulfilment_at", "verified_at")


def shown_obligation(facts_shown: dict[str, Any], facts: str | None, life: Life) -> dict[str, Any]:
    """The obligation with its life; `etag` differs when the facts or the life differ."""
    said: dict[str, Any] = msgspec.to_builtins(life)
    # Where nothing newer was said the ETag is that of older versions, which may run beside this one.
    told = {name: value for name, value in said.items() if value is not None or name not in _NEWER}
    etag = hashlib.sha256(msgspec.json.encode([facts, told])).hexdigest()[:16]
    del said["reopened"]
    return {**facts_shown, **said, "evidence": [shown(each) for each in life.evidence], "etag": etag}
