# ruff: noqa: E501 - one case a line: what is written, and what is said of it
"""A policy file that would not do what its author means is refused, with line and column of all that is wrong."""

import json
from importlib.resources import files

import pytest

from policy_eval.adapters.active_duties import load_active_duties
from policy_eval.adapters.policy_drafts import read_draft
from policy_eval.adapters.policy_files import parse_policy
from policy_eval.adapters.shipped_policies import shipped_policies
from policy_eval.application.check_policy import CheckPolicy
from policy_eval.domain.knowledge import LicenseKnowledge
from shared.errors import InvalidInput, OverLimit
from shared.licensing import load_catalogue, normalise

TEXT = files("policy_eval.policies").joinpath("default.yaml").read_text(encoding="utf-8")
check = CheckPolicy(read_draft, LicenseKnowledge(load_catalogue(), normalise, load_active_duties()))


def _with(before: str, after: str) -> bytes:
    assert before in TEXT
    return TEXT.replace(before, after, 1).encode()


def _line(text: str, wanted: str) -> int:
    return text[: text.index(wanted)].count("\n") + 1


@pytest.mark.parametrize(
    ("before", "after", "pointer", "message"),
    [
        ("name: default", "nome: default", "/nome", "unknown field"),
        ("  public-domain: {", "  public-domian: {", "/rules/public-domian", "unknown field"),
        ("internal-saas: {delivery: [network]", "internal-saas: {delivery: [mail]", "/contexts/internal-saas/delivery/0", "known"),
        ("- {then: deny}", "- {then: denied}", "/rules/strong-copyleft/proprietary-distributed/3/then", "'denied'"),
        ("license: Sleepycat", "license: Sleepykat", "/rules/strong-copyleft/proprietary-distributed/0/if/license", "SPDX"),
        ("license: Sleepycat", "license: GPL-2.0-with-GCC-exception", "/rules/strong-copyleft/proprietary-distributed/0/if/license", "left of WITH"),
        ("license_family: LGPL-3.0", "license_family: LPGL", "/rules/weak-copyleft-library/proprietary-distributed/1/if/license_family", "family"),
        ("{if: {linkage: [dynamic, package, separate]}, then: allow-with", "{if: {linkage: []}, then: allow-with", "/rules/permissive-acknowledgement/public-oss-eupl/0/if/linkage", "empty"),
        ("license: Sleepycat, linkage", "license: Sleepycat, license_family: EUPL, linkage", "/rules/strong-copyleft/proprietary-distributed/0/if", "never hold together"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_line_column_and_pointer(before: str, after: str, pointer: str, message: str) -> None:
    body = _with(before, after)

    problems = read_draft(body).problems

    found = [each for each in problems if each.pointer == pointer]
    assert found, problems
    assert message in found[0].message
    assert found[0].line == _line(body.decode(), after)


@pytest.mark.parametrize(("deprecated", "current"), [("GPL-2.0", "GPL-2.0-only"), ("gpl-2.0+", "GPL-2.0-or-later")])
def test_a_rule_on_a_deprecated_id_is_one_on_what_replaces_it(deprecated: str, current: str) -> None:
    rules = [
        parse_policy(_with("license: Sleepycat", f"license: {id_}").decode()).rules for id_ in (deprecated, current)
    ]

    assert rules[0] == rules[1]


def test_all_faults_of_a_file_are_told_at_once_in_their_order() -> None:
    body = TEXT.replace("then: deny}", "then: denied}").replace("at_least: review-ospo", "at_least: never").encode()

    problems = read_draft(body).problems

    assert len(problems) == 2
    assert [each.line for each in problems] == sorted(each.line for each in problems)


@pytest.mark.parametrize(
    ("rules", "at", "says"),
    [
        ("[{then: allow}, {if: {modified: true}, then: deny}, {then: deny}]", 1, "is never reached and says otherwise"),
        ("[{if: {linkage: [static, dynamic]}, then: deny}, {if: {linkage: static}, then: deny}, {then: deny}]", 1, "is never reached: rule 1"),
        ("[{if: {license_family: GPL}, then: deny}, {if: {license: GPL-2.0-only, modified: true}, then: allow}, {then: deny}]", 1, "says otherwise"),
        ("[{if: {modified: true}, then: deny}, {if: {modified: true}, then: allow}, {then: deny}]", 1, "says otherwise"),
    ],
)  # fmt: skip
def test_a_rule_that_is_never_reached_is_a_fault(rules: str, at: int, says: str) -> None:
    body = _with(
        "  proprietary: {proprietary-distributed: review-legal,", f"  proprietary: {{proprietary-distributed: {rules},"
    )

    problems = read_draft(body).problems

    assert problems[0].pointer == f"/rules/proprietary/proprietary-distributed/{at}"
    assert says in problems[0].message


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"allow", b"{", b"a: &x 1\nb: *x\n", b"[" * 5000, b"{" * 5000, b"a: " * 30, b"\xff\xfe",
        b"a: 1\na: 2\n", b"--- a\n--- b\n", b"!!python/object:os.system {}", b"a: " + b"9" * 5000, b'"\\ud800": 1',
        b'{"a": "\\u0000"}', b"a: \x00", b"? [a, b]\n: 1\n", b"- " * 3000, b"a: !!timestamp 2020-99-99", b"[" + b"a," * 200_000 + b"]",
    ],
)  # fmt: skip
def test_hostile_text_is_refused_as_no_policy(body: bytes) -> None:
    with pytest.raises(InvalidInput, match=r"line \d+, column \d+"):
        read_draft(body)


def test_bytes_that_are_no_text_are_named_with_their_place() -> None:
    with pytest.raises(InvalidInput, match="line 2, column 4: not UTF-8: byte 8 is 0xff"):
        read_draft(b"a: 1\nb: \xff\n")


def test_more_than_a_mebibyte_is_over_the_limit() -> None:
    with pytest.raises(OverLimit):
        read_draft(TEXT.encode() + b"#" * 1024 * 1024)


def test_json_with_tabs_is_read_and_keeps_its_lines() -> None:
    document = read_draft(TEXT.encode()).document
    document["rules"]["font"] = "allow"

    problems = read_draft(json.dumps(document, indent="\t").encode()).problems

    assert [each.pointer for each in problems] == ["/rules/font"]
    assert problems[0].line > 50


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        TEXT.replace("name: default\n", "").replace("version: 1\n", ""),
        json.dumps(read_draft(TEXT.encode()).document),
        json.dumps({key: value for key, value in read_draft(TEXT.encode()).document.items() if key != "name"}),
        "---\n" + TEXT.replace("version: 1\n", ""),
    ],
)
def test_a_file_is_numbered_without_another_change(text: str) -> None:
    policy = parse_policy(read_draft(text.encode()).numbered("ours", 17))

    assert (policy.name, policy.version) == ("ours", 17)
    assert policy.rules == parse_policy(TEXT).rules


async def test_a_policy_whose_own_test_fails_is_valid_to_nobody_and_cannot_be_published() -> None:
    tests = "\ntests:\n- {license: MIT, context: internal-saas, verdict: allow}\n- {name: no GPL, license: GPL-3.0-only OR MIT, context: proprietary-distributed, verdict: deny}\n"
    body = (TEXT + tests).encode()

    report = await check(body)
    with pytest.raises(InvalidInput) as refused:
        await check.publishable(body, "default", 2)

    assert report["valid"] is False
    assert report["problems"] == []
    assert [(each["name"], each["passed"]) for each in report["tests"]] == [
        ("MIT in internal-saas", True),
        ("no GPL", False),
    ]
    assert report["tests"][1]["got"] == "allow"
    (error,) = refused.value.errors
    assert error.pointer == f"line {_line(body.decode(), '- {name: no GPL')}, column 3, /tests/1"


async def test_a_case_may_say_all_that_a_rule_looks_at() -> None:
    facts = "{license: LGPL-3.0-only, context: proprietary-distributed, user_product: true, linkage: dynamic, verdict: review-legal}"
    unused = "{license: AGPL-3.0-only, context: internal-saas, delivery: [], verdict: review-ospo}"
    tool = "{license: GPL-2.0-only, context: proprietary-distributed, shipped: false, verdict: allow}"
    body = f"{TEXT}\ntests: [{facts}, {unused}, {tool}]\n".encode()

    report = await check(body)

    assert [each["got"] for each in report["tests"]] == ["review-legal", "review-ospo", "allow"]
    assert report["valid"] is True


async def test_an_invalid_policy_has_its_question_answered() -> None:
    report = await check(b"name: ours\n")

    assert report["valid"] is False
    assert report["tests"] == []
    assert report["problems"][0]["message"].startswith("missing: verdict_order")


async def test_the_default_policy_keeps_the_contexts_that_questions_are_answered_in() -> None:
    text = TEXT.replace("internal-saas", "ours")

    with pytest.raises(InvalidInput, match="internal-saas"):
        await check.publishable(text.encode(), "default", 2)

    assert await check.publishable(text.replace("name: default", "name: ours").encode(), "ours", 1)


@pytest.mark.parametrize("name", sorted(shipped_policies()))
async def test_shipped_policies_pass_their_own_tests_and_can_be_published(name: str) -> None:
    report = await check(shipped_policies()[name].body)

    assert report["problems"] == []
    assert [each for each in report["tests"] if not each["passed"]] == []
    assert await check.publishable(shipped_policies()[name].body, name, 2)


def test_an_answer_about_a_hostile_file_stays_short() -> None:
    fields = "".join(f"{'k' * 900}{number}: 1\n" for number in range(900))

    problems = read_draft(fields.encode()).problems

    assert len(problems) == 100
    assert max(len(each.pointer) + len(each.message) for each in problems) < 1200
