"""A waiver accepts findings by their structure, until a day, as far as its approver's role reaches."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec import structs

from policy_eval.application.expiry import expiry
from policy_eval.domain.decision_records import DecisionRecord, is_expired
from policy_eval.domain.project_patterns import covers
from shared.errors import InvalidInput
from tests.support.builders import a_component
from tests.support.decisions import a_decision, waived_with

_NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def _waiver(*roles: str, **match: Any) -> DecisionRecord:
    expires_at = "2026-12-31T00:00:00.000000Z"
    record = a_decision("waiver", **{"reason": "risk-accepted", "expires_at": expires_at} | match)
    return structs.replace(record, approved_by="key:bob", approved_roles=list(roles or ("legal",)))


@pytest.mark.parametrize(
    ("match", "settles"),
    [
        ({}, True),
        ({"license": "GPL-3.0-only"}, True),
        ({"license": "MIT"}, False),
        ({"rule": "license/strong-copyleft"}, False),
        ({"rule": "license/strong-copyleft-compat-clause"}, False),
        ({"purl": "pkg:npm/left-pad"}, True),
        ({"purl": "pkg:npm/left-pad@1.3.0"}, True),
        ({"purl": "pkg:npm/left-pad@1.4.0"}, False),
        ({"purl": "pkg:npm/left-pad", "versions": "vers:npm/<1.4.0"}, True),
        ({"purl": "pkg:npm/left-pad", "versions": "vers:npm/<1.3.0"}, False),
        ({"context": "proprietary-distributed"}, True),
        ({"context": "saas"}, False),
        ({"version": "1.4.2"}, True),
        ({"version": "1.4.3"}, False),
        ({"scope": "optional"}, True),
        ({"scope": "runtime"}, False),
        ({"linkage": "dynamic"}, True),
        ({"linkage": "static"}, False),
        ({"linkage": "dynamic", "scope": "optional", "risk": "a claim", "conditions": "until 2.0"}, True),
    ],
)
def test_a_waiver_settles_what_agrees_with_all_that_it_says(match: dict[str, str], settles: bool) -> None:
    evaluation = waived_with([_waiver(**match)], a_component("GPL-3.0-only", linkage="dynamic", scope="optional"))

    rule = evaluation.findings[0].question.rule
    expected = settles or match.get("rule") == rule
    assert [each.waiver is not None for each in evaluation.findings] == [expected]
    assert evaluation.gate.verdict == ("pass" if expected else "fail")
    assert evaluation.gate.counts.error == (0 if expected else 1)


@pytest.mark.parametrize(
    ("role", "denied", "reviewed"),
    [("reviewer", False, True), ("legal", True, True), ("admin", True, True), ("export-officer", False, False)],
)
def test_an_approval_reaches_as_far_as_its_role(role: str, denied: bool, reviewed: bool) -> None:
    evaluation = waived_with([_waiver(role)], a_component("GPL-3.0-only"), a_component("BSD", name="ambiguous"))

    settled = {each.question.route: each.waiver is not None for each in evaluation.findings}
    assert settled == {"legal": denied, "ospo": reviewed}


def test_a_waiver_of_a_linkage_is_about_the_component_and_no_other() -> None:
    components = [a_component("GPL-3.0-only", name=name, linkage=name) for name in ("static", "dynamic", "package")]

    evaluation = waived_with([_waiver(linkage="dynamic")], *components)

    settled = {each.subject.name for each in evaluation.findings if each.waiver is not None}
    assert settled == {"dynamic"}


def test_a_waiver_ends_by_itself() -> None:
    waiver = _waiver(expires_at="2026-03-01T12:00:00.000000Z")

    assert is_expired(waiver, _NOW)
    assert not is_expired(waiver, _NOW - timedelta(seconds=1))


def test_a_waiver_holds_for_a_year_and_never_longer_than_two() -> None:
    assert expiry(None, _NOW) == _NOW + timedelta(days=365)
    assert expiry("2026-03-01", _NOW).date() == _NOW.date()
    assert expiry("2026-03-02T00:00:00+02:00", _NOW) == datetime(2026, 3, 1, 22, tzinfo=UTC)
    for wrong in ("2026-02-28", "2028-03-03", "soon", "2026-03-01T11:00:00Z"):
        with pytest.raises(InvalidInput, match="expires_at"):
            expiry(wrong, _NOW)


@pytest.mark.parametrize(
    ("patterns", "scope", "within"),
    [
        (["*"], ["shop/*"], True),
        (["shop/*"], ["shop/web"], True),
        (["shop/*"], ["shop/web*"], True),
        (["shop/web"], ["shop/*"], False),
        (["shop/*"], ["*"], False),
        (["shop-?"], ["shop-*"], False),
        (["shop-?"], ["shop-1"], True),
        (["a", "b"], ["a", "b"], True),
        (["a"], ["a", "b"], False),
    ],
)
def test_a_scope_lies_within_patterns_only_where_that_is_certain(
    patterns: list[str], scope: list[str], within: bool
) -> None:
    assert covers(patterns, scope) is within
