"""Pages of lists: keyset pagination, whose token holds the last key that was shown and nothing secret."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec

from shared.errors import ErrorAt, InvalidInput

DEFAULT_LIMIT = 100
MAX_LIMIT = 1000
_POSITIONS = range(1 << 31)

Row = TypeVar("Row")


def page_limit(limit: int | None) -> int:
    """Return the number of items to show: 100 unless told, at most 1,000; raises InvalidInput."""
    if limit is None:
        return DEFAULT_LIMIT
    if limit < 1:
        raise InvalidInput("limit: at least 1", errors=(ErrorAt("limit", "at least 1"),))
    return min(limit, MAX_LIMIT)


def read_token(token: str | None, shape: type[Any]) -> Any:
    """Return the key in a page token, or None without one; raises InvalidInput for a token that is not ours."""
    if not token:
        return None
    try:
        padded = token + "=" * (-len(token) % 4)
        encoded = base64.urlsafe_b64decode(padded.encode("ascii"))
        if b"\\u0000" in encoded:
            raise ValueError("a key of ours has no NUL character")
        key = msgspec.json.decode(encoded, type=shape)
        if isinstance(key, int) and key not in _POSITIONS:
            raise ValueError("a position of ours is from 0 on and fits a column")
        return key
    except (ValueError, binascii.Error, msgspec.MsgspecError) as error:
        message = "not a token of this list: ask for the first page"
        raise InvalidInput(f"page_token: {message}", errors=(ErrorAt("page_token", message),)) from error


def write_token(key: Any) -> str:
    """Return the page token of the last key that was shown."""
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).decode().rstrip("=")


def page(rows: Sequence[Row], limit: int, key: Callable[[Row], Any], show: Callable[[Row], Any]) -> dict[str, Any]:
    """Return the list envelope of `rows`, of which one more than `limit` was fetched where there is a next page."""
    shown = rows[:limit]
    token = None
    if len(rows) > limit:
        token = write_token(key(shown[-1]))
    return {"items": [show(each) for each in shown], "next_page_token": token}
