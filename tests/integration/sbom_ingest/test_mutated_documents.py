"""Whatever somebody does to a document of any format, it is read or refused as promised."""

from pathlib import Path
from random import Random

import pytest

from tools.fuzz import promises, seeds
from tools.fuzz.mutations import loaded, mutated, written

SEEDS = seeds.by_reader(seeds.project_seeds())
MUTANTS = 100


def documents(reader: str) -> list[bytes]:
    """The documents of a reader. What ORT writes in YAML it writes in JSON too."""
    if reader == "ort_json":
        return [written(loaded(path.read_bytes(), "yaml"), "json") for path in SEEDS["ort_yaml"]]
    return [path.read_bytes() for path in SEEDS[reader]]


def test_the_documents_of_the_project_are_read_as_promised() -> None:
    for path in seeds.project_seeds():
        promises.check(path.read_bytes())


@pytest.mark.parametrize("reader", seeds.READERS)
def test_a_mutated_document_is_read_or_refused_as_promised(reader: str) -> None:
    smallest = documents(reader)[:2]
    assert smallest

    for number in range(MUTANTS):
        mutant = mutated(smallest[number % len(smallest)], seeds.form(reader), Random(number))
        try:
            promises.check(mutant)
        except Exception as fault:
            fault.add_note(f"mutant {number} of {reader}: {mutant!r}")
            raise
