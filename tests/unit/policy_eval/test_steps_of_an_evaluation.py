"""The validation steps 0 to 7: what of an evaluation keeps each open, and who acts next."""

from typing import Any

import pytest
from msgspec import structs

from policy_eval.application.tell_steps import changed_inputs
from policy_eval.domain.evaluation import Evaluation
from policy_eval.domain.release_steps import steps_of_evaluation
from policy_eval.domain.used_answers import used_answers
from shared.contracts.inventory import Component
from shared.contracts.steps import BY_EVALUATION, Remark, Step, continued
from tests.support.builders import a_claim, a_component, evaluated
from tests.support.decisions import a_decision, evaluated_with, waived_with

_URL = "/api/v1/releases/r1"


def _steps(evaluation: Evaluation, looks_at_export: bool = True) -> dict[str, Step]:
    return {each.name: each for each in steps_of_evaluation(evaluation, "r1", looks_at_export)}


def _open(evaluation: Evaluation) -> dict[str, Any]:
    return {name: step.next for name, step in _steps(evaluation).items() if step.state == "open"}


_SAID: Any = {"modified": False}


def test_all_that_an_evaluation_tells_of_is_told_in_order() -> None:
    assert tuple(_steps(evaluated(a_component("MIT", **_SAID)))) == BY_EVALUATION


@pytest.mark.parametrize(
    ("component", "expected"),
    [
        (a_component("MIT", **_SAID), {}),
        (a_component("MIT"), {"exploitation": ["project"]}),
        (a_component("MIT", scope="dev"), {}),
        (a_component("Our own terms", **_SAID), {"licenses-normalized": ["ospo"]}),
        (a_component(**_SAID), {"licenses-normalized": ["ospo"]}),
        (a_component(a_claim("MIT"), a_claim("Apache-2.0"), **_SAID), {"ands-confirmed": ["project"]}),
        (a_component("GPL-2.0-only OR AGPL-3.0-only", **_SAID), {"choices": ["legal"]}),
        (a_component("GPL-2.0-only", **_SAID), {"policy": ["legal"]}),
        (a_component("MPL-2.0", **_SAID), {}),
    ],
    ids=[
        "nothing is open",
        "nobody says whether it is modified",
        "what is not shipped needs no word on it",
        "an unreadable licence",
        "no licence",
        "licences side by side",
        "a choice that is left to people",
        "a denied licence",
        "conditions are noted and keep nothing open",
    ],
)
def test_what_is_found_keeps_the_step_open_that_it_belongs_to(component: Component, expected: dict[str, Any]) -> None:
    assert _open(evaluated(component)) == expected


def test_what_is_missing_is_counted_by_scope_with_the_list_that_shows_it() -> None:
    components = [a_component("MIT", name=name, scope=scope) for name, scope in [("a", "runtime"), ("b", "optional")]]

    steps = _steps(evaluated([*components, a_component("GPL-2.0-only", name="c"), a_component("MPL-2.0", name="d")]))

    assert steps["exploitation"].missing == [
        Remark("modification-unknown", 1, f"{_URL}/components?lacks=modification", "optional"),
        Remark("modification-unknown", 3, f"{_URL}/components?lacks=modification", "runtime"),
    ]
    assert steps["policy"].missing == [Remark("findings", 1, f"{_URL}/findings?step=policy")]
    assert steps["policy"].noted == [Remark("hints", 1, f"{_URL}/findings?step=policy")]


def test_one_word_on_the_release_settles_modification_and_linkage() -> None:
    said = a_decision("context", project="shop", modified=False, linkage="dynamic")

    steps = _steps(evaluated_with([said], a_component("MIT"), a_component("ISC", name="other")))

    assert steps["exploitation"] == Step("exploitation", "done")


def test_the_linkage_that_nobody_told_is_noted() -> None:
    told = a_component("MIT", name="told", modified=True, linkage="static")

    steps = _steps(evaluated([told, a_component("MIT", **_SAID)]))

    assert steps["exploitation"].noted == [Remark("linkage-by-ecosystem", 1, f"{_URL}/components", "runtime")]


def test_the_listed_root_is_not_asked_about() -> None:
    root = a_component("MIT", name="shop")

    steps = _steps(evaluated([root, a_component("MIT", **_SAID)], root_position=0))

    assert steps["exploitation"].state == "done"


def test_a_waived_finding_keeps_nothing_open() -> None:
    until = "2026-12-31T00:00:00.000000Z"
    waiver = a_decision("waiver", license="GPL-2.0-only", reason="risk-accepted", expires_at=until)
    waiver = structs.replace(waiver, approved_by="key:bob", approved_roles=["legal"])

    assert _open(waived_with([waiver], a_component("GPL-2.0-only", **_SAID))) == {}


def test_what_no_policy_looks_at_is_not_applicable() -> None:
    assert _steps(evaluated(a_component("MIT")), looks_at_export=False)["export"].state == "not-applicable"


def test_a_component_without_purl_or_version_is_noted_at_the_intake() -> None:
    steps = _steps(evaluated(a_component("MIT", purl=None, version=None, **_SAID)))

    assert [each.what for each in steps["intake"].noted] == ["components-without-purl", "components-without-version"]
    assert steps["intake"].state == "done"


def test_a_step_that_was_done_is_reopened_by_what_changed_and_says_so_as_long_as_it_is_open() -> None:
    done, opened = [Step("policy", "done")], [Step("policy", "open", ["legal"])]
    changed = changed_inputs({"documents": {"main": "1"}, "inventories": "x"}, {"documents": {"main": "2"}, "day": 1})

    reopened = continued(opened, done, changed)

    assert changed == ["day", "documents"]
    assert reopened[0].reopened_by == ["day", "documents"]
    assert continued(opened, reopened, ["policy"])[0].reopened_by == ["day", "documents"]
    assert continued(done, reopened, ["policy"])[0].reopened_by == []
    assert continued(opened, [], [])[0].reopened_by == []


def test_an_evaluation_rests_on_the_answers_that_had_an_effect() -> None:
    until = "2026-12-31T00:00:00.000000Z"
    waiver = a_decision("waiver", license="GPL-2.0-only", reason="risk-accepted", expires_at=until)
    said = [
        a_decision("curation", purl="pkg:npm/odd", license="GPL-2.0-only"),
        a_decision("curation", purl="pkg:npm/elsewhere", license="MIT"),
        a_decision("context", project="shop", modified=False),
        structs.replace(waiver, approved_by="key:bob", approved_roles=["legal"]),
    ]

    used = used_answers(waived_with(said, a_component("Our own terms", name="odd")))

    expected = {(said[0].id, "licenses-normalized"), (said[2].id, "exploitation"), (waiver.id, "policy")}
    assert {(each.id, each.step) for each in used} == expected
    assert {each.at for each in used} == {said[0].created_at}
