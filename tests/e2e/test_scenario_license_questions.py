"""What a licence asks in a usage, asked without a stored release (domain model §1 and §2)."""

from typing import Any

import httpx
import pytest

from tests.support.api import got, problem

_PATH = "/api/v1/licenses/obligations"


def asked(api: httpx.Client, license_string: str, **facts: Any) -> dict[str, Any]:
    answer = api.post(_PATH, json={"license": license_string, **facts})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def due(told: dict[str, Any]) -> set[str]:
    return {each["id"] for each in told["obligations"]}


def test_a_permissive_licence_in_a_binary_asks_for_text_copyright_and_disclaimer(api: httpx.Client) -> None:
    told = asked(api, "MIT")

    assert (told["expression"], told["chosen"], told["category"]) == ("MIT", None, "permissive")
    assert told["verdicts"] == dict.fromkeys(("proprietary-distributed", "internal-saas", "public-oss-eupl"), "allow")
    assert due(told) == {"license-text", "copyright-notices", "disclaimer"}
    assert told["obligations"][0] == {
        "id": "license-text",
        "license": "MIT",
        "clause": "para 2",
        "trigger": "binary",
        "scope": None,
        "kind": "active",
        "alternative_to": None,
    }


def test_of_an_or_only_the_chosen_branch_brings_duties(api: httpx.Client) -> None:
    told = asked(api, "GPL-2.0-only OR MIT")

    assert (told["expression"], told["chosen"]) == ("GPL-2.0-only OR MIT", "MIT")
    assert {each["license"] for each in told["obligations"]} == {"MIT"}


def test_a_draw_between_branches_is_settled_by_the_number_of_active_duties(api: httpx.Client) -> None:
    assert asked(api, "EPL-2.0 OR CDDL-1.0")["chosen"] == "CDDL-1.0"


def test_a_choice_that_the_context_leaves_to_people_shows_the_duties_of_all_branches(api: httpx.Client) -> None:
    told = asked(api, "GPL-2.0-only OR AGPL-3.0-only")

    assert told["chosen"] is None
    assert {each["license"] for each in told["obligations"]} == {"GPL-2.0-only", "AGPL-3.0-only"}


def test_source_with_the_binary_and_the_written_offer_are_both_listed_as_alternatives(api: httpx.Client) -> None:
    told = asked(api, "GPL-3.0-or-later", medium="physical", linkage="separate")

    by_id = {each["id"]: each for each in told["obligations"]}
    assert by_id["written-offer"]["alternative_to"] == "source-with-binary"
    assert by_id["source-with-binary"]["scope"] == "whole-work"
    assert told["verdicts"]["proprietary-distributed"] == "allow-with-conditions"
    assert "written-offer" not in due(asked(api, "GPL-3.0-or-later", medium="download"))


def test_an_exception_changes_category_scope_and_duties(api: httpx.Client) -> None:
    told = asked(api, "gpl-2.0-only with classpath-exception-2.0", linkage="static")

    assert told["expression"] == "GPL-2.0-only WITH Classpath-exception-2.0"
    assert told["category"] == "weak-copyleft-library"
    assert "copyleft-work" not in due(told)
    assert {each["scope"] for each in told["obligations"] if each["id"] == "source-with-binary"} == {"library"}


@pytest.mark.parametrize(
    ("use", "category", "verdict", "source"),
    [("whole", "strong-copyleft", "deny", True), ("output", "permissive", "allow", False)],
)
def test_the_output_of_a_tool_is_free_where_its_exception_says_so(
    api: httpx.Client, use: str, category: str, verdict: str, source: bool
) -> None:
    told = asked(api, "GPL-3.0-or-later WITH Bison-exception-2.2", use=use)

    assert (told["category"], told["verdicts"]["proprietary-distributed"]) == (category, verdict)
    assert ("source-with-binary" in due(told)) is source


def test_the_category_is_that_of_the_strictest_operand(api: httpx.Client) -> None:
    assert asked(api, "MIT AND AGPL-3.0-only AND LGPL-2.1-only")["category"] == "network-copyleft"


@pytest.mark.parametrize(
    ("string", "category", "verdict"),
    [
        ("NONE", "none-found", "review-legal"),
        ("NOASSERTION", "unknown", "review-ospo"),
        ("", "unknown", "review-ospo"),
        ("Some Licence \u202e<script>\u0000", "unknown", "review-ospo"),
        ("GPL", "ambiguous", "review-ospo"),
        ("LicenseRef-Acme", "unknown", "review-ospo"),
    ],
)
def test_a_strange_licence_is_answered_and_never_allowed(
    api: httpx.Client, string: str, category: str, verdict: str
) -> None:
    told = asked(api, string)

    assert (told["category"], told["verdicts"]["proprietary-distributed"]) == (category, verdict)
    assert told["obligations"] == []


def test_a_licence_without_an_analysis_is_a_question_and_not_free(api: httpx.Client) -> None:
    told = asked(api, "MIT AND Frameworx-1.0")

    assert told["questions"] == [{"id": "analyse-license", "license": "Frameworx-1.0"}]


@pytest.mark.parametrize("facts", [{"modified": None}, {"linkage": None}, {"has_notice_file": None}])
def test_what_is_not_known_may_be_said(api: httpx.Client, facts: dict[str, Any]) -> None:
    assert due(asked(api, "LGPL-2.1-only")) <= due(asked(api, "LGPL-2.1-only", **facts))


def test_without_delivery_only_passive_duties_stay(api: httpx.Client) -> None:
    told = asked(api, "GPL-2.0-only", delivery=[])

    assert {each["kind"] for each in told["obligations"]} == {"passive"}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ("[]", ""),
        ("{", ""),
        ("{}", "/license"),
        ('{"license": 7}', "/license"),
        ('{"license": "MIT", "delivery": ["post"]}', "/delivery/0"),
        ('{"license": "MIT", "delivery": null}', "/delivery"),
        ('{"license": "MIT", "linkage": "loose"}', "/linkage"),
        ('{"license": "MIT", "user_produkt": true}', "/user_produkt"),
    ],
)
def test_a_malformed_question_is_refused_with_the_place(api: httpx.Client, body: str, pointer: str) -> None:
    refusal = problem(api.post(_PATH, content=body), 422, "invalid-input")

    assert [each["pointer"] for each in refusal["errors"]] == [pointer]


def test_a_licence_is_shown_with_its_facts_and_clauses(api: httpx.Client) -> None:
    shown = got(api, "/api/v1/licenses/apache-2.0")

    assert (shown["id"], shown["category"], shown["osi_approved"]) == ("Apache-2.0", "permissive", True)
    assert shown["analysis"]["status"] == "checked"
    assert len(shown["text_sha256"]) == 64
    clauses = {each["id"]: each["clause"] for each in shown["obligations"]}
    assert clauses["notice-file"] == "§4(d) if a NOTICE file exists"


def test_an_exception_is_shown_with_its_effect_and_an_unknown_id_is_not_found(api: httpx.Client) -> None:
    assert "Independent modules" in got(api, "/api/v1/licenses/Classpath-exception-2.0")["effect"]
    problem(api.get("/api/v1/licenses/No-Such-1.0"), 404, "not-found")


def test_a_deprecated_id_shows_the_duties_of_what_replaces_it(api: httpx.Client) -> None:
    shown = got(api, "/api/v1/licenses/GPL-2.0%2B")

    assert (shown["deprecated"], shown["replaced_by"]) == (True, "GPL-2.0-or-later")
    assert {"source-with-binary", "copyleft-work"} <= {each["id"] for each in shown["obligations"]}
