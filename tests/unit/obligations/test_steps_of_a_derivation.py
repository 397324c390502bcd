"""The validation steps 8 to 10: what of a derivation, and of what people said, keeps each open, and who acts next."""

from typing import Any

import pytest

from obligations.adapters.catalogue_files import load_obligation_catalogue
from obligations.application.tell_steps import alternatives
from obligations.domain.approvals import Approval, NoticeApproval, OutboundCheck, Point, documents_digest
from obligations.domain.derive import derive
from obligations.domain.life import Life, Status
from obligations.domain.life_changes import PresentLife
from obligations.domain.release_steps import NoticeState, StepFacts, is_public, steps_of_derivation
from shared.contracts.decisions import UsageContext
from shared.contracts.events import ReleaseState
from shared.contracts.steps import BY_DERIVATION, Inherited, Remark, Step
from tests.support.decided import a_component, a_context, a_release

_URL = "/api/v1/releases/r2"
_FINE = Point("cleared", "looked at")


def _facts(public: bool = False, **places: list[str]) -> StepFacts:
    return StepFacts(
        ReleaseState("r2", "shop", "2", "public-oss-eupl", 1, ""), 1, 0, public, {"main": "0" * 64}, places
    )


def _approval(body: NoticeApproval | OutboundCheck, release: str = "r2") -> Approval:
    return Approval("a1", "shop", release, "notice", "1" * 64, "key:1", "", body)


def _check(**points: Point) -> OutboundCheck:
    every = dict.fromkeys(("ownership", "third_party_content", "trademarks", "patents", "export"), _FINE)
    return OutboundCheck(documents={"main": "0" * 64}, **every | points)


_APPROVED = NoticeState(0, 0, _approval(NoticeApproval("1" * 64)))


def _steps(
    facts: StepFacts | None = None, notice: NoticeState = _APPROVED, check: Approval | None = None, **duties: Life
) -> dict[str, Step]:
    present = {id_: PresentLife("f", life) for id_, life in duties.items()}
    return {each.name: each for each in steps_of_derivation(facts or _facts(), present, notice, check)}


def test_all_that_a_derivation_tells_of_is_told_in_order() -> None:
    assert tuple(_steps()) == BY_DERIVATION
    assert {name: step.state for name, step in _steps().items()} == {
        "obligations": "not-applicable",
        "notice": "done",
        "outbound-ip-check": "not-applicable",
    }


@pytest.mark.parametrize(
    ("status", "state"),
    [("open", "open"), ("planned", "open"), ("fulfilled", "done"), ("waived", "done"), ("not-triggered", "done")],
)
def test_an_active_duty_keeps_the_step_open_until_it_is_settled(status: Status, state: str) -> None:
    step = _steps(one=Life(status), other=Life("verified", inherited_from="r1"))["obligations"]

    expected = [Remark(f"obligations-{status}", 1, f"{_URL}/obligations?kind=active&status={status}")]
    assert (step.state, step.missing) == (state, expected if state == "open" else [])
    assert step.inherited == [Inherited("r1", 1)]


def test_a_passive_duty_is_nothing_to_do() -> None:
    steps = steps_of_derivation(_facts(), {"one": PresentLife("f", Life(), "passive")}, _APPROVED, None)

    assert steps[0].state == "not-applicable"


def test_of_alternatives_one_fulfilled_is_enough_and_one_not_triggered_is_none() -> None:
    facts = _facts(source=["offer"], offer=["source"])

    assert _steps(facts, source=Life("fulfilled"), offer=Life())["obligations"].state == "done"
    assert _steps(facts, source=Life(), offer=Life("not-triggered"))["obligations"].state == "open"


def test_source_with_the_binary_and_a_written_offer_are_alternatives() -> None:
    obligations = derive(a_release(a_component("GPL-2.0-only")), load_obligation_catalogue())

    found = alternatives("0193a000-0000-7000-8000-000000000001", obligations)

    assert found
    assert all(id_ in found[other] for id_, others in found.items() for other in others)


@pytest.mark.parametrize(
    ("notice", "missing", "actor"),
    [
        (NoticeState(2, 0, None), Remark("open-points", 2, f"{_URL}/notice/checks"), "project"),
        (NoticeState(0, 1, None), Remark("failed-checks", 1, f"{_URL}/notice/checks"), "project"),
        (NoticeState(0, 0, None), Remark("approval", 1, f"{_URL}/notice/approval"), "ospo"),
    ],
)
def test_a_notice_is_done_when_nothing_is_open_in_it_and_the_ospo_approved_it(
    notice: NoticeState, missing: Remark, actor: Any
) -> None:
    assert _steps(notice=notice)["notice"] == Step("notice", "open", [actor], [missing])


def test_an_approval_of_the_same_document_in_another_release_is_inherited() -> None:
    notice = NoticeState(0, 0, _approval(NoticeApproval("1" * 64), release="r1"))

    assert _steps(notice=notice)["notice"].inherited == [Inherited("r1", 1)]


def test_a_public_release_waits_for_its_check_and_for_what_it_blocks() -> None:
    blocked = _check(trademarks=Point("blocked", "the name is taken"))

    waiting = _steps(_facts(public=True))["outbound-ip-check"]
    stopped = _steps(_facts(public=True), check=_approval(blocked))["outbound-ip-check"]
    cleared = _steps(_facts(public=True), check=_approval(_check()))["outbound-ip-check"]

    assert (waiting.state, waiting.next) == ("open", ["ospo", "legal"])
    assert (stopped.next, stopped.missing) == (["legal"], [Remark("points-blocked", 1, f"{_URL}/outbound-ip-check")])
    assert cleared.state == "done"


@pytest.mark.parametrize(
    ("context", "public"),
    [
        (a_context("binary"), False),
        (a_context("binary", audience="public"), True),
        (a_context("source", "binary", outbound="EUPL-1.2"), True),
        (a_context("source", outbound="EUPL-1.2", audience="named-customers"), False),
        (a_context("source"), False),
        (UsageContext("x", [], None, audience="public"), False),
    ],
)
def test_a_release_is_public_by_its_audience_or_as_open_source(context: UsageContext, public: bool) -> None:
    assert is_public(a_release(a_component(), context=context)) is public


def test_the_digest_of_documents_tells_their_parts_and_not_their_order() -> None:
    one, other = {"main": "0" * 64, "image": "1" * 64}, {"image": "1" * 64, "main": "0" * 64}

    assert documents_digest(one) == documents_digest(other)
    assert documents_digest(one) != documents_digest({"main": "1" * 64, "image": "0" * 64})
