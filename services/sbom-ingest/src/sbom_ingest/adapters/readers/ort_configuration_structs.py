"""What ORT's results keep of its configuration and of its scanner, with the fields that licence work reads.

https://oss-review-toolkit.org/ort/docs/configuration/package-curations and its neighbours
"""

from msgspec import Raw, Struct, field

from sbom_ingest.adapters.readers.ort_structs import Artifact, Exclude, LicenseChoices, Vcs


class CurationData(Struct):
    """What a curation puts in the place of a package's own facts, where it says something."""

    concluded_license: str | None = None
    source_artifact: Artifact | None = None
    vcs: Vcs | None = None
    is_modified: bool | None = None


class Curation(Struct):
    """A curation of the packages that `id` means; without a version, of all versions."""

    id: str = ""
    curations: CurationData = field(default_factory=CurationData)


class ProvidedCurations(Struct):
    """The curations that come from one provider."""

    curations: list[Raw] = field(default_factory=list)


class FindingCuration(Struct):
    """What a licence that was found in files of a path really is; `NONE` is no licence."""

    path: str = ""
    detected_license: str | None = None
    concluded_license: str = ""


class PackageConfiguration(Struct):
    """What of the findings in a package counts."""

    id: str = ""
    path_excludes: list[Exclude] = field(default_factory=list)
    license_finding_curations: list[FindingCuration] = field(default_factory=list)


class ResolvedConfiguration(Struct):
    """What ORT's configuration comes to for this result; curations of earlier providers go first."""

    package_curations: list[ProvidedCurations] = field(default_factory=list)
    license_choices: LicenseChoices = field(default_factory=LicenseChoices)
    package_configurations: list[PackageConfiguration] = field(default_factory=list)


class Provenance(Struct):
    """Where sources come from: an artifact, or a revision of a repository."""

    source_artifact: Artifact | None = None
    vcs_info: Vcs | None = None
    resolved_revision: str = ""


class PackageProvenance(Struct):
    """Where the sources of a package came from."""

    id: str = ""
    package_provenance: Provenance | None = None


class Location(Struct):
    """A file in the sources."""

    path: str = ""


class ScanFinding(Struct):
    """A licence or a copyright statement that was found in a file."""

    license: str = ""
    statement: str = ""
    location: Location = field(default_factory=Location)


class ScanSummary(Struct):
    """What a scanner found in some sources."""

    licenses: list[ScanFinding] = field(default_factory=list)
    copyrights: list[ScanFinding] = field(default_factory=list)


class ScanResult(Struct):
    """A scan of sources."""

    provenance: Provenance = field(default_factory=Provenance)
    summary: ScanSummary = field(default_factory=ScanSummary)


class ScannerRun(Struct):
    """The run of the scanner; older ones keep what they found in `results`, which is not read."""

    provenances: list[PackageProvenance] = field(default_factory=list)
    scan_results: list[Raw] = field(default_factory=list)
    results: Raw = Raw(b"null")
