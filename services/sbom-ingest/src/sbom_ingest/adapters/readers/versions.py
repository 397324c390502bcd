"""Which versions of a specification are read."""

from collections.abc import Sequence

from sbom_ingest.domain.outcome import Refused, not_an_sbom


def unknown_version(written: str | None, specification: str, read: Sequence[str]) -> Refused:
    """The refusal of a version that no reader knows, naming those that are read."""
    said = "no version that can be read" if written is None else f"version {written[:40]!r}"
    return not_an_sbom(f"The document is {specification} with {said}. {specification} is read in {', '.join(read)}.")
