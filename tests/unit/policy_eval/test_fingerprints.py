"""By what a question is recognised in the next release, whatever else has changed."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from policy_eval.domain.findings import Finding, Question, finding
from policy_eval.domain.open_questions import SEVERITY_ORDER, open_questions
from shared.contracts.inventory import Component
from tests.support.builders import a_component, evaluated

_TEXTS = st.text(max_size=20)
_VERSIONS = st.from_regex(r"[0-9]{1,3}(\.[0-9]{1,3}){0,2}(-rc\.[0-9])?", fullmatch=True)
_LICENSES = ("GPL-2.0-only", "Ruby", "MPL-2.0", "EUPL-1.2", "AGPL-3.0-only")
_SEVERITIES = st.sampled_from(sorted(SEVERITY_ORDER))
_QUESTIONS = st.builds(
    Question,
    rule=st.sampled_from(["license/unknown", "license/strong-copyleft"]),
    severity=_SEVERITIES,
    kind=st.sampled_from(["license", "export", "quality"]),
    license=st.none() | _TEXTS,
    identity=st.sampled_from(["MIT", "Ruby", ""]),
    route=st.none() | st.sampled_from(["project", "ospo", "legal", "export"]),
    message=_TEXTS,
    how_to_fix=_TEXTS,
)


def the_fingerprint(component: Component) -> str:
    [found] = evaluated(component).findings
    return found.fingerprint


@given(st.sampled_from(_LICENSES), _VERSIONS, _VERSIONS, st.sampled_from(["", "?arch=amd64", "#src/lib"]))
def test_a_licence_question_survives_every_new_version(license_: str, before: str, after: str, rest: str) -> None:
    old = a_component(license_, version=before)
    new = a_component(license_, version=after, purl=f"pkg:npm/left-pad@{after}{rest}")

    assert the_fingerprint(old) == the_fingerprint(new)


@given(_QUESTIONS, _TEXTS, _TEXTS, _SEVERITIES, st.integers(0, 9))
def test_no_wording_severity_route_or_place_is_in_a_fingerprint(
    question: Question, message: str, fix: str, severity: str, position: int
) -> None:
    reworded = replace(question, message=message, how_to_fix=fix, severity=severity, route="legal", license=message)
    component = a_component("MIT")

    assert finding(question, component, 0).fingerprint == finding(reworded, component, position).fingerprint


@given(_QUESTIONS, _QUESTIONS)
def test_another_rule_kind_or_licence_is_another_question(one: Question, other: Question) -> None:
    component = a_component("MIT")
    same_facts = (one.rule, one.kind, one.identity) == (other.rule, other.kind, other.identity)

    is_one = finding(one, component, 0).fingerprint == finding(other, component, 0).fingerprint

    assert is_one == same_facts


@given(st.permutations(_LICENSES[:3]), st.permutations(_LICENSES[:3]))
def test_the_order_of_licences_is_in_no_fingerprint(one: list[str], other: list[str]) -> None:
    assert the_fingerprint(a_component(" AND ".join(one))) == the_fingerprint(a_component(" AND ".join(other)))


@given(st.lists(_QUESTIONS, max_size=12))
def test_what_is_open_is_each_routed_question_once_by_its_worst_finding(questions: list[Question]) -> None:
    ranked = sorted((finding(each, a_component("MIT"), 0) for each in questions), key=_severity)

    opened = open_questions(ranked)

    routed = [each for each in ranked if each.question.route is not None]
    assert {each.fingerprint for each in opened} == {each.fingerprint for each in routed}
    assert len(opened) == len({each.fingerprint for each in opened})
    for each in opened:
        same = [found for found in routed if found.fingerprint == each.fingerprint]
        assert ranked[each.rank] == same[0]
        assert SEVERITY_ORDER[each.severity] == min(map(_severity, same))


def _severity(found: Finding) -> int:
    return SEVERITY_ORDER[found.question.severity]
