"""The gate of a stored release by what has come since another one, on each database."""

import pytest

from shared.errors import NotFound
from tests.support.builders import a_component
from tests.support.evaluations import StoredEvaluations


async def test_known_findings_come_last_and_do_not_count(evaluations: StoredEvaluations) -> None:
    known = a_component("AGPL-3.0-only", name="known", version="1")
    await evaluations.store("base", known)
    await evaluations.store(
        "new",
        a_component("AGPL-3.0-only", name="known", version="2"),
        a_component("MPL-2.0", name="hinted"),
        a_component("GPL-3.0-only", name="denied"),
    )

    gate = await evaluations.look_up.gate_since("new", None, "error", "base")

    assert (gate["verdict"], gate["counts"]) == ("fail", {"error": 1, "warning": 0, "hint": 1})
    assert [(each["subject"]["name"], each["baseline"]) for each in gate["findings"]] == [
        ("denied", "new"),
        ("hinted", "new"),
        ("known", "unchanged"),
    ]
    assert gate["findings_total"] == 3


async def test_a_release_without_anything_new_passes(evaluations: StoredEvaluations) -> None:
    await evaluations.store("base", a_component("GPL-3.0-only"))
    await evaluations.store("new", a_component("GPL-3.0-only"))

    gate = await evaluations.look_up.gate_since("new", None, "warning", "base")

    assert (gate["verdict"], gate["counts"]) == ("pass", {"error": 0, "warning": 0, "hint": 0})
    assert (await evaluations.look_up.gate("new", None, "error"))["verdict"] == "fail"


async def test_a_baseline_that_was_never_evaluated_is_not_found(evaluations: StoredEvaluations) -> None:
    await evaluations.store("new")

    with pytest.raises(NotFound):
        await evaluations.look_up.gate_since("new", None, "error", "base")
