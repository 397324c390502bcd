"""JSON is bounded before it is parsed, and nothing in it is lost."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sbom_ingest.adapters.readers.json_document import check_depth, open_json
from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import Refused

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet='ab{}[]"\\\n:,é'),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet='k"\\{'), inner, max_size=3),
    max_leaves=20,
)


def depth_of(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth_of, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth_of, value), default=0)
    return 0


@given(JSON_VALUES, st.integers(min_value=0, max_value=6))
def test_the_depth_is_counted_as_a_parser_counts_it(value: object, limit: int) -> None:
    text = json.dumps(value, ensure_ascii=False).encode()

    refused = False
    try:
        check_depth(memoryview(text), limit)
    except Refused as refusal:
        refused = refusal.refusal.limit == "depth"

    assert refused == (depth_of(value) > limit)


@given(
    st.dictionaries(st.text(st.characters(codec="utf-8", exclude_characters="\0")), JSON_VALUES, max_size=5),
    st.sampled_from([None, 2]),
)
def test_the_members_of_an_object_are_those_that_json_loads_gives(value: dict[str, object], indent: int | None) -> None:
    members = open_json(json.dumps(value, indent=indent).encode(), Limits()).members

    assert {key: json.loads(bytes(raw)) for key, raw in members.items()} == value


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "a": 2}',
        '{"a": 1, "a": 1}',
        '{"a": 1, "b": 2, "a": 1}',
        '{"a": 1, "\\u0061": 2}',
        '{"a": [], "b": {}, "a" : [ ] }',
        '{"sbom": {"bomFormat": "CycloneDX", "bomFormat": "CycloneDX"}}',
    ],
)
def test_a_key_that_stands_twice_refuses_the_document(text: str) -> None:
    with pytest.raises(Refused) as refused:
        open_json(text.encode(), Limits())

    assert refused.value.refusal.kind == "breaks-specification"


def test_the_wrapper_of_githubs_api_is_taken_off() -> None:
    opened = open_json(b'{"sbom": {"spdxVersion": "SPDX-2.3"}}', Limits())

    assert opened.pointer == "/sbom"
    assert opened.text("spdxVersion") == "SPDX-2.3"


def test_an_escaped_nul_is_refused_but_its_escape_sequence_as_text_is_not() -> None:
    with pytest.raises(Refused):
        open_json(b'{"a": "\\u0000"}', Limits())

    assert json.loads(bytes(open_json(rb'{"a": "\\u0000"}', Limits()).members["a"])) == r"\u0000"


def test_ten_megabytes_of_opening_brackets_are_refused_by_depth() -> None:
    with pytest.raises(Refused) as refused:
        open_json(b"[" * 10_000_000, Limits())

    assert refused.value.refusal.limit == "depth"
