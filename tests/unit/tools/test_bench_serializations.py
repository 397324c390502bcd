"""The documents of the reading benchmark say the same in every serialization."""

import msgspec
import pytest

from sbom_ingest.domain.limits import Limits
from shared.contracts.inventory import Inventory
from tests.support.reading import Read, read
from tools.bench.sboms import product
from tools.bench.serializations import SERIALIZATIONS


def inventory_in(name: str) -> Inventory:
    """What a product of 200 packages is read as, without a warning."""
    result = read(SERIALIZATIONS[name](product(200, seed=1)), Limits())
    assert isinstance(result, Read), result
    assert result.warnings == []
    return msgspec.json.decode(result.inventory, type=Inventory)


def licenses_of(inventory: Inventory) -> dict[str, list[str]]:
    """The licences of each component, without the parentheses that serializations add."""
    return {
        each.purl: [claim.value.replace("(", "").replace(")", "") for claim in each.licenses]
        for each in inventory.components
        if each.purl
    }


@pytest.mark.parametrize("name", SERIALIZATIONS)
def test_every_serialization_says_what_json_says(name: str) -> None:
    inventory = inventory_in(name)
    expected = inventory_in(f"{name.split('-', maxsplit=1)[0]}-json")

    assert licenses_of(inventory) == licenses_of(expected)
    assert inventory.edges == expected.edges
    assert [each.copyright for each in inventory.components] == [each.copyright for each in expected.components]
    assert [each.hashes for each in inventory.components] == [each.hashes for each in expected.components]
