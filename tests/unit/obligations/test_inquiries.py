"""Inquiries from outside have deadlines in working days, and go from received over acknowledged to answered."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from obligations.domain.inquiries import Inquiry, InquiryChange, NewInquiry, changed, recorded
from obligations.domain.life import Refused
from shared.contracts.response_times import ResponseTimes

_FRIDAY = datetime(2026, 11, 27, 16, tzinfo=UTC)
_AT = "2026-12-01T09:00:00.000000Z"


def an_inquiry(kind: str = "source-request", times: ResponseTimes | None = None, **given: Any) -> Inquiry:
    body = {"kind": kind, "from": "Ada <ada@example.org>", "subject": "Source of readline", **given}
    new = msgspec.convert(body, NewInquiry)
    return recorded(new, None, times or ResponseTimes(), _FRIDAY, ("i1", "key:1"))


def after(inquiry: Inquiry, **change: Any) -> Inquiry:
    return changed(inquiry, msgspec.convert(change, InquiryChange), "key:2", _AT)


def test_a_source_request_is_acknowledged_in_five_working_days_and_answered_in_fifteen() -> None:
    request, question = an_inquiry(), an_inquiry("inquiry")

    assert request.received_at == "2026-11-27T16:00:00.000000Z"
    assert request.acknowledge_by == "2026-12-05T00:00:00.000000Z"
    assert request.answer_by == "2026-12-19T00:00:00.000000Z"
    assert (question.acknowledge_by, question.answer_by) == (request.acknowledge_by, None)


def test_deadlines_run_from_when_it_was_received_by_the_times_of_the_organisation() -> None:
    times = ResponseTimes(acknowledgement=1, source_request=2, inquiry=3, holidays=(date(2026, 11, 27),))
    received = "2026-11-25T23:00:00-02:00"  # the 26th in UTC

    request, question = (an_inquiry(each, times, received_at=received) for each in ("source-request", "inquiry"))

    assert [each[:10] for each in (request.acknowledge_by, str(request.answer_by), str(question.answer_by))] == [
        *("2026-12-01", "2026-12-02", "2026-12-03"),
    ]


def test_its_next_deadline_is_that_of_its_next_step() -> None:
    received = an_inquiry()
    acknowledged = after(received, status="acknowledged")
    answered = after(acknowledged, status="answered", answer="see https://example.org/src")

    deadlines = [each.next_deadline() for each in (received, acknowledged, answered)]

    assert deadlines == [received.acknowledge_by, received.answer_by, None]
    assert (answered.acknowledged_by, answered.acknowledged_at) == ("key:2", _AT)
    assert (answered.answered_by, answered.answered_at, answered.changed_from) == ("key:2", _AT, "acknowledged")


def test_an_answer_acknowledges_as_well() -> None:
    answered = after(an_inquiry(), status="answered", evidence=["mail 7"])

    assert (answered.acknowledged_at, answered.answered_at, answered.evidence) == (_AT, _AT, ("mail 7",))


def test_an_answered_inquiry_is_acknowledged_again_for_a_reason() -> None:
    answered = after(an_inquiry(), status="answered", answer="sent")

    again = after(answered, status="acknowledged", comment="the archive was broken")

    assert (again.status, again.answered_at, again.answered_by) == ("acknowledged", None, None)
    assert again.next_deadline() == again.answer_by
    assert [each.text for each in again.comments] == ["the archive was broken"]


@pytest.mark.parametrize(
    ("done", "change", "reason"),
    [
        ({}, {"status": "answered"}, "by what was answered"),
        ({}, {"status": "answered", "answer": "  "}, "by what was answered"),
        ({"status": "acknowledged"}, {"status": "received"}, "cannot become received"),
        ({"status": "answered", "answer": "sent"}, {"status": "received"}, "cannot become received"),
        ({"status": "answered", "answer": "sent"}, {"status": "acknowledged"}, "for a reason"),
        ({"status": "answered", "answer": "sent"}, {"answer": "not sent"}, "stays as it was"),
    ],
)
def test_what_is_not_allowed_is_refused_with_the_reason(
    done: dict[str, Any], change: dict[str, Any], reason: str
) -> None:
    inquiry = after(an_inquiry(), **done) if done else an_inquiry()

    with pytest.raises(Refused, match=reason):
        after(inquiry, **change)
