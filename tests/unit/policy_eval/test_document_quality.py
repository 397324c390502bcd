"""A policy may ask for documents of some quality."""

from dataclasses import replace

import pytest

from policy_eval.adapters.policy_files import default_policy, read_policy
from policy_eval.adapters.policy_node import InvalidPolicy
from policy_eval.domain.document_quality import LowestScores, quality_findings
from policy_eval.domain.release import ReleaseInventory
from tests.support.builders import a_component, a_release, an_inventory


def scored(**scores: float | None) -> ReleaseInventory:
    """A release whose parts have documents of these scores."""
    release = a_release(main=an_inventory(a_component()))
    [part] = release.parts.values()
    return replace(release, parts={name: replace(part, quality=score) for name, score in scores.items()})


@pytest.mark.parametrize(
    ("lowest", "severity"),
    [
        ({}, None),
        ({"hint": 0.3}, None),
        ({"hint": 0.5}, "hint"),
        ({"hint": 0.9, "warning": 0.5}, "warning"),
        ({"hint": 0.9, "warning": 0.5, "error": 0.45}, "error"),
    ],
)
def test_the_strictest_severity_whose_score_is_not_reached_counts(lowest: LowestScores, severity: str | None) -> None:
    found = [each.question.severity for each in quality_findings(scored(main=0.4), lowest)]

    assert found == ([severity] if severity else [])


def test_each_part_is_asked_for_and_one_of_unknown_score_is_not() -> None:
    found = list(quality_findings(scored(web=0.1, old=None, app=0.2, good=0.8), {"error": 0.5}))

    assert [each.subject.name for each in found] == ["app", "web"]
    assert "0.20, below 0.50" in found[0].question.message


def test_the_question_is_the_same_whatever_the_score() -> None:
    [first] = quality_findings(scored(main=0.1), {"hint": 0.5})
    [second] = quality_findings(scored(main=0.2), {"hint": 0.4})

    assert first.fingerprint == second.fingerprint


def test_the_default_policy_hints_at_poor_documents() -> None:
    assert default_policy().lowest_quality == {"hint": 0.25}


@pytest.mark.parametrize("wrong", [{"warning": 2}, {"fatal": 0.5}, {"error": True}, 0.5])
def test_what_is_no_score_is_refused(wrong: object) -> None:
    with pytest.raises(InvalidPolicy, match="quality"):
        read_policy(_document() | {"quality": wrong})


def _document() -> dict[str, object]:
    from importlib.resources import files

    import yaml

    text = files("policy_eval.policies").joinpath("default.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))
