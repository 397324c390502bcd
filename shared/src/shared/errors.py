"""Every error that a caller may cause or meet.

LicetError
├── Unreadable            the body is no SBOM, or cannot be read
├── Malformed             the request itself breaks HTTP
├── OverLimit             a documented limit was passed; `limit` names it
├── TooSlow               the body did not come in its time
├── UnsupportedEncoding   a content encoding or container that is not taken
├── InvalidInput          readable, but against its rules; `errors` say where
├── Unauthenticated       no credentials, or wrong ones
├── Forbidden             known, but not allowed
├── NotFound              not there, or not to be seen by this caller
├── Conflict              contradicts the present state
├── PreconditionRequired  a change without the ETag of what it changes
├── PreconditionFailed    a change of something that has changed since it was read
├── NotReady              will be there later: ask again
├── RateLimited           asked too often: ask again after `retry_after` seconds
├── Saturated             no capacity now: ask again after `retry_after` seconds
└── Unavailable           another service, the database or the broker did not answer; `service` names it
    ├── BadAnswer         … with anything that is of use
    └── TimedOut          … within its time

Nothing here knows HTTP: `shared.web.problems` maps codes to statuses.
"""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class ErrorAt:
    """One fault at one place: a JSON pointer, XPath, line or parameter name, and what is wrong there."""

    pointer: str
    message: str


class LicetError(Exception):
    """The root. `detail` says what, where and what to do, in a sentence for people."""

    code: ClassVar[str] = "error"
    title: ClassVar[str] = "Error"

    def __init__(
        self,
        detail: str,
        *,
        errors: tuple[ErrorAt, ...] = (),
        limit: str | None = None,
        retry_after: int | None = None,
        service: str | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors
        self.limit = limit
        self.retry_after = retry_after
        self.service = service


class Unreadable(LicetError):
    code = "not-an-sbom"
    title = "Not an SBOM that can be read"


class Malformed(LicetError):
    code = "bad-request"
    title = "Malformed request"


class OverLimit(LicetError):
    code = "over-limit"
    title = "A limit was passed"


class TooSlow(LicetError):
    code = "too-slow"
    title = "The body came too slowly"


class UnsupportedEncoding(LicetError):
    code = "unsupported-encoding"
    title = "Unsupported encoding"


class InvalidInput(LicetError):
    code = "invalid-input"
    title = "Invalid input"


class Unauthenticated(LicetError):
    code = "unauthenticated"
    title = "Credentials are missing or wrong"


class Forbidden(LicetError):
    code = "forbidden"
    title = "Not allowed"


class NotFound(LicetError):
    code = "not-found"
    title = "Not found"


class Conflict(LicetError):
    code = "conflict"
    title = "Conflict"


class PreconditionRequired(LicetError):
    code = "precondition-required"
    title = "The change must name what it changes"


class PreconditionFailed(LicetError):
    code = "precondition-failed"
    title = "It has changed since"


class NotReady(LicetError):
    code = "not-ready"
    title = "Not ready yet"


class RateLimited(LicetError):
    code = "rate-limited"
    title = "Too many requests"


class Saturated(LicetError):
    code = "saturated"
    title = "No capacity now"


class Unavailable(LicetError):
    code = "unavailable"
    title = "A part of the system does not answer"


class BadAnswer(Unavailable):
    code = "bad-answer"
    title = "A part of the system gave an answer of no use"


class TimedOut(Unavailable):
    code = "timed-out"
    title = "A part of the system took too long"
