"""How far a release has come, by what events tell of it in whatever order they come."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.application.follow_releases import Event, apply, with_release
from gateway.domain.stages import ReleaseProgress
from tests.support.gateway import a_release_state, derived, document_id, evaluated, failed, ingested

_FIRST, _SECOND = a_release_state(revision=1), a_release_state(revision=2)


def _after(*events: Event) -> ReleaseProgress:
    progress = ReleaseProgress(events[0].release, {})
    for event in events:
        progress = apply(progress, event)
    return progress


@pytest.mark.parametrize(
    ("events", "evaluation", "obligations", "settled"),
    [
        ((ingested(_FIRST),), "pending", "pending", False),
        ((ingested(_FIRST), evaluated(_FIRST)), "done", "pending", False),
        ((ingested(_FIRST), evaluated(_FIRST), derived(_FIRST)), "done", "done", True),
        ((ingested(_FIRST), failed(_FIRST)), "failed", "failed", True),
        ((ingested(_FIRST), evaluated(_FIRST), failed(_FIRST, "obligations", "e1")), "done", "failed", True),
        ((ingested(_FIRST), evaluated(_FIRST), derived(_FIRST), ingested(_SECOND)), "pending", "pending", False),
        ((ingested(_FIRST), failed(_FIRST), ingested(_SECOND)), "pending", "pending", False),
        ((ingested(_FIRST), evaluated(_FIRST), derived(_FIRST), failed(_SECOND)), "failed", "failed", True),
        ((ingested(_FIRST), failed(_FIRST), evaluated(_FIRST)), "done", "pending", False),
        (
            (ingested(_FIRST), evaluated(_FIRST), failed(_FIRST, "obligations", "e1"), derived(_FIRST)),
            "done",
            "done",
            True,
        ),
        ((ingested(_FIRST), evaluated(_FIRST), derived(_FIRST), evaluated(_FIRST, "e2")), "done", "pending", False),
        ((ingested(_FIRST), evaluated(_FIRST), derived(_FIRST, "e2"), derived(_FIRST)), "done", "done", True),
    ],
    ids=[
        "stored",
        "evaluated",
        "all done",
        "without a verdict there are no duties",
        "duties not derived",
        "a new document begins again",
        "also after a failure",
        "the new document fails",
        "evaluated at the second try",
        "derived at the second try",
        "evaluated once more: the duties of before are outdated",
        "duties told before their evaluation",
    ],
)
def test_a_stage_is_judged_at_the_present_revision_and_evaluation(
    events: tuple[Event, ...], evaluation: str, obligations: str, settled: bool
) -> None:
    progress = _after(*events)

    assert progress.stages == {"ingested": "done", "evaluated": evaluation, "obligations": obligations}
    assert progress.settled is settled


def test_a_gate_is_shown_only_for_the_present_revision() -> None:
    verdict = _after(ingested(_FIRST), evaluated(_FIRST, verdict="fail"))

    assert verdict.current_gate == {"verdict": "fail", "counts": {"error": 0, "warning": 0, "hint": 0}}
    assert apply(verdict, ingested(_SECOND)).current_gate is None


def test_the_verdict_of_an_older_revision_changes_nothing_but_the_count() -> None:
    known = _after(ingested(_SECOND), evaluated(_SECOND, "e2", verdict="pass"))

    late = apply(known, evaluated(_FIRST, "e1", verdict="fail"))

    assert late == msgspec.structs.replace(known, evaluations=2)


def test_a_problem_is_told_of_a_stage_that_failed_and_not_of_one_that_waits_in_vain() -> None:
    progress = _after(ingested(_FIRST), failed(_FIRST))

    assert progress.problems.keys() == {"evaluated"}
    assert progress.problems["evaluated"]["detail"] == "evaluated could not be done"
    assert apply(progress, ingested(_SECOND)).problems == {}


def test_the_parts_are_those_of_the_newest_revision() -> None:
    newest = ingested(_SECOND, backend="d2", image="d3")

    progress = _after(ingested(_FIRST, backend="d1"), newest)

    assert progress.parts == {"backend": "d2", "image": "d3"}
    assert apply(progress, ingested(_FIRST, backend="d1")) == progress


@st.composite
def _histories(draw: st.DrawFn) -> list[Event]:
    """All that can be told of a release: documents, and for each tries to evaluate it and to derive from that."""
    told: list[Event] = []
    evaluation = 0
    for revision in range(1, draw(st.integers(1, 4)) + 1):
        state = a_release_state(revision=revision)
        told.append(ingested(state, **{part: document_id(state, part) for part in draw(_PARTS)}))
        told += [failed(state)] * draw(st.booleans())
        for _ in range(draw(st.integers(0, 2))):
            evaluation += 1
            id_ = f"e{evaluation:03}"
            told.append(evaluated(state, id_, draw(st.sampled_from(["pass", "warn", "fail"]))))
            told += [failed(state, "obligations", id_)] * draw(st.booleans())
            told += [derived(state, id_)] * draw(st.booleans())
    return told


_PARTS = st.sets(st.sampled_from(["main", "image"]), min_size=1)


def _uncounted(progress: ReleaseProgress) -> Any:
    return msgspec.structs.replace(progress, evaluations=0)


@given(st.data())
def test_the_order_and_repetition_of_events_do_not_matter(data: st.DataObject) -> None:
    history = data.draw(_histories())
    repeated = data.draw(st.lists(st.sampled_from(history)))
    shuffled = data.draw(st.permutations(history + repeated))

    assert _uncounted(_after(*shuffled)) == _uncounted(_after(*history))


@given(st.data())
def test_every_evaluation_is_counted_in_whatever_order_they_are_told(data: st.DataObject) -> None:
    history = data.draw(_histories())

    progress = _after(*data.draw(st.permutations(history)))

    assert progress.evaluations == _after(*history).evaluations


def test_an_upload_that_was_answered_before_its_event_shows_its_document_at_once() -> None:
    known = _after(ingested(_FIRST, backend="d1", image="d2"), evaluated(_FIRST))

    noted = with_release(known, _SECOND, known.parts | {"image": "d3"})

    assert noted.parts == {"backend": "d1", "image": "d3"}
    assert noted.stages["evaluated"] == "pending"
    assert apply(noted, ingested(_SECOND, backend="d1", image="d3")) == noted
