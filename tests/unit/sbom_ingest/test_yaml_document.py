"""YAML is bounded while it is read, and nothing in it becomes anything but text, truth values, lists and mappings."""

import json
from io import BytesIO

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sbom_ingest.adapters.readers.source import Source
from sbom_ingest.adapters.readers.yaml_document import Bounds, load_yaml, open_yaml
from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import Refusal, Refused

TEXT = st.text(alphabet="ab01:-#&*!%@`'\"{}[],|>?~ \n.é\U0001f600", max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=15,
)


def refusal(text: bytes, limits: Limits | None = None) -> Refusal:
    with pytest.raises(Refused) as refused:
        load_yaml(text, limits or Limits())
    return refused.value.refusal


@given(VALUES, st.sampled_from([None, True, False]))
def test_what_a_yaml_library_writes_is_read_as_it_was(value: object, flow: bool | None) -> None:
    text = yaml.safe_dump(value, default_flow_style=flow, allow_unicode=True).encode()

    assert load_yaml(text, Limits()) == value


@given(st.dictionaries(TEXT, VALUES, max_size=4))
def test_top_members_are_the_json_of_their_values(value: dict[str, object]) -> None:
    opened = open_yaml(Source(BytesIO(yaml.safe_dump(value).encode())), Limits(), Bounds(1_000))

    assert {key: json.loads(bytes(raw)) for key, raw in opened.members.items()} == value


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1.10", "1.10"),
        ("0x1F", "0x1F"),
        ("1:30:00", "1:30:00"),
        ("2024-01-01", "2024-01-01"),
        ("no", "no"),
        ("NO", "NO"),
        ("on", "on"),
        ("NONE", "NONE"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("'null'", "null"),
        ("!!str null", "null"),
        ("!<.Kotlin> {a: b}", {"a": "b"}),
        ("{<<: {a: b}}", {"<<": {"a": "b"}}),
        ("&anchor a", "a"),
    ],
)
def test_a_plain_scalar_is_text_but_for_null_and_truth_values(written: str, meant: object) -> None:
    assert load_yaml(f"value: {written}\n".encode(), Limits()) == {"value": meant}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"a: &x [b]\nc: *x\n", "aliases are not followed; write the value in its place (line 2)"),
        (b"a: !!python/object/apply:os.system ['true']\n", "python/object/apply:os.system' is not allowed (line 1)"),
        (b"a: !!python/name:os.system\n", "is not allowed"),
        (b"a: !!binary aGk=\n", "is not allowed"),
        (b"%TAG ! tag:" + b"x" * 600 + b"\n---\na: !b c\n", "is not allowed"),
        (b"".join(b"%%TAG !%d! b\n" % number for number in range(400_000)) + b"---\na: b\n", "tags are declared"),
        (b"a: b\n---\nc: d\n", "a second document begins"),
        (b"? [a]\n: b\n", "is no key of an SBOM"),
        (b'a: "\\0"\n', "NUL"),
        (b"a: [b\n", "not valid YAML"),
        (b"a: b: c\n", "not valid YAML"),
        (b"a: \x07\n", "not valid YAML"),
    ],
)
def test_what_asks_for_more_than_values_is_refused_with_its_line(text: bytes, words: str) -> None:
    found = refusal(text)

    assert found.kind == "not-an-sbom"
    assert words in found.detail


@pytest.mark.parametrize(
    ("text", "limits", "limit"),
    [
        (b"[" * 65 + b"]" * 65, Limits(), "depth"),
        (b"[" * 1_000_000, Limits(), "depth"),
        (b"- " * 65 + b"a", Limits(), "depth"),
        (b"{a: " * 65, Limits(), "depth"),
        (b"a: b\n", Limits(yaml_bytes=4), "yaml-bytes"),
        (b"[a, b, c]", Limits(yaml_events=5), "yaml-events"),
        (b"- - - - - -\n", Limits(yaml_events=5), "yaml-events"),
        (b"a: b\n", Limits(yaml_events=5), "yaml-events"),
        (b"a: '[[['\n", Limits(yaml_events=5, depth=2), "yaml-events"),
    ],
)
def test_each_limit_refuses_what_passes_it_and_is_named(text: bytes, limits: Limits, limit: str) -> None:
    assert refusal(text, limits).limit == limit


def test_what_is_just_within_the_depth_is_read() -> None:
    assert load_yaml(b"[" * 64 + b"]" * 64, Limits())


def test_a_key_twice_at_the_top_refuses_the_document() -> None:
    assert refusal(b"packages: []\npackages: [a]\n").kind == "breaks-specification"


@pytest.mark.parametrize("text", [b"", b"- a\n", b"a\n"])
def test_what_is_no_mapping_is_no_sbom(text: bytes) -> None:
    with pytest.raises(Refused) as refused:
        open_yaml(Source(BytesIO(text)), Limits(), Bounds(1_000))

    assert refused.value.refusal.kind == "not-an-sbom"


def test_what_has_too_many_entries_inside_of_an_element_is_refused_before_its_end() -> None:
    rest = " !!python/object:os.system"  # would refuse the document otherwise
    document = f"packages:\n- name: a\n  texts: [{'t, ' * 11}{rest}]\n"

    with pytest.raises(Refused) as refused:
        load_yaml(document.encode(), Limits(entries=10))

    assert refused.value.refusal.limit == "entries"
    assert [each.pointer for each in refused.value.refusal.errors] == ["/packages/0/texts"]


def test_a_key_that_is_written_again_and_again_counts_each_time() -> None:
    document = "packages:\n- {" + "name: a, " * 11 + "}\n"

    with pytest.raises(Refused) as refused:
        load_yaml(document.encode(), Limits(entries=10))

    assert refused.value.refusal.limit == "entries"


def test_the_entries_of_a_top_member_are_bounded_as_elements_are() -> None:
    document = "packages:\n" + "- {name: a}\n" * 11

    assert len(load_yaml(document.encode(), Limits(entries=10))["packages"]) == 11
