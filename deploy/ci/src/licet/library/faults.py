"""Every error of the client.

Fault
├── WrongUse        what was asked for makes no sense, or a file or setting is not as it must be
├── Unreachable     no answer came: no such host, connection refused, certificate not trusted
├── Refused         the server answered with a problem (RFC 9457)
├── Interrupted     an answer broke off, or is not what the API promises
└── DeadlinePassed  what was waited for did not come in time
"""

from typing import Final

from msgspec import Struct, field


class Place(Struct, frozen=True):
    """One fault at one place: a JSON pointer, XPath, line or parameter name, and what is wrong there."""

    pointer: str
    message: str


class Problem(Struct, frozen=True):
    """A problem as the server states it (RFC 9457)."""

    title: str
    status: int
    type: str = "about:blank"
    detail: str = ""
    errors: list[Place] = field(default_factory=list)
    limit: str | None = None
    service: str | None = None

    @property
    def kind(self) -> str:
        """The last part of `type`, such as `not-found`."""
        return self.type.rpartition(":")[2]


class Fault(Exception):
    """The root. `what` happened, `where` (None when it is the whole request), and `to_do` about it."""

    def __init__(self, what: str, *, where: str | None = None, to_do: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.to_do = to_do


class WrongUse(Fault):
    """What was asked for makes no sense, or a file or setting is not as it must be."""


class Unreachable(Fault):
    """No answer came at all."""


class Interrupted(Fault):
    """An answer broke off, or is not what the API promises."""


class DeadlinePassed(Fault):
    """What was waited for did not come in the time that the caller gave."""


class Refused(Fault):
    """The server answered with a problem; `request_id` finds the request in its logs."""

    def __init__(self, problem: Problem, where: str, request_id: str | None = None) -> None:
        what = f"{problem.title}: {problem.detail}" if problem.detail else problem.title
        super().__init__(what, where=where, to_do=_TO_DO.get(problem.kind, ""))
        self.problem = problem
        self.request_id = request_id


_TO_DO: Final = {
    "unauthenticated": "Set LICET_API_KEY to a valid key, or run `licet login`.",
    "forbidden": "Use a key that has the role and the project; an administrator makes one with `licet keys create`.",
    "not-found": "Check the names and their spelling; if they are right, ask for a key that may see the project.",
    "not-an-sbom": "Send a CycloneDX, SPDX, ORT or ScanCode document, as the scanner wrote it.",
    "invalid-input": "Correct the places named, or the tool that wrote the document.",
    "over-limit": "Send the parts of the product one by one with --part, or leave out what is too large.",
    "rate-limited": "Try again later, or ask for a higher limit.",
    "saturated": "Try again later; nothing was stored.",
    "unavailable": "Try again later; if it stays, tell those who run the server.",
    "timed-out": "Try again later; a document that was stored is recognised and not stored twice.",
    "internal": "Report it to those who run the server, with the request id.",
}
