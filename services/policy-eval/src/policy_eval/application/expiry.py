"""Until when a waiver holds: 12 months unless told, and never longer than 24; and when it is looked at again."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from shared.clock import timestamp
from shared.errors import ErrorAt, InvalidInput

_DEFAULT: Final = timedelta(days=365)
_LONGEST: Final = timedelta(days=731)


def expiry(written: str | None, now: datetime) -> datetime:
    """Return when a waiver ends, a bare day at its end in UTC; raises InvalidInput for what is past or too far away."""
    if written is None:
        return now + _DEFAULT
    moment = _moment(written)
    if moment <= now:
        raise refused("/expires_at", "is past")
    if moment > now + _LONGEST:
        raise refused("/expires_at", "at most 24 months from now")
    return moment


def check_review_date(day: date | None, now: datetime, ends: datetime) -> None:
    """Raise InvalidInput for a day that is not to come, or that comes after the waiver has ended."""
    if day is None:
        return
    if day <= now.date():
        raise refused("/review_date", "a day that is still to come")
    if day > ends.date():
        raise refused(
            "/review_date", f"not after the waiver ends ({timestamp(ends)}); leave it out, or let it end later"
        )


def refused(pointer: str, message: str) -> InvalidInput:
    """Return the error for a field of a body."""
    return InvalidInput(f"{pointer[1:]}: {message}", errors=(ErrorAt(pointer, message),))


def _moment(written: str) -> datetime:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError as error:
        raise refused("/expires_at", "a time such as 2026-12-31T00:00:00Z, or a day such as 2026-12-31") from error
    if len(written) <= len("2026-12-31"):
        moment = datetime.combine(moment.date(), time.max)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
