"""Whether work under one licence may go into work under another, asked through the gateway (domain model §3.5)."""

from typing import Any

import httpx
import pytest

from tests.support.api import problem

_PATH = "/api/v1/licenses/compatibility"


def asked(api: httpx.Client, **question: Any) -> dict[str, Any]:
    answer = api.post(_PATH, json=question)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_an_answer_tells_verdict_reason_source_branch_and_alternatives(api: httpx.Client) -> None:
    told = asked(api, inbound="apache 2", outbound="GPL-2.0", linkage="static", modified=False, delivery=["binary"])

    assert set(told) == {"verdict", "why", "source", "branch", "alternatives"}
    assert (told["verdict"], told["branch"]) == ("incompatible", None)
    assert "raise the outbound licence to GPL-3.0-or-later" in told["alternatives"]


def test_of_an_or_the_branch_that_is_taken_is_told(api: httpx.Client) -> None:
    told = asked(api, inbound="GPL-2.0-only OR MIT", outbound="LicenseRef-Proprietary")

    assert (told["verdict"], told["branch"]) == ("compatible", "MIT")


def test_what_is_not_known_of_the_use_is_judged_strictly(api: httpx.Client) -> None:
    question = {"inbound": "MPL-2.0", "outbound": "LicenseRef-Proprietary"}

    assert asked(api, **question)["verdict"] == "conditional"
    assert asked(api, **question, linkage=None, modified=None)["verdict"] == "incompatible"


@pytest.mark.parametrize("strange", ["", "NONE", "not a licence!!", "GPL", "\u202e<script>\u0000", "(" * 5000])
def test_a_strange_licence_is_unknown_and_no_error(api: httpx.Client, strange: str) -> None:
    assert asked(api, inbound=strange, outbound="MIT")["verdict"] == "unknown"
    assert asked(api, inbound="MIT", outbound=strange)["verdict"] == "unknown"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ("{", ""),
        ("{}", "/inbound"),
        ('{"inbound": "MIT"}', "/outbound"),
        ('{"inbound": 7, "outbound": "MIT"}', "/inbound"),
        ('{"inbound": "MIT", "outbound": null}', "/outbound"),
        ('{"inbound": "MIT", "outbound": "MIT", "linkage": "glued"}', "/linkage"),
        ('{"inbound": "MIT", "outbound": "MIT", "delivery": ["post"]}', "/delivery/0"),
        ('{"inbound": "MIT", "outbound": "MIT", "delivrey": []}', "/delivrey"),
    ],
)
def test_a_malformed_question_is_refused_with_the_place(api: httpx.Client, body: str, pointer: str) -> None:
    refusal = problem(api.post(_PATH, content=body), 422, "invalid-input")

    assert [each["pointer"] for each in refusal["errors"]] == [pointer]
