"""The documents of the benchmark are always the same, and say the same in every format."""

import msgspec
import pytest

from sbom_ingest.domain.limits import Limits
from shared.contracts.inventory import Inventory
from tests.support.reading import Read, read
from tools.bench.documents import FORMATS
from tools.bench.sboms import product


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_size_and_seed_give_the_same_bytes(name: str) -> None:
    assert FORMATS[name](product(50, seed=3)) == FORMATS[name](product(50, seed=3))
    assert FORMATS[name](product(50, seed=3)) != FORMATS[name](product(50, seed=4))


@pytest.mark.parametrize("name", FORMATS)
def test_a_document_is_read_whole_and_without_a_warning(name: str) -> None:
    made = product(200, seed=1)

    result = read(FORMATS[name](made), Limits())

    assert isinstance(result, Read)
    assert (result.warnings, result.ignored) == ([], [])
    inventory = msgspec.json.decode(result.inventory, type=Inventory)
    assert {each.purl for each in made.packages} == {each.purl for each in inventory.components if each.purl}
    assert len(inventory.edges) >= len(made.edges)


def test_a_product_has_about_one_and_a_half_edges_for_each_package() -> None:
    assert 1.3 * 1_000 < len(product(1_000, seed=1).edges) < 1.7 * 1_000
