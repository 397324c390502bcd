"""A finding is marked that the project's release before leaves open too, and an answer that it rests on too."""

from policy_eval.domain.used_answers import UsedAnswer
from shared.contracts.steps import Inherited
from tests.support.builders import a_component
from tests.support.evaluations import StoredEvaluations

_GPL, _RUBY = "GPL-2.0-only", "Ruby"


async def inherited(
    evaluations: StoredEvaluations, release: str, evaluation: str | None = None
) -> dict[str, str | None]:
    found = await evaluations.look_up.findings(release, evaluation, -1, 100)
    return {each["license"]: each["inherited_from"] for each in found}


async def test_a_question_of_the_release_before_is_inherited_over_a_new_version(
    evaluations: StoredEvaluations,
) -> None:
    await evaluations.store("r1", a_component(_GPL, version="1"))
    await evaluations.store("r2", a_component(_GPL, version="2"), a_component(_RUBY, name="gem"))
    await evaluations.store("r3", a_component(_GPL, version="2"), a_component(_RUBY, name="gem"))

    assert await inherited(evaluations, "r1") == {_GPL: None}
    assert await inherited(evaluations, "r2") == {_GPL: "r1", _RUBY: None}
    assert await inherited(evaluations, "r3") == {_GPL: "r2", _RUBY: "r2"}


async def test_what_the_release_before_had_settled_is_new_again(evaluations: StoredEvaluations) -> None:
    await evaluations.store("r1", a_component(_GPL))
    await evaluations.store("r2", a_component("MIT"))
    await evaluations.store("r3", a_component(_GPL))

    assert await inherited(evaluations, "r3") == {_GPL: None}


async def test_nothing_is_inherited_from_another_project_or_a_later_release(evaluations: StoredEvaluations) -> None:
    await evaluations.store("r1", a_component(_GPL), project="other")
    await evaluations.store("r3", a_component(_GPL))
    await evaluations.store("r2", a_component(_GPL))

    assert await inherited(evaluations, "r2") == {_GPL: None}


async def test_an_old_evaluation_keeps_saying_what_it_said(evaluations: StoredEvaluations) -> None:
    await evaluations.store("r1", a_component(_GPL))
    old = await evaluations.store("r2", a_component(_GPL))
    await evaluations.store("r1", a_component("MIT"))
    await evaluations.store("r2", a_component(_GPL))

    assert await inherited(evaluations, "r2", old) == {_GPL: "r1"}
    assert await inherited(evaluations, "r2") == {_GPL: None}


async def test_an_answer_is_inherited_from_the_first_release_that_rests_on_it(evaluations: StoredEvaluations) -> None:
    old, new = UsedAnswer("a1", "policy", "2026-01-01"), UsedAnswer("a2", "policy", "2026-03-01")
    for release in ("r1", "r2", "r3"):
        await evaluations.store(release, a_component("MIT"))

    assert await evaluations.rest_on("r1", old, new, created_at="2026-02-01") == {}
    assert await evaluations.rest_on("r2", old, new, created_at="2026-02-02") == {"policy": [Inherited("r1", 1)]}
    assert await evaluations.rest_on("r3", old, new, created_at="2026-04-01") == {
        "policy": [Inherited("r1", 1), Inherited("r2", 1)]
    }
    assert await evaluations.rest_on("r3", new, created_at="2026-04-01") == {"policy": [Inherited("r2", 1)]}
    assert await evaluations.rest_on("r3", created_at="2026-04-01") == {}
