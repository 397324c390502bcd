"""Applies the curations of an ORT result to its packages, as ORT does.

A result keeps the packages as the analyzer found them, and beside them what was curated (`resolved_configuration`).
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from sbom_ingest.adapters.readers.ort_configuration_structs import Curation, CurationData, ProvidedCurations
from sbom_ingest.adapters.readers.ort_packages import concluded, location
from sbom_ingest.adapters.readers.ort_versions import Versions
from sbom_ingest.adapters.readers.tolerant import Fault, TolerantDecoder
from sbom_ingest.domain.draft import Draft
from shared.contracts.inventory import Component


def _matters(fault: Fault) -> bool:
    return "concluded_license" in fault.path


_CURATIONS = TolerantDecoder(Curation, _matters)


class _Entry(NamedTuple):
    name: str
    versions: Versions
    data: CurationData
    pointer: str


class Curations:
    """All curations, those of the first provider first; `pointer` is where their list stands."""

    def __init__(self, provided: Sequence[ProvidedCurations], draft: Draft, pointer: str) -> None:
        self._draft = draft
        self._entries: dict[tuple[str, str], list[_Entry]] = {}
        for number, provider in enumerate(provided):
            for index, raw in enumerate(provider.curations):
                place = f"{pointer}/{number}/curations/{index}"
                self._add(_CURATIONS.decode(raw, draft, place), place)

    def _add(self, written: Curation, pointer: str) -> None:
        kind, namespace, name, version = _coordinates(written.id)
        versions = Versions(version)
        if not versions.are_known:
            message = (
                f"{version[:80]!r} is no range of versions as Ivy writes them: the curation is for no other version"
            )
            self._draft.warn("curation-ignored", message, f"{pointer}/id")
        entry = _Entry(name, versions, written.curations, f"{pointer}/curations")
        self._entries.setdefault((kind.lower(), namespace), []).append(entry)

    def applied(self, component: Component, identifier: str) -> Component:
        """The component of the package with this id, with all that curations say of it; the first that says it wins."""
        for entry in reversed(list(self._of(identifier))):
            component = self._curated(component, entry)
        return component

    def _of(self, identifier: str) -> Iterator[_Entry]:
        kind, namespace, name, version = _coordinates(identifier)
        for entry in self._entries.get((kind.lower(), namespace), ()):
            if _same_or_open(entry.name, name) and entry.versions.include(version):
                yield entry

    def _curated(self, component: Component, entry: _Entry) -> Component:
        data = entry.data
        source = data.source_artifact.url if data.source_artifact else None
        claims = component.licenses
        if data.concluded_license:
            claim = concluded(data.concluded_license, self._draft, f"{entry.pointer}/concluded_license")
            claims = [claim, *(each for each in claims if each.origin != "concluded")]
        return replace(
            component,
            licenses=claims,
            source_url=source or (location(data.vcs) if data.vcs else None) or component.source_url,
            modified=component.modified if data.is_modified is None else data.is_modified,
        )


def _coordinates(identifier: str) -> tuple[str, str, str, str]:
    kind, namespace, name, version = (identifier.split(":", 3) + [""] * 4)[:4]
    return kind, namespace, name, version


def _same_or_open(curated: str, own: str) -> bool:
    return curated == own or not curated.strip() or not own.strip()
