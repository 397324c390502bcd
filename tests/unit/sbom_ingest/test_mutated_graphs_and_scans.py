"""Whatever somebody does to an SPDX 3 graph, a result of ORT or a scan, it is read or refused, and all is counted."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sbom_ingest.adapters.readers.registry import read
from sbom_ingest.adapters.readers.yaml_document import load_yaml
from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import ReadResult, Refusal

SBOMS = Path(__file__).parents[2] / "data" / "sboms"
NAMES = ["example.spdx3.json", "example.ort-result.yml", "example.scancode32.json", "example.scancode31.json"]
ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 0, -1, 10**15, 3.5, "", "x", "NONE", [], ["x"], [None], [[]], {}, {"a": 1}]
)

Path_ = tuple[str | int, ...]


def loaded(name: str) -> Any:
    content = (SBOMS / name).read_bytes()
    return json.loads(content) if name.endswith(".json") else load_yaml(content, Limits())


def places(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    if path:
        yield path
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in entries:
        yield from places(inner, (*path, step))


DOCUMENTS = {name: loaded(name) for name in NAMES}
PLACES = {name: list(places(document)) for name, document in DOCUMENTS.items()}


def changed(document: Any, path: Path_, odd: Any) -> bytes:
    mutated = copy.deepcopy(document)
    holder = mutated
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = odd
    return json.dumps(mutated).encode()


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_a_mutated_document_is_read_or_refused(name: str, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(PLACES[name]))
    odd = data.draw(ODD)

    outcome = read(changed(DOCUMENTS[name], path, odd), Limits())

    assert isinstance(outcome, ReadResult | Refusal)
    if isinstance(outcome, ReadResult):
        buckets = outcome.facts.buckets
        assert buckets.elements == buckets.components + buckets.duplicates + buckets.ignored
