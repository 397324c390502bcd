"""The life of an obligation: which moves are allowed, what each needs, and what the NOTICE does to it."""

from dataclasses import replace
from itertools import product
from typing import Any, get_args

import pytest

from obligations.domain.life import (
    Author,
    Change,
    Life,
    NotEntitled,
    Refused,
    Status,
    changed,
    derived_life,
    present_life,
)

ADMIN = Author("key:1", frozenset({"admin"}), "2026-11-28T10:00:00Z")
SUBMITTER = Author("key:2", frozenset({"submitter"}), "2026-11-28T11:00:00Z")
ALLOWED = {
    ("open", "planned"),
    ("open", "fulfilled"),
    ("open", "not-triggered"),
    ("open", "waived"),
    ("planned", "open"),
    ("planned", "fulfilled"),
    ("planned", "not-triggered"),
    ("planned", "waived"),
    ("fulfilled", "open"),
    ("fulfilled", "planned"),
    ("fulfilled", "verified"),
    ("verified", "open"),
    ("verified", "fulfilled"),
    ("not-triggered", "open"),
    ("not-triggered", "planned"),
    ("waived", "open"),
    ("waived", "planned"),
}


def a_life(status: Status, **facts: Any) -> Life:
    return Life(status, **{"evidence": ({"value": "ticket 7"},), "reason": "no copy is delivered", **facts})


@pytest.mark.parametrize(("now", "to"), list(product(get_args(Status), repeat=2)))
def test_a_status_moves_only_along_the_life(now: Status, to: Status) -> None:
    change = Change(status=to, reason="a reason")

    if now == to or (now, to) in ALLOWED:
        assert changed(a_life(now), change, ADMIN).status == to
    else:
        with pytest.raises(Refused, match=f"is {now} cannot become {to}"):
            changed(a_life(now), change, ADMIN)


def test_nothing_is_fulfilled_without_evidence() -> None:
    with pytest.raises(Refused, match="evidence"):
        changed(Life(), Change(status="fulfilled"), ADMIN)

    life = changed(Life(), Change(status="fulfilled", evidence=[{"type": "url", "value": "https://e.org/src"}]), ADMIN)
    assert life.evidence == (
        {"type": "url-snapshot", "value": "https://e.org/src", "added_by": "key:1", "added_at": "2026-11-28T10:00:00Z"},
    )


def test_the_last_evidence_of_something_fulfilled_cannot_be_taken_away() -> None:
    with pytest.raises(Refused, match="evidence"):
        changed(a_life("fulfilled"), Change(evidence=[]), ADMIN)


def test_evidence_that_was_there_keeps_who_added_it() -> None:
    first = changed(Life(), Change(evidence=["ticket 7"]), ADMIN)
    second = changed(first, Change(evidence=["ticket 7", "ticket 8"]), SUBMITTER)

    assert [(each["value"], each["added_by"]) for each in second.evidence] == [
        ("ticket 7", "key:1"),
        ("ticket 8", "key:2"),
    ]


def test_who_fulfils_and_who_verifies_are_on_record_until_it_is_open_again() -> None:
    fulfilled = changed(Life(), Change(status="fulfilled", evidence=["ticket 7"]), SUBMITTER)
    verified = changed(fulfilled, Change(status="verified"), ADMIN)
    more = changed(verified, Change(evidence=["ticket 7", "ticket 8"]), SUBMITTER)
    again = changed(verified, Change(status="fulfilled"), ADMIN)
    reopened = changed(verified, Change(status="open"), ADMIN)

    assert (verified.fulfilment_by, verified.fulfilment_at) == (SUBMITTER.subject, SUBMITTER.at)
    assert (verified.verified_by, verified.verified_at) == (ADMIN.subject, ADMIN.at)
    assert [(each["added_by"], each["verified_by"]) for each in verified.evidence] == [("key:2", "key:1")]
    assert [each.get("verified_by") for each in more.evidence] == ["key:1", None]
    assert (again.fulfilment_by, again.verified_by, again.evidence) == ("key:2", None, fulfilled.evidence)
    assert (reopened.fulfilment_by, reopened.verified_by, reopened.evidence) == (None, None, fulfilled.evidence)
    assert present_life(derived_life(True), reopened) == reopened


@pytest.mark.parametrize(
    ("fulfiller", "giver", "may"),
    [("key:1", "key:2", False), ("key:2", "key:1", False), ("key:2", "key:3", True), (None, "key:3", True)],
)
def test_where_it_takes_two_nobody_verifies_their_own(fulfiller: str | None, giver: str, may: bool) -> None:
    life = Life("fulfilled", evidence=({"value": "ticket 7", "added_by": giver},), fulfilment_by=fulfiller)
    strict = replace(ADMIN, two_people=True)

    assert changed(life, Change(status="verified"), ADMIN).status == "verified"
    if may:
        assert changed(life, Change(status="verified"), strict).status == "verified"
    else:
        with pytest.raises(Refused, match="somebody else has to"):
            changed(life, Change(status="verified"), strict)


@pytest.mark.parametrize("status", ["waived", "not-triggered"])
def test_what_is_waived_or_not_triggered_has_a_reason(status: Status) -> None:
    with pytest.raises(Refused, match="reason"):
        changed(Life(), Change(status=status), ADMIN)

    assert changed(Life(), Change(status=status, comment="internal only"), ADMIN).reason == "internal only"


@pytest.mark.parametrize(("now", "to"), [("fulfilled", "verified"), ("open", "waived"), ("open", "not-triggered")])
def test_who_only_sends_sboms_cannot_verify_or_waive(now: Status, to: Status) -> None:
    with pytest.raises(NotEntitled, match="legal"):
        changed(a_life(now), Change(status=to, reason="x"), SUBMITTER)


def test_a_comment_is_added_and_nothing_else_changes() -> None:
    life = changed(a_life("planned", assignee="ann"), Change(comment="half done"), SUBMITTER)

    assert (life.status, life.assignee) == ("planned", "ann")
    assert [(each.by, each.text) for each in life.comments] == [("key:2", "half done")]


def test_what_the_notice_carries_is_fulfilled_and_open_again_when_it_does_not() -> None:
    carried, not_carried = derived_life(True), derived_life(False)

    verified = changed(carried, Change(status="verified"), ADMIN)
    assert (verified.status, verified.fulfilled_by) == ("verified", "notice")
    assert present_life(carried, verified) == verified
    assert present_life(not_carried, verified).status == "open"
    assert present_life(not_carried, None).status == "open"


def test_what_somebody_opened_again_stays_open_whatever_the_notice_says() -> None:
    reopened = changed(derived_life(True), Change(status="open", comment="wrong text"), ADMIN)

    assert present_life(derived_life(True), reopened).status == "open"


def test_what_is_planned_is_fulfilled_once_the_notice_carries_it() -> None:
    planned = changed(Life(), Change(status="planned", assignee="ann"), ADMIN)

    life = present_life(derived_life(True), planned)
    assert (life.status, life.fulfilled_by, life.assignee) == ("fulfilled", "notice", "ann")
