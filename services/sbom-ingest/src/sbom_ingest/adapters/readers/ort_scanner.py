"""What the scanner of an ORT result found in the sources of packages: licences and copyright, as observed."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from msgspec import Raw
from msgspec.structs import replace

from sbom_ingest.adapters.readers.common import copyright_lines
from sbom_ingest.adapters.readers.ort_configuration_structs import (
    PackageConfiguration,
    Provenance,
    ScanFinding,
    ScannerRun,
    ScanResult,
)
from sbom_ingest.adapters.readers.ort_patterns import path_matches
from sbom_ingest.adapters.readers.tolerant import Fault, TolerantDecoder
from sbom_ingest.domain.draft import Draft
from shared.contracts.inventory import Component, LicenseClaim


def _never_matters(fault: Fault) -> bool:
    return False


_RUN = TolerantDecoder(ScannerRun, _never_matters)
_RESULTS = TolerantDecoder(ScanResult, _never_matters)
_Source = tuple[str, str]
_NO_LICENSE = "NONE"


@dataclass(slots=True)
class _Found:
    """The licences, each where it was first found, and the copyright statements of a package."""

    claims: dict[str, LicenseClaim] = field(default_factory=dict)
    statements: list[str] = field(default_factory=list)


class ScannerFindings:
    """What was found in packages, by their ids; `configurations` say what of it counts."""

    def __init__(self, draft: Draft, configurations: Sequence[PackageConfiguration]) -> None:
        self._draft = draft
        self._configurations: defaultdict[str, list[PackageConfiguration]] = defaultdict(list)
        for each in configurations:
            self._configurations[each.id].append(each)
        self._packages: defaultdict[_Source, list[tuple[str, str]]] = defaultdict(list)
        self._found: defaultdict[str, _Found] = defaultdict(_Found)

    def add_all(self, raw: Raw, pointer: str) -> None:
        """Read a run of the scanner that stands at `pointer`."""
        run = _RUN.decode(raw, self._draft, pointer)
        if bytes(run.results) != b"null":
            message = "what older versions of ORT scanned is not read; the evaluated model has it"
            self._draft.warn("section-ignored", message, f"{pointer}/results")
        for each in run.provenances:
            if each.package_provenance is not None:
                folder = each.package_provenance.vcs_info.path if each.package_provenance.vcs_info else ""
                self._packages[_source(each.package_provenance)].append((each.id, folder))
        for index, result in enumerate(run.scan_results):
            place = f"{pointer}/scan_results/{index}"
            self._add_result(_RESULTS.decode(result, self._draft, place), f"{place}/summary")

    def _add_result(self, result: ScanResult, pointer: str) -> None:
        for package, folder in self._packages.get(_source(result.provenance), ()):
            configurations, found = self._configurations[package], self._found[package]
            for index, finding in _inside(result.summary.licenses, folder, configurations):
                license_ = _corrected(finding, configurations)
                if license_ not in ("", _NO_LICENSE) and license_ not in found.claims:
                    place = f"{pointer}/licenses/{index}/license"
                    self._draft.check_field(license_, place)
                    found.claims[license_] = LicenseClaim(license_, "expression", "observed", place)
            found.statements += [
                each.statement for _, each in _inside(result.summary.copyrights, folder, configurations)
            ]

    def applied(self, component: Component, package: str) -> Component:
        """The component of a package with what was found in it."""
        found = self._found.get(package)
        if found is None:
            return component
        lines = copyright_lines([*component.copyright, *found.statements])
        return replace(component, licenses=component.licenses + list(found.claims.values()), copyright=lines)


def _source(provenance: Provenance) -> _Source:
    if provenance.source_artifact is not None:
        return "artifact", provenance.source_artifact.url
    vcs = provenance.vcs_info
    return (vcs.url, provenance.resolved_revision) if vcs is not None else ("", "")


def _inside(
    findings: Sequence[ScanFinding], folder: str, configurations: Sequence[PackageConfiguration]
) -> Iterator[tuple[int, ScanFinding]]:
    """The findings, with their numbers, in the folder of the package that no configuration excludes."""
    prefix = f"{folder}/" if folder else ""
    excludes = {exclude.pattern for each in configurations for exclude in each.path_excludes}
    for index, finding in enumerate(findings):
        path = finding.location.path
        if path.startswith(prefix) and not any(path_matches(path, pattern) for pattern in excludes):
            yield index, finding


def _corrected(finding: ScanFinding, configurations: Sequence[PackageConfiguration]) -> str:
    """The licence of a finding, or what somebody concluded that it is."""
    for each in (curation for configuration in configurations for curation in configuration.license_finding_curations):
        is_meant = each.detected_license in (None, finding.license) and path_matches(finding.location.path, each.path)
        if is_meant and each.concluded_license:
            return each.concluded_license
    return finding.license
