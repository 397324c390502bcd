"""Free rules of a policy are expressions in CEL over one component; none can run for long, and none passes by failing."""

import json
from datetime import date
from typing import Any

import pytest
import yaml

from policy_eval.adapters.cel_expressions import NoExpression, check_texts, compiled
from policy_eval.adapters.policy_drafts import read_draft
from policy_eval.adapters.policy_files import read_policy
from policy_eval.adapters.shipped_policies import shipped_policies
from policy_eval.adapters.version_ranges import read_version_range
from policy_eval.application.check_policy import CheckPolicy
from policy_eval.domain.decisions import decisions_of
from policy_eval.domain.evaluation import Evaluation, evaluate
from policy_eval.domain.free_rules import FACTS
from policy_eval.domain.policy import Policy
from shared.contracts.inventory import Component
from tests.support.builders import a_component, a_release, an_inventory, evaluated, real_knowledge
from tests.support.decisions import a_decision

_TEXT = shipped_policies()["default"].body.decode()
_FACTS: dict[str, Any] = {name: kind() for name, kind in FACTS.items()}


def _policy(*rules: dict[str, Any], tests: list[dict[str, Any]] | None = None) -> Policy:
    return read_policy(yaml.safe_load(_TEXT) | {"free_rules": list(rules), "tests": tests or []})


def _rule(when: str, then: str = "deny", name: str = "ours", **more: Any) -> dict[str, Any]:
    return {"name": name, "when": when, "then": then, **more}


def _judged(when: str, *components: Component, **facts: Any) -> Evaluation:
    return evaluated(components or [a_component("MIT")], policy=_policy(_rule(when)), **facts)


@pytest.mark.parametrize(
    "when",
    [
        'component.name == "left-pad" && component.version.startsWith("1.")',
        'component.purl.matches("^pkg:npm/")',
        'license.id == "MIT" && license.category == "permissive" && license.verdict == "allow"',
        'context.name == "proprietary-distributed" && "binary" in context.delivery && !context.user_product',
        'usage.linkage == "package" && !usage.modified && usage.shipped && usage.kind == "code"',
        "graph.depth == 0 && decision.age_days == -1",
    ],
)
def test_a_rule_looks_at_component_licence_usage_context_depth_and_age(when: str) -> None:
    assert _judged(when).release.components[0].verdict == "deny"
    assert _judged(f"!({when})").release.components[0].verdict == "allow"


def test_the_first_rule_that_holds_gives_verdict_finding_and_reason() -> None:
    rules = [
        _rule('license.id == "ISC"', "review-legal", "first"),
        _rule("true", "review-ospo", "second", how_to_fix="Ask Ann."),
        _rule("true", "deny", "third"),
    ]

    evaluation = evaluated([a_component("MIT"), a_component("MIT", name="b")], policy=_policy(*rules))

    assert [each.question.rule for each in evaluation.findings] == ["rule/second", "rule/second"]
    question = evaluation.findings[0].question
    assert (question.severity, question.route, question.how_to_fix) == ("error", "ospo", "Ask Ann.")
    assert "free rule second: true → review-ospo" in question.message
    trace = evaluation.parts[0].decisions[0].trace
    assert [each.step for each in trace[-3:]] == ["rule", "rule", "verdict"]
    assert trace[-1].saw == "review-ospo"
    assert evaluation.parts[0].decisions[0] is evaluation.parts[0].decisions[1]


def test_a_rule_may_be_milder_than_the_category() -> None:
    rule = _rule('component.name == "left-pad"', "allow")

    assert evaluated(a_component("GPL-3.0-only"), policy=_policy(rule)).gate.verdict == "pass"


def test_depth_is_the_length_of_the_shortest_way_from_the_root() -> None:
    components = [a_component("MIT", name=name) for name in "abcd"]
    edges = [(-1, 0), (0, 1), (1, 2), (-1, 1)]

    evaluation = _judged("graph.depth >= 2", *components, edges=edges)

    assert [each.verdict for each in evaluation.release.components] == ["allow", "allow", "deny", "allow"]


@pytest.mark.parametrize(("today", "verdict"), [(date(2026, 12, 31), "allow"), (date(2027, 1, 2), "deny")])
def test_age_is_that_of_the_newest_decision_about_the_component(today: date, verdict: str) -> None:
    policy = _policy(_rule("decision.age_days > 365"))
    decisions = decisions_of([a_decision("curation", purl="pkg:npm/left-pad", license="MIT")], read_version_range)
    object.__setattr__(decisions, "today", today)

    evaluation = evaluate(a_release(main=an_inventory(a_component("Zlib"))), policy, real_knowledge(), decisions)

    assert (evaluation.release.components[0].verdict, policy.looks_at_age) == (verdict, True)


@pytest.mark.parametrize("when", ["1 / graph.depth == 1", 'context.delivery[9] == "x"', 'component.name.matches("(")'])
def test_what_cannot_be_told_is_reviewed_and_never_passed(when: str) -> None:
    mild, strict = (_judged(when, a_component(each)).release.components[0].verdict for each in ("MIT", "GPL-3.0-only"))

    assert (mild, strict) == ("review-ospo", "deny")


@pytest.mark.parametrize(
    ("when", "place", "message"),
    [
        ("license.id ==", "line 1, column 14", "Syntax error"),
        ('true\n && licence.id == ""', "line 2, column 12", "undeclared reference"),
        ('graph.depth == "a"', "line 1, column 13", "no matching overload"),
        ("graph.depth + 1", "line 1, column 1", "true or false"),
        ("license", "line 1, column 1", "undeclared reference"),
        ('\n["a"].exists(x, true)', "line 2, column 7", "exists() is not taken"),
        ("[1].map(x, x) == [1]", "line 1, column 5", "map() is not taken"),
        ("true || " * 130 + "true", "line 1, column 1", "1,000 characters"),
        ("(" * 400 + "true" + ")" * 400, "line 1, column 1", "recursion limit"),
    ],
)
def test_what_is_no_expression_is_refused_with_its_place(when: str, place: str, message: str) -> None:
    with pytest.raises(NoExpression) as refused:
        compiled(when)

    assert place in str(refused.value)
    assert message in str(refused.value)


def test_the_names_of_macros_may_stand_in_texts_and_regular_expressions_are_linear() -> None:
    assert compiled('component.name == "x.map(y)"').holds(_FACTS) is False
    assert compiled('component.name.matches("(a+)+$")').holds(_FACTS | {"component.name": "a" * 1000 + "b"}) is False


@pytest.mark.parametrize(
    ("when", "place", "message"),
    [
        (
            'graph.depth > 1 &&\n component.name.matches("(")',
            "line 2, column 25",
            "invalid regular expression: missing )",
        ),
        ('matches(component.name, "a{1001}")', "line 1, column 25", "invalid repetition size"),
        ('license.category == "strong_copyleft"', "line 1, column 21", "'strong_copyleft'; known: public-domain"),
        ('"stray" != usage.linkage', "line 1, column 1", "usage.linkage is never 'stray'"),
        ('usage.kind in ["code",\n "fonts"]', "line 2, column 2", "usage.kind is never 'fonts'"),
        ('"hosting" in context.delivery', "line 1, column 1", "known: network, source, binary"),
        ('license.id == "GPL-2.0"', "line 1, column 15", "which is written 'GPL-2.0-only'"),
        ('license.id in ["MIT", "isc"]', "line 1, column 23", "which is written 'ISC'"),
    ],
)
def test_a_text_with_which_a_rule_would_never_hold_is_not_published(when: str, place: str, message: str) -> None:
    rule = _rule(when)

    [problem] = read_draft(f"{_TEXT}\nfree_rules: [{json.dumps(rule)}]\n".encode()).problems

    assert (problem.pointer, place in problem.message) == ("/free_rules/0/when", True)
    assert message in problem.message
    assert _policy(rule).free_rules[0].name == "ours"  # what was published before goes on


def test_a_text_that_a_fact_may_be_is_taken_however_it_is_written() -> None:
    for when in (
        'license.id in ["BSD", "LicenseRef-Ours", "GPL-2.0-only WITH Classpath-exception-2.0"]',  # as a document has it
        "usage.linkage == '' || usage.linkage == r\"static\" || context.audience != ''",
        'component.name == "license.category == \\"copyleft\\""',
        'component.name.matches("^(a|b)$") || component.purl.matches(component.name)',
        'license.source == "curation" && component.scope in ["dev", "test"]',
    ):
        check_texts(when)
        assert compiled(when).holds(_FACTS) is not None


def test_a_fault_is_named_at_its_place_in_the_file() -> None:
    first = '{name: a, when: "graph.depth >", then: deny}'
    rules = f'free_rules:\n  - {first}\n  - {{name: a, when: "true", then: denied, else: allow}}\n'
    text = f"{_TEXT}\n{rules}"

    problems = read_draft(text.encode()).problems

    line = text[: text.index("free_rules:")].count("\n") + 1
    assert [(each.line, each.pointer) for each in problems] == [
        (line + 1, "/free_rules/0/when"),
        (line + 2, "/free_rules/1/then"),
        (line + 2, "/free_rules/1/else"),
    ]
    assert problems[0].column == 21
    assert "line 1, column 14 of the expression" in problems[0].message


@pytest.mark.parametrize(
    "rules",
    [
        [_rule("true", name="a")] * 2,
        [_rule("true", name="Not a name")],
        [_rule("true", name=f"a{number}") for number in range(51)],
        [_rule("true", how_to_fix="x" * 1001)],
    ],
)
def test_rules_of_one_name_a_wrong_name_or_too_many_are_refused(rules: list[dict[str, Any]]) -> None:
    document = yaml.safe_load(_TEXT) | {"free_rules": rules}

    assert read_draft(json.dumps(document).encode()).problems


async def test_the_tests_of_a_policy_cover_its_free_rules() -> None:
    rule = _rule('component.name == "left-pad" && graph.depth > 2 && decision.age_days > 30', "review-legal")
    case = {"license": "MIT", "context": "internal-saas", "component": {"name": "left-pad"}, "depth": 3}
    tests = [
        {**case, "decision_age_days": 31, "verdict": "review-legal"},
        {**case, "decision_age_days": 30, "verdict": "allow"},
        {**case, "decision_age_days": 31, "verdict": "allow"},
    ]
    document = yaml.safe_load(_TEXT) | {"free_rules": [rule], "tests": tests}

    report = await CheckPolicy(read_draft, real_knowledge())(json.dumps(document).encode())

    assert report["problems"] == []
    assert [each["passed"] for each in report["tests"]] == [True, True, False]
    assert "free rule ours" in report["tests"][2]["because"]
