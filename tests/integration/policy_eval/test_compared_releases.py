"""The difference of two stored releases."""

import pytest

from policy_eval.application import compare_releases
from shared.errors import NotFound
from tests.support.builders import a_component
from tests.support.evaluations import StoredEvaluations


async def test_what_came_went_changed_and_stayed_is_told_apart(evaluations: StoredEvaluations) -> None:
    stays = a_component("GPL-3.0-only", name="stays")
    await evaluations.store("base", stays, a_component("MIT", version="1"), a_component("AGPL-3.0-only", name="goes"))
    await evaluations.store("new", stays, a_component("Zlib", version="2"), a_component("GPL-2.0-only", name="comes"))

    diff = await evaluations.difference("new", "base")

    change = {"from_version": "1", "to_version": "2", "from_license": "MIT", "to_license": "Zlib"}
    assert (diff["release"], diff["base"]) == ("new", "base")
    assert diff["components"]["changed"] == [{"purl": "pkg:npm/left-pad@2", "name": "left-pad"} | change]
    assert [each["name"] for each in diff["components"]["added"]] == ["comes"]
    assert diff["components"]["removed"] == [
        {"purl": "pkg:npm/goes@1.3.0", "name": "goes", "version": "1.3.0", "license": "AGPL-3.0-only"}
    ]
    assert diff["licenses"] == {"added": ["GPL-2.0-only", "Zlib"], "removed": ["AGPL-3.0-only", "MIT"]}
    assert [each["subject"]["name"] for each in diff["findings"]["added"]] == ["comes"]
    assert [each["subject"]["name"] for each in diff["findings"]["removed"]] == ["goes"]
    assert diff["findings"]["unchanged"] == 1
    assert diff["truncated"] == {}


async def test_a_finding_outlives_a_new_version_of_its_component(evaluations: StoredEvaluations) -> None:
    await evaluations.store("base", a_component("GPL-3.0-only", version="1"))
    await evaluations.store("new", *(a_component("GPL-3.0-only", version=version) for version in "23"))

    diff = await evaluations.difference("new", "base")

    assert diff["findings"] == {"added": [], "removed": [], "unchanged": 1}


async def test_new_findings_come_once_and_the_worst_first(evaluations: StoredEvaluations) -> None:
    await evaluations.store("base")
    await evaluations.store(
        "new", a_component("MPL-2.0", name="a"), *(a_component("GPL-3.0-only", version=version) for version in "12")
    )

    findings = (await evaluations.difference("new", "base"))["findings"]

    assert [each["severity"] for each in findings["added"]] == ["error", "hint"]
    assert findings["added"][0]["subject"]["version"] == "1"


async def test_evaluations_of_before_may_be_compared(evaluations: StoredEvaluations) -> None:
    before = await evaluations.store("r", a_component("MIT", version="1"))
    after = await evaluations.store("r", a_component("MIT", version="2"))

    diff = await evaluations.difference("r", "r", base_evaluation=before)

    assert (diff["evaluation"], diff["base_evaluation"]) == (after, before)
    assert [each["to_version"] for each in diff["components"]["changed"]] == ["2"]


@pytest.mark.parametrize(("release", "base"), [("r", "unknown"), ("unknown", "r")])
async def test_what_was_not_evaluated_cannot_be_compared(
    evaluations: StoredEvaluations, release: str, base: str
) -> None:
    await evaluations.store("r", a_component("MIT"))

    with pytest.raises(NotFound):
        await evaluations.difference(release, base)


async def test_an_evaluation_of_another_release_is_not_compared(evaluations: StoredEvaluations) -> None:
    await evaluations.store("r", a_component("MIT"))
    foreign = await evaluations.store("foreign", a_component("MIT"))

    with pytest.raises(NotFound):
        await evaluations.difference("r", "r", base_evaluation=foreign)


async def test_a_list_that_is_cut_says_how_long_it_was(
    evaluations: StoredEvaluations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compare_releases, "LONGEST_LIST", 2)
    await evaluations.store("base")
    await evaluations.store("new", *(a_component("GPL-3.0-only", name=name) for name in "abc"))

    diff = await evaluations.difference("new", "base")

    assert [each["name"] for each in diff["components"]["added"]] == ["a", "b"]
    assert len(diff["findings"]["added"]) == 2
    assert (diff["limit"], diff["truncated"]) == (2, {"components.added": 3, "findings.added": 3})
