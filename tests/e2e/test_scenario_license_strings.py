"""What licence strings mean, asked through the API."""

import json
from typing import Any

import httpx
import pytest

from tests.support.api import problem

_PATH = "/api/v1/licenses/normalize"


def _asked(api: httpx.Client, *values: str) -> list[dict[str, Any]]:
    answer = api.post(_PATH, json={"values": values})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_each_value_is_answered_in_its_place_with_expression_status_candidates_and_reason(api: httpx.Client) -> None:
    items = _asked(api, "Apache 2", "MIT", "GPL", "no such licence", "MIT")

    assert [set(item) for item in items] == [{"input", "expression", "status", "candidates", "why"}] * 5
    assert [(item["input"], item["expression"], item["status"]) for item in items] == [
        ("Apache 2", "Apache-2.0", "alias"),
        ("MIT", "MIT", "exact"),
        ("GPL", None, "ambiguous"),
        ("no such licence", None, "unknown"),
        ("MIT", "MIT", "exact"),
    ]
    assert "GPL-2.0-only" in items[2]["candidates"]
    assert all(item["why"] for item in items)


def test_no_value_is_too_strange_to_be_answered(api: httpx.Client) -> None:
    strange = ["", " ", "\x00", "(" * 5_000, "MIT AND " * 5_000, "a" * 1_000_000, "💩\u202e", "%s{{7*7}}", "MIT WITH"]

    items = _asked(api, *strange)

    assert [item["input"] for item in items] == strange
    assert {item["status"] for item in items} == {"unknown"}


def test_half_of_a_surrogate_pair_goes_back_as_it_came(api: httpx.Client) -> None:
    answer = api.post(_PATH, content=rb'{"values": ["MIT \ud800"]}')

    assert answer.status_code == 200
    assert answer.json()["items"][0]["input"] == json.loads(r'"MIT \ud800"')


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"{}", b'{"values": "MIT"}', b'{"values": [1]}', b'{"values": [null]}', b"\xff", b"[" * 9_999],
)
def test_a_malformed_request_is_refused(api: httpx.Client, body: bytes) -> None:
    assert problem(api.post(_PATH, content=body), 422, "invalid-input")["detail"]


def test_a_thousand_values_are_answered_and_one_more_is_refused(api: httpx.Client) -> None:
    assert len(_asked(api, *map(str, range(1_000)))) == 1_000

    refused = problem(api.post(_PATH, json={"values": ["MIT"] * 1_001}), 422, "invalid-input")
    assert refused["errors"][0]["pointer"] == "/values"
