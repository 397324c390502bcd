"""Whatever somebody does to a document of any format, it is read or refused as promised."""

from pathlib import Path
from random import Random

import pytest

from tools.fuzz import promises, seeds
from tools.fuzz.mutations import mutated

PROJECT = seeds.project_seeds()
BY_READER = seeds.by_reader(PROJECT)
MUTANTS = 200


def documents(reader: str) -> list[bytes]:
    return [path.read_bytes() for path in BY_READER[reader]]


@pytest.mark.parametrize("document", PROJECT, ids=lambda path: path.name)
def test_a_document_of_the_project_is_read_as_promised(document: Path) -> None:
    promises.check(document.read_bytes())


@pytest.mark.parametrize("reader", seeds.READERS)
def test_a_mutated_document_is_read_or_refused_as_promised(reader: str) -> None:
    originals = documents(reader)
    assert originals

    for number in range(MUTANTS):
        mutant = mutated(originals[number % len(originals)], seeds.form(reader), Random(number))
        try:
            promises.check(mutant)
        except Exception as fault:
            fault.add_note(f"mutant {number} of {reader}: {mutant!r}")
            raise
