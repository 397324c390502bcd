"""What waits in streams comes back as it was, in whatever order it is written and read."""

import re
from io import BytesIO

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sbom_ingest.adapters.readers.positions import Positions
from sbom_ingest.adapters.readers.source import Source
from sbom_ingest.adapters.readers.spill import Spill
from sbom_ingest.domain.component_store import ComponentStore, Use
from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import Refused
from sbom_ingest.domain.texts import Texts
from shared.contracts.inventory import Component, LicenseClaim

NAMES = st.sampled_from(["a", "b", "c"])
COMPONENTS = st.lists(
    st.builds(
        Component,
        name=NAMES,
        pointer=st.just(""),
        version=st.none() | NAMES,
        licenses=st.lists(
            st.builds(LicenseClaim, NAMES, st.just("name"), st.just("declared"), st.just("")), max_size=1
        ),
    ),
    max_size=12,
)


@given(st.lists(st.text() | st.none()))
def test_values_may_be_written_and_read_by_turns(values: list[str | None]) -> None:
    spill, expected = Spill(BytesIO, str), list[str]()

    for value in values:
        if value is None:
            assert list(spill) == expected
        else:
            assert spill.at(spill.append(value)) == value
            expected.append(value)

    assert list(spill) == expected
    assert spill.longest >= max((len(value.encode()) for value in expected), default=0)


@given(COMPONENTS, st.dictionaries(st.integers(0, 11), st.sampled_from(["dev", "test"])))
def test_components_are_written_as_they_are_known_in_the_end(components: list[Component], uses: dict[int, str]) -> None:
    store = ComponentStore(BytesIO())
    for component in components:
        store.append(component)
    for position, scope in uses.items():
        if position < len(components):
            components[position] = msgspec.structs.replace(components[position], scope=scope)
            store.use(position, Use(components[position].scope, None, None))

    merged = store.merge_duplicates()
    written = msgspec.json.decode(b"[" + b"".join(store.pieces(merged.occurrences)) + b"]", type=list[Component])

    told = [msgspec.structs.replace(each, occurrences=1) for each in written]
    assert told == [each for index, each in enumerate(components) if each not in components[:index]]
    assert sum(each.occurrences for each in written) == len(components)
    assert store.tally.shares(set())["name"] == (merged.components, merged.components)


def test_a_text_is_kept_once_and_one_that_is_too_long_is_refused() -> None:
    texts = Texts(Limits(text_bytes=4), BytesIO())

    keys = [texts.add(text, "") for text in ("one", "two", "one")]

    assert keys[0] == keys[2] != keys[1]
    assert sorted(msgspec.json.decode(b"{" + b"".join(texts.pieces()) + b"}").values()) == ["one", "two"]
    with pytest.raises(Refused):
        texts.add("three", "/a")


def test_positions_know_what_they_were_told_first() -> None:
    positions = Positions()

    assert (positions.setdefault("a", 1), positions.setdefault("a", 2)) == (1, 1)
    assert (positions.get("a"), positions.get("b")) == (1, None)


@given(st.lists(st.text(max_size=3), max_size=50), st.integers(0, 2000))
def test_positions_agree_with_a_dictionary(ids: list[str], more: int) -> None:
    positions, expected = Positions(), dict[str, int]()

    for number, identifier in enumerate([*ids, *map(str, range(more)), *ids]):
        assert positions.setdefault(identifier, number) == expected.setdefault(identifier, number)

    assert len(positions) == len(expected)
    assert [positions.get(each) for each in [*expected, "none of them"]] == [*expected.values(), None]


@given(st.lists(st.sampled_from([b"Tag: x", b"no Tag: y", b"", b"z" * 70_000]), max_size=6))
def test_a_line_is_found_wherever_pieces_end(lines: list[bytes]) -> None:
    source = Source(BytesIO(b"skipped" + b"\n".join(lines)), start=7)

    found = list(source.find_all(re.compile(rb"^Tag: (x)", re.MULTILINE)))

    assert bool(found) == (b"Tag: x" in lines)
    assert source.has(re.compile(rb"^Tag", re.MULTILINE)) == (b"Tag: x" in lines)
