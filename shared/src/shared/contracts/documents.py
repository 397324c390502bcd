"""What is told of one stored SBOM document, in API answers and in `sbom.ingested.v1`."""

from typing import Literal

from msgspec import Struct, field

Format = Literal["cyclonedx", "spdx", "ort", "scancode"]
Serialization = Literal["json", "xml", "yaml", "tag-value", "rdf", "json-ld"]


class DocumentWarning(Struct, frozen=True):
    """Something that was wrong with a document that was taken all the same."""

    code: str
    message: str
    pointer: str


class Root(Struct, frozen=True):
    """What the document is about: `metadata.component`, or the SPDX package that the document describes."""

    name: str | None = None
    version: str | None = None
    purl: str | None = None
    group: str | None = None
    type: str | None = None


class Buckets(Struct, frozen=True):
    """Where every element of the document went: `elements == components + duplicates + ignored`."""

    elements: int
    components: int
    duplicates: int
    ignored: int


class QualityReason(Struct, frozen=True):
    """How often one scored element is given: `have` times of `of`, which is the components, or 1 for the document."""

    element: str
    have: int
    of: int
    missing_share: float


class Coverage(Struct, frozen=True):
    """What a list of minimum elements finds in the document; `not_checked` are elements that no reader takes."""

    met: list[str]
    missing: list[str]
    not_checked: list[str] = field(default_factory=list)


class Quality(Struct, frozen=True):
    """How much of what licence work needs is in the document, from 0 to 1, and why.

    The coverages are None in documents that were stored before there were any.
    """

    score: float
    reasons: list[QualityReason] = field(default_factory=list)
    ntia: Coverage | None = None
    cisa_2025: Coverage | None = None
    bsi_tr_03183_2: Coverage | None = None


class Document(Struct, frozen=True):
    """One stored SBOM document, as the API shows it."""

    id: str
    part: str
    sha256: str
    format: Format
    spec_version: str | None
    serialization: Serialization
    tool: list[str]
    root: Root
    buckets: Buckets
    services: int
    files: int
    quality: Quality
    warnings: list[DocumentWarning] = field(default_factory=list)
    warnings_total: int = 0
    created_at: str = ""
