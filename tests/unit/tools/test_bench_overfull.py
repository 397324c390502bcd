"""Documents that are full in one place measure the reader that they are made for."""

from itertools import chain

import pytest

from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import Refusal
from tests.support.reading import read
from tools.bench import overfull_graphs, overfull_scans, overfull_shapes
from tools.bench.overfull_shapes import Shape
from tools.fuzz import seeds

SHAPES = [*chain(overfull_shapes.shapes(), overfull_graphs.shapes(), overfull_scans.shapes())]
_REFUSED = ("backslashes", "numbers")
"""What breaks a rule in its first entry."""


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: f"{shape.reader}, {shape.name}")
def test_a_shape_with_few_entries_is_a_document_of_its_reader(shape: Shape) -> None:
    document = shape.filled(10_000_000, 2)

    outcome = read(document, Limits())

    assert seeds.recognised(document) == shape.reader or shape.name in _REFUSED
    assert not isinstance(outcome, Refusal) or shape.name in _REFUSED, outcome


def test_each_reader_has_shapes() -> None:
    assert {shape.reader for shape in SHAPES} == set(seeds.READERS) - {seeds.RECOGNITION}
