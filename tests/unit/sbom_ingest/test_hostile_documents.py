"""Whatever a document holds, reading it ends in a result or a refusal, within the limits."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sbom_ingest.domain.limits import MIB, Limits
from sbom_ingest.domain.outcome import Refusal
from tests.support.examples import examples
from tests.support.reading import Read, read
from tests.support.small_sboms import cyclonedx, inventory_of, only_component, refusal_of, related, result_of, spdx

STRANGE = st.sampled_from([None, True, 0, -1.5, 10**30, "", "x", "\ud7ff", [], {}, [None], [[]], {"a": 1}])
FULL_CYCLONEDX = json.loads(
    cyclonedx(
        {
            "name": "a",
            "bom-ref": "a",
            "purl": "pkg:npm/a@1",
            "supplier": {"name": "s"},
            "licenses": [{"license": {"id": "MIT", "text": {"content": "t"}}}, {"expression": "MIT"}],
            "evidence": {"licenses": [{"license": {"name": "n"}}], "copyright": [{"text": "c"}]},
            "hashes": [{"alg": "MD5", "content": "0" * 32}],
            "properties": [{"name": "licet:notice", "value": "v"}],
            "externalReferences": [{"type": "vcs", "url": "u"}],
            "pedigree": {"patches": [{"type": "backport"}]},
            "components": [{"type": "library", "name": "b"}],
        },
        metadata={
            "timestamp": "2026-01-01T00:00:00Z",
            "tools": {"components": [{"name": "t", "version": "1"}]},
            "component": {"type": "application", "name": "r", "bom-ref": "r"},
        },
        services=[{"name": "s", "data": [{"flow": "inbound", "classification": "c"}], "services": []}],
        dependencies=[{"ref": "r", "dependsOn": ["a"]}],
    )
)
FULL_SPDX = json.loads(
    spdx(
        {
            "name": "a",
            "licenseConcluded": "MIT",
            "licenseInfoFromFiles": ["MIT"],
            "checksums": [{"algorithm": "MD5", "checksumValue": "0"}],
            "externalRefs": [{"referenceType": "purl", "referenceLocator": "pkg:npm/a@1"}],
            "annotations": [{"comment": "licet:notice: n"}],
            "attributionTexts": ["t"],
        },
        files=[{"SPDXID": "SPDXRef-f", "fileName": "f"}],
        hasExtractedLicensingInfos=[{"licenseId": "LicenseRef-1", "extractedText": "t"}],
        relationships=[related("a", "CONTAINS", "f")],
        documentDescribes=["SPDXRef-a"],
    )
)


def places(value: Any) -> list[tuple[Any, Any]]:
    if isinstance(value, dict):
        return [(value, key) for key in value] + [place for inner in value.values() for place in places(inner)]
    if isinstance(value, list):
        return [(value, index) for index in range(len(value))] + [place for inner in value for place in places(inner)]
    return []


@examples(300)
@given(
    st.sampled_from([FULL_CYCLONEDX, FULL_SPDX]), st.lists(st.tuples(st.integers(0), STRANGE), min_size=1, max_size=3)
)
def test_any_value_in_any_place_ends_in_a_result_or_a_refusal(document: Any, changes: list[tuple[int, Any]]) -> None:
    changed = json.loads(json.dumps(document))
    for number, value in changes:
        all_places = places(changed)
        holder, key = all_places[number % len(all_places)]
        holder[key] = json.loads(json.dumps(value))

    outcome = read(json.dumps(changed).encode(), Limits())

    match outcome:
        case Read():
            buckets = outcome.facts.buckets
            assert buckets.elements == buckets.components + buckets.duplicates + buckets.ignored
        case Refusal():
            assert outcome.kind in ("breaks-specification", "not-an-sbom")


@given(st.binary(max_size=200))
def test_any_bytes_end_in_a_refusal(body: bytes) -> None:
    assert isinstance(read(body, Limits()), Refusal)


@pytest.mark.parametrize(
    ("document", "limits", "limit"),
    [
        (cyclonedx({"name": "a", "x": json.loads("[" * 62 + "]" * 62)}), Limits(), "depth"),
        (cyclonedx({"name": "a"}, {"name": "b"}), Limits(elements=1), "elements"),
        (
            cyclonedx({"name": "a", "components": [{"type": "library", "name": "b"}]}),
            Limits(elements=1),
            "elements",
        ),
        (spdx({"name": "a"}, {"name": "b"}), Limits(elements=1), "elements"),
        (spdx({"name": "a"}, relationships=[{}, {}]), Limits(relationships=1), "relationships"),
        (
            cyclonedx({"name": "a", "bom-ref": "a"}, dependencies=[{"ref": "a", "dependsOn": ["b", "c"]}]),
            Limits(relationships=1),
            "relationships",
        ),
        (cyclonedx({"name": "a" * (MIB + 1)}), Limits(), "field"),
        (cyclonedx({"name": "a", "licenses": [{"license": {"name": "é" * MIB}}]}), Limits(), "field"),
        (spdx({"name": "a", "licenseDeclared": "M" * (MIB + 1)}), Limits(), "field"),
        (
            cyclonedx({"name": "a", "licenses": [{"license": {"id": "MIT", "text": {"content": "t" * 101}}}]}),
            Limits(text_bytes=100),
            "text",
        ),
        (spdx({"name": "a", "attributionTexts": ["t" * 101]}), Limits(text_bytes=100), "text"),
    ],
)
def test_each_limit_refuses_what_passes_it_and_is_named(document: bytes, limits: Limits, limit: str) -> None:
    refusal = refusal_of(document, limits)

    assert (refusal.kind, refusal.limit) == ("over-limit", limit)


def test_what_is_just_within_the_limits_is_taken() -> None:
    deep = json.loads("[" * 61 + "]" * 61)

    component = only_component(cyclonedx({"name": "a" * (MIB - 200), "x": deep}))

    assert len(component.name) == MIB - 200


def test_components_nested_as_deep_as_the_limit_allows_are_all_read() -> None:
    component: dict[str, Any] = {"type": "library", "name": "innermost"}
    for number in range(30):
        component = {"type": "library", "name": str(number), "components": [component]}

    assert result_of(cyclonedx(component)).facts.buckets.components == 31


def test_an_expression_of_ten_thousand_operands_is_taken_with_a_warning() -> None:
    expression = " OR ".join(["MIT"] * 10_000)

    result = result_of(cyclonedx({"name": "a", "licenses": [{"expression": expression}]}))

    assert [warning.code for warning in result.warnings] == ["license-expression"]


def test_text_that_looks_like_markup_or_code_arrives_unchanged() -> None:
    name = "<script>alert('{{7*7}} ${jndi:ldap://x}')</script>\u001b[31m\u202e"

    assert only_component(cyclonedx({"name": name})).name == name


def test_a_hundred_thousand_equal_licenses_are_one_statement() -> None:
    licenses = [{"license": {"id": "MIT"}}] * 100_000

    assert len(only_component(cyclonedx({"name": "a", "licenses": licenses})).licenses) == 1


def test_many_wrong_fields_of_one_element_end_in_time() -> None:
    properties = [{"name": number, "value": None} for number in range(5_000)]

    inventory = inventory_of(cyclonedx({"name": "a", "properties": properties}))

    assert inventory.buckets.components == 1


def test_the_time_limit_grows_with_the_document() -> None:
    assert [Limits().reading_seconds(size * MIB) for size in (0, 8, 12, 256)] == [4.0, 4.0, 5.0, 66.0]
