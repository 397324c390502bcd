"""The documents that fuzzing starts from, by the reader that takes them, each where it lies.

They are those of the tests and, where `LICET_CORPUS` names its folder, of the corpus of real SBOMs.
"""

import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from sbom_ingest.adapters.readers import registry
from sbom_ingest.adapters.readers.encoding import to_utf8
from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import Refused
from tools.fuzz.mutations import Form

REPOSITORY = Path(__file__).parents[2]
RECOGNITION = "recognition"
"""Not a reader: what stands before them all. Its seeds are those that no reader takes, and the smallest of each reader."""

MAX_BYTES = 64 * 1024
"""Larger documents are read too slowly to change them often."""


def short_name(reader: object) -> str:
    """What a reader is called on the command line: its module, `cyclonedx_json` for one."""
    return str(getattr(reader, "__name__", reader)).rpartition(".")[2]


READERS = (*map(short_name, registry.READERS), RECOGNITION)


def form(reader: str) -> Form:
    """How documents of this reader are changed."""
    match reader.rpartition("_")[2]:
        case "json":
            return "json"
        case "yaml":
            return "yaml"
        case "xml" | "rdf":
            return "xml"
        case "value":
            return "lines"
        case _:
            return "bytes"


def project_seeds() -> list[Path]:
    """The documents of the tests."""
    folder = REPOSITORY / "tests" / "data" / "sboms"
    return sorted(path for path in folder.iterdir() if path.suffix != ".md")


def corpus_seeds() -> list[Path]:
    """The documents of the corpus that are not too large; none where there is no corpus."""
    corpus = Path(os.environ.get("LICET_CORPUS") or REPOSITORY.parent / "shared" / "corpus")
    found = (path for kind in ("valid", "invalid") for path in (corpus / kind).rglob("*"))
    return sorted(path for path in found if path.is_file() and path.stat().st_size <= MAX_BYTES)


def by_reader(seeds: list[Path]) -> dict[str, list[Path]]:
    """The seeds of each reader, smallest first; a reader without any has an empty list."""
    grouped: dict[str, list[Path]] = {reader: [] for reader in READERS}
    for path in sorted(seeds, key=lambda path: (path.stat().st_size, path.name)):
        grouped[recognised(path.read_bytes())].append(path)
    grouped[RECOGNITION].extend(_smallest(grouped))
    return grouped


def recognised(document: bytes) -> str:
    """The reader that takes the document, or `RECOGNITION` where none does."""
    try:
        # The same steps as `registry.read`, which does not tell whom it asked.
        content = registry._opened(to_utf8(BytesIO(document), BytesIO).source, Limits(), BytesIO)
    except (Refused, UnicodeDecodeError):
        return RECOGNITION
    taking = (short_name(reader) for reader in registry.READERS if reader.recognises(content))
    return next(taking, RECOGNITION)


def _smallest(grouped: dict[str, list[Path]]) -> Iterator[Path]:
    return (paths[0] for reader, paths in grouped.items() if paths and reader != RECOGNITION)
