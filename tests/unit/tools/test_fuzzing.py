"""The fuzzer finds a broken promise, makes the document that breaks it small, and can be made to do so again."""

import json
from pathlib import Path
from random import Random

import msgspec
import pytest

from shared.contracts.inventory import Inventory
from tests.support.reading import Read
from tests.support.small_sboms import cyclonedx, inventory_of, result_of
from tools.fuzz import promises
from tools.fuzz.crashes import Crashes, shrunk
from tools.fuzz.mutations import Form, mutated

DOCUMENT = cyclonedx(
    {"name": "a", "bom-ref": "a"}, {"name": "b", "bom-ref": "b"}, dependencies=[{"ref": "a", "dependsOn": ["b"]}]
)


def with_inventory(inventory: Inventory) -> Read:
    result = result_of(DOCUMENT)
    encoded = msgspec.json.encode(inventory)
    return Read(result.facts, encoded, promises.sha256(encoded).hexdigest(), result.warnings, result.ignored)


@pytest.mark.parametrize(
    ("wrong", "promise"),
    [
        ({"edges": [(0, 2)]}, "each position is that of the root or a component"),
        ({"edges": [(0, 1), (0, 1)]}, "edges are sorted and each there once"),
        ({"texts": {"0": "text"}}, "the key of a text is its SHA-256"),
        ({"components": []}, "each component is counted"),
        ({"root_position": 2}, "the root is a component"),
    ],
)
def test_an_inventory_that_breaks_a_promise_is_found(
    wrong: dict[str, object], promise: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = with_inventory(msgspec.structs.replace(inventory_of(DOCUMENT), **wrong))
    monkeypatch.setattr(promises, "read", lambda *_: broken)

    with pytest.raises(promises.BrokenPromise, match=promise):
        promises.check(DOCUMENT)


def test_each_kind_of_fault_is_written_down_once_and_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promises, "read", lambda document, _: 1 // (b"dependsOn" not in document))
    crashes = Crashes(tmp_path, "json")

    crashes.check(DOCUMENT)
    crashes.check(DOCUMENT + b" ")

    [kept] = tmp_path.iterdir()
    assert kept.read_bytes() == b"dependsOn"


def test_what_is_not_needed_for_a_fault_is_taken_away() -> None:
    small = shrunk(DOCUMENT, "json", lambda document: b'"ref"' in document and document.startswith(b"{"))

    assert small == b'{"ref"'


@pytest.mark.parametrize("form", ["json", "yaml", "xml", "lines", "bytes"])
def test_the_same_seed_changes_a_document_in_the_same_way(form: Form) -> None:
    document = b"<a><b c='d'>e</b></a>" if form == "xml" else json.dumps({"a": [1, {"b": "c"}]}).encode()

    twice = [[mutated(document, form, Random(seed)) for seed in range(50)] for _ in range(2)]

    assert twice[0] == twice[1]
    assert len(set(twice[0])) > 25
