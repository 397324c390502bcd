"""The normalised inventory of one SBOM document: immutable, addressed by the SHA-256 of its JSON encoding.

sbom-ingest writes it, policy-eval fetches it by digest. Strings from the document are kept as they were written.
"""

from typing import Literal

from msgspec import Struct, field

from shared.contracts.documents import Buckets, Format, Root, Serialization

ROOT = -1
"""The position that stands for the document's root in `Inventory.edges`."""

Scope = Literal["runtime", "optional", "dev", "test", "build", "excluded"]
Linkage = Literal["copied", "static", "dynamic", "package", "separate", "dev-tool"]


class LicenseClaim(Struct, frozen=True, omit_defaults=True):
    """One licence statement of a document, as written.

    `origin`: `concluded` (SPDX licenseConcluded, CycloneDX acknowledgement "concluded", ORT's processed expression where
    it says more than the declared list), `declared`, or `observed` (CycloneDX evidence, SPDX files, ScanCode statements).
    `text` is the key of a text in `Inventory.texts`.
    """

    value: str
    kind: Literal["id", "name", "expression", "text"]
    origin: Literal["concluded", "declared", "observed"]
    pointer: str
    text: str | None = None
    url: str | None = None


class Component(Struct, frozen=True, omit_defaults=True):
    """One element of a document with all that was said of it; its position in `Inventory.components` is its identity.

    `scope_written` is the source's own word; `notices` are keys of `Inventory.texts`; `modified` and `linkage` are None
    where the document says nothing.
    """

    name: str
    pointer: str
    version: str | None = None
    purl: str | None = None
    group: str | None = None
    ref: str | None = None
    type: str = "library"
    supplier: str | None = None
    scope: Scope = "runtime"
    scope_written: str | None = None
    licenses: list[LicenseClaim] = field(default_factory=list)
    copyright: list[str] = field(default_factory=list)
    hashes: dict[str, str] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    notice_status: Literal["present", "absent"] | None = None
    linkage: Linkage | None = None
    modified: bool | None = None
    source_url: str | None = None
    occurrences: int = 1


class ExtractedLicense(Struct, frozen=True, omit_defaults=True):
    """A LicenseRef that the document itself defines (SPDX hasExtractedLicensingInfos); `text` is a key of `texts`."""

    id: str
    name: str | None = None
    text: str | None = None


class Inventory(Struct, frozen=True, omit_defaults=True):
    """All facts of one document.

    `edges` are (from, to) positions in `components`; -1 is the root. Where the format lists the root among its
    packages (SPDX), `root_position` is its position: it stays a component, and what it depends on has edges
    from -1 and none from that position. `authors` are people and organisations that made the document, `created` is
    when, and `generation_context` at which stages of the life cycle, each as written.
    """

    format: Format
    serialization: Serialization
    spec_version: str | None
    root: Root
    buckets: Buckets
    components: list[Component]
    edges: list[tuple[int, int]]
    texts: dict[str, str] = field(default_factory=dict)
    extracted_licenses: list[ExtractedLicense] = field(default_factory=list)
    tool: list[str] = field(default_factory=list)
    services: int = 0
    files: int = 0
    root_position: int | None = None
    authors: list[str] = field(default_factory=list)
    created: str | None = None
    generation_context: list[str] = field(default_factory=list)
