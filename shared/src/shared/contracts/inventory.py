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


# `gc=False` of what comes by the hundred thousand: nothing in it leads back to it, so that there is no cycle to search for.
class LicenseClaim(Struct, frozen=True, omit_defaults=True, gc=False):
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


class CryptoFacts(Struct, frozen=True, omit_defaults=True):
    """What a document says of a cryptographic asset (CycloneDX `cryptoProperties`, 1.6 and later), as written.

    `asset_type` is `algorithm`, `certificate`, `protocol` or `related-crypto-material`; a document may write another
    word. `primitive` is the specification's (`ae`, `block-cipher`, `hash` …), `functions` are its `cryptoFunctions`
    (`encrypt`, `sign` …). `parameter_set` is the size or level that distinguishes variants of an algorithm ("256"), and
    of key material its `size` in bits. `classical_bits` is the classical security level in bits, `nist_level` the quantum
    one from 0 to 6. A protocol has a `protocol` (`tls`) with its `version`, and `algorithms` are the names or bom-refs
    of those in its cipher suites; for key material and certificates those that it is of or signed with.
    """

    asset_type: str
    primitive: str | None = None
    family: str | None = None
    parameter_set: str | None = None
    curve: str | None = None
    mode: str | None = None
    padding: str | None = None
    functions: tuple[str, ...] = ()
    classical_bits: int | None = None
    nist_level: int | None = None
    oid: str | None = None
    material: str | None = None
    protocol: str | None = None
    protocol_version: str | None = None
    algorithms: tuple[str, ...] = ()
    implementation: str | None = None
    environment: str | None = None
    certified: tuple[str, ...] = ()


class Statement(Struct, frozen=True):
    """What a tool or supplier says of cryptography or export control beside the standard's own fields, as written.

    `name` is that of a property (`cdx:crypto:algorithm`, `scanoss:cryptoFunction`), or the type of an external reference
    (SPDX 3 `exportControlAssessment`), whose address is then the `value`; `export-statement` is an annotation
    or comment of SPDX 2 that begins with such a statement.
    """

    name: str
    value: str
    pointer: str


class Identifier(Struct, frozen=True):
    """A name of the component in somebody's catalogue, other than its purl.

    `kind` is `cpe`, `swid` (a tag id or its URI), `gitoid` or `swh` (Software Heritage).
    """

    kind: str
    value: str


class Reference(Struct, frozen=True):
    """A place elsewhere where licence work finds more than at `source_url`; `kind` is `vcs`, `source-distribution` or
    `license`."""

    kind: str
    url: str


class Party(Struct, frozen=True):
    """Somebody who has to do with the component, beside its supplier.

    `role` is `author`, `publisher` or `manufacturer` (CycloneDX), `originator` (SPDX), `author` (ORT), or what a
    package's metadata says (ScanCode: `author`, `maintainer`, `owner` …).
    """

    role: str
    name: str


class Component(Struct, frozen=True, omit_defaults=True, gc=False):
    """One element of a document with all that was said of it; its position in `Inventory.components` is its identity.

    `scope_written` is the source's own word; `notices` are keys of `Inventory.texts`; `modified` and `linkage` are None
    where the document says nothing. `crypto` says what kind of cryptographic asset it is, `statements` what tools and
    suppliers say of cryptography and export control in words of their own. `identity` stands for a missing `purl`: a URN
    that is the same wherever type, group, name, version and supplier are.
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
    identifiers: tuple[Identifier, ...] = ()
    parties: tuple[Party, ...] = ()
    references: tuple[Reference, ...] = ()
    crypto: CryptoFacts | None = None
    statements: tuple[Statement, ...] = ()
    identity: str | None = None


class ExtractedLicense(Struct, frozen=True, omit_defaults=True):
    """A LicenseRef that the document itself defines (SPDX hasExtractedLicensingInfos); `text` is a key of `texts`."""

    id: str
    name: str | None = None
    text: str | None = None


class Completeness(Struct, frozen=True, omit_defaults=True):
    """How much of what components consist of, or depend on, the document says that it lists.

    `aggregate` is a word of CycloneDX compositions: `complete`, `incomplete` (or one of its kinds, such as
    `incomplete_third_party_only`), `unknown`, `not_specified`; SPDX 3's `noAssertion` and SPDX 2's NOASSERTION are
    `unknown`. `assemblies` and `dependencies` are positions in `Inventory.components`, -1 for the root. Where both are
    empty it is said of the document as a whole.
    """

    aggregate: str
    pointer: str
    assemblies: tuple[int, ...] = ()
    dependencies: tuple[int, ...] = ()


class StatedChoice(Struct, frozen=True, omit_defaults=True):
    """A branch of a licence choice that somebody took where the document was made (ORT `license_choices`).

    `choice` stands for `given` in the licence, or, without it, for the whole licence. It holds for the component at a
    position in `Inventory.components`, or for all without one. It is told, not applied.
    """

    choice: str
    pointer: str
    given: str | None = None
    component: int | None = None


class Inventory(Struct, frozen=True, omit_defaults=True):
    """All facts of one document.

    `edges` are (from, to) positions in `components`; -1 is the root. Where the format lists the root among its
    packages (SPDX), `root_position` is its position: it stays a component, and what it depends on has edges
    from -1 and none from that position. `authors` are people and organisations that made the document, `created` is
    when, and `generation_context` at which stages of the life cycle, each as written.

    `provides` are (from, to) positions like `edges`: the component implements the cryptographic asset (CycloneDX
    `dependencies[].provides`); using one is an edge. `completeness` says what is known to be left out.
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
    provides: list[tuple[int, int]] = field(default_factory=list)
    completeness: list[Completeness] = field(default_factory=list)
    choices: list[StatedChoice] = field(default_factory=list)
