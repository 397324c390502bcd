"""What people outside ask about open source: inquiries and requests for source, received → acknowledged → answered.

ISO/IEC 5230 §3.2.1 asks for a public contact and a procedure for such inquiries.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field
from msgspec.structs import replace

from obligations.domain.life import Comment, Refused
from shared.clock import timestamp
from shared.contracts.response_times import ResponseTimes

Kind = Literal["inquiry", "source-request"]
Status = Literal["received", "acknowledged", "answered"]
Line = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^[^\x00]*$")]
Text = Annotated[str, Meta(max_length=20_000)]
ReleaseId = Annotated[str, Meta(pattern=r"^[0-9a-f-]{36}$")]

_MOVES: Final[Mapping[Status, tuple[Status, ...]]] = {
    "received": ("acknowledged", "answered"),
    "acknowledged": ("answered",),
    "answered": ("acknowledged",),
}


class NewInquiry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is recorded of one. `sender`: who asks, and how they are reached; `received_at` left out = now."""

    kind: Kind
    sender: Line = field(name="from")
    subject: Line
    message: Text = ""
    received_at: Annotated[datetime, Meta(tz=True)] | None = None
    project: Line | None = None
    release: ReleaseId | None = None
    licenses: Annotated[tuple[Line, ...], Meta(max_length=100)] = ()
    components: Annotated[tuple[Line, ...], Meta(max_length=1000)] = ()


class Inquiry(Struct, frozen=True, kw_only=True):
    """An inquiry with its deadlines, which are those of the day it was recorded, and what was done about it.

    `sources`: of a request for the source of a release, where its source bundle list is; once answered, as of the
    evaluation that was current then.
    """

    id: str
    kind: Kind
    status: Status = "received"
    sender: str = field(name="from")
    subject: str
    message: str
    received_at: str
    project: str | None
    release: str | None
    licenses: tuple[str, ...]
    components: tuple[str, ...]
    acknowledge_by: str
    answer_by: str | None
    recorded_at: str
    recorded_by: str
    assignee: str | None = None
    acknowledged_at: str | None = None
    acknowledged_by: str | None = None
    answer: str | None = None
    evidence: tuple[str, ...] = ()
    answered_at: str | None = None
    answered_by: str | None = None
    sources: str | None = None
    comments: tuple[Comment, ...] = ()
    changed_at: str | None = None
    changed_by: str | None = None
    changed_from: Status | None = None

    def next_deadline(self) -> str | None:
        """Return until when the next step should be taken; None where nothing is open, or no time is set for it."""
        match self.status:
            case "received":
                return min(self.acknowledge_by, self.answer_by or self.acknowledge_by)
            case "acknowledged":
                return self.answer_by
            case "answered":
                return None


class InquiryChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person wants to change; what is unset stays. `evidence` replaces the list, `comment` is added."""

    status: Status | UnsetType = UNSET
    answer: Text | UnsetType | None = UNSET
    evidence: Annotated[tuple[Line, ...], Meta(max_length=100)] | UnsetType = UNSET
    release: ReleaseId | UnsetType = UNSET
    assignee: Line | UnsetType | None = UNSET
    comment: Text | UnsetType = UNSET


def recorded(new: NewInquiry, project: str | None, times: ResponseTimes, at: datetime, by: tuple[str, str]) -> Inquiry:
    """Return the inquiry with its deadlines, as recorded at this moment; `by`: its id, and who records it."""
    received = (new.received_at or at).astimezone(UTC)
    calendar, day = times.calendar(), received.date()
    days = times.source_request if new.kind == "source-request" else times.inquiry
    return Inquiry(
        id=by[0],
        kind=new.kind,
        sender=new.sender,
        subject=new.subject,
        message=new.message,
        received_at=timestamp(received),
        project=project,
        release=new.release,
        licenses=new.licenses,
        components=new.components,
        acknowledge_by=timestamp(calendar.end_of_period(day, times.acknowledgement)),
        answer_by=None if days is None else timestamp(calendar.end_of_period(day, days)),
        recorded_at=timestamp(at),
        recorded_by=by[1],
    )


def changed(inquiry: Inquiry, change: InquiryChange, by: str, at: str) -> Inquiry:
    """Return the inquiry after the change; raises Refused for one that its state does not allow."""
    given = {name: getattr(change, name) for name in ("answer", "evidence", "release", "assignee")}
    after = replace(inquiry, **{name: value for name, value in given.items() if value is not UNSET})
    if change.comment is not UNSET and change.comment.strip():
        after = replace(after, comments=(*after.comments, Comment(by, at, change.comment)))
    if change.status is not UNSET and change.status != inquiry.status:
        after = _moved(after, change.status, by, at)
    elif inquiry.status == "answered" and _answer_of(after) != _answer_of(inquiry):
        raise Refused(
            "What was answered stays as it was: make it acknowledged again first, with a comment that says why."
        )
    if inquiry.status == "answered" and after.comments == inquiry.comments and after.status != "answered":
        raise Refused("An answered inquiry is acknowledged again for a reason: say it in `comment`.")
    return replace(after, changed_at=at, changed_by=by, changed_from=inquiry.status)


def _moved(inquiry: Inquiry, to: Status, by: str, at: str) -> Inquiry:
    if to not in _MOVES[inquiry.status]:
        allowed = ", ".join(_MOVES[inquiry.status])
        raise Refused(f"An inquiry that is {inquiry.status} cannot become {to}; it can become {allowed}.")
    first: dict[str, Any] = {} if inquiry.acknowledged_at else {"acknowledged_at": at, "acknowledged_by": by}
    if to == "acknowledged":
        return replace(inquiry, status=to, answered_at=None, answered_by=None, sources=None, **first)
    if not (inquiry.answer or "").strip() and not inquiry.evidence:
        raise Refused("An inquiry is answered by what was answered: say it in `answer`, or where it is in `evidence`.")
    # Whoever is answered at once knows thereby that the inquiry has arrived.
    return replace(inquiry, status=to, answered_at=at, answered_by=by, **first)


def _answer_of(inquiry: Inquiry) -> tuple[object, ...]:
    return inquiry.answer, inquiry.evidence, inquiry.release
