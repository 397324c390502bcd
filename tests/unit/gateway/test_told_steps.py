"""The validation steps of a release, as the gateway knows them from events in whatever order they come."""

from itertools import permutations

from gateway.application.follow_releases import apply
from gateway.application.tell_webhooks import Event
from gateway.domain.stages import ReleaseProgress
from shared.contracts.steps import BY_DERIVATION, BY_EVALUATION, STEPS, Remark, Step
from tests.support.gateway import a_release_state, derived, evaluated, failed, ingested, with_steps

_FIRST, _SECOND = a_release_state(revision=1), a_release_state(revision=2)


def _after(*events: Event) -> ReleaseProgress:
    progress = ReleaseProgress(events[0].release, {})
    for event in events:
        progress = apply(progress, event)
    return progress


def _done(names: tuple[str, ...], *still_open: str) -> list[Step]:
    return [Step(each, "open", ["ospo"]) if each in still_open else Step(each, "done") for each in names]


def test_the_steps_of_both_services_stand_in_their_order() -> None:
    progress = _after(
        with_steps(derived(_FIRST), _done(BY_DERIVATION)), with_steps(evaluated(_FIRST), _done(BY_EVALUATION))
    )

    assert [each.name for each in progress.steps] == list(STEPS)
    assert progress.first_open_step is None


def test_until_a_stage_is_done_the_machine_acts_next() -> None:
    uploaded = _after(ingested(_FIRST))

    assert {each.state for each in uploaded.steps} == {"open"}
    assert uploaded.first_open_step == "intake"
    url = f"/api/v1/releases/{_FIRST.id}"
    assert uploaded.steps[0] == Step("intake", "open", ["machine"], [Remark("evaluation", 1, url)])
    assert _after(ingested(_FIRST), failed(_FIRST)).steps[9].missing == [Remark("derivation-failed", 1, url)]


def test_a_new_document_and_a_new_evaluation_make_what_was_told_of_the_old_ones_void() -> None:
    known = [with_steps(evaluated(_FIRST), _done(BY_EVALUATION)), with_steps(derived(_FIRST), _done(BY_DERIVATION))]

    assert _after(*known, ingested(_SECOND)).first_open_step == "intake"
    again = _after(*known, with_steps(evaluated(_FIRST, "e2"), _done(BY_EVALUATION)))
    assert again.first_open_step == "obligations"


def test_an_older_version_tells_of_no_steps_and_to_evaluate_again_helps() -> None:
    progress = _after(evaluated(_FIRST), derived(_FIRST))

    assert progress.stages["obligations"] == "done"
    remark = Remark("evaluation-by-older-version", 1, f"/api/v1/releases/{_FIRST.id}/evaluations")
    assert progress.steps[0].missing == [remark]


def test_of_what_is_told_of_one_evaluation_the_last_counts_whenever_it_comes() -> None:
    events = (
        with_steps(evaluated(_FIRST), _done(BY_EVALUATION)),
        with_steps(derived(_FIRST), _done(BY_DERIVATION, "obligations", "notice"), told=1),
        with_steps(derived(_FIRST), _done(BY_DERIVATION, "notice"), told=2),
        with_steps(derived(_FIRST), _done(BY_DERIVATION), told=3),
    )

    for order in permutations(events):
        assert _after(*order, order[0]).first_open_step is None
