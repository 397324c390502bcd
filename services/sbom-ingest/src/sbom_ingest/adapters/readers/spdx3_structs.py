"""SPDX 3.0 objects with the fields that licence work reads (https://spdx.github.io/spdx-spec/v3.0.1/).

JSON-LD may write a list of one as the one, and a reference as the id of an element; both are allowed everywhere.
"""

from msgspec import Raw, Struct, field

OneOrMore = str | list[str]


def as_list(written: OneOrMore) -> list[str]:
    """The values, of which an empty text is none."""
    if isinstance(written, str):
        return [written] if written else []
    return written


class Head(Struct, rename={"spdx_id": "spdxId", "node_id": "@id", "node_type": "@type"}):
    """What every object of the graph may have: what it is, and by which id others refer to it."""

    type: str = ""
    node_type: str = ""
    spdx_id: str = ""
    node_id: str = ""


class Told(Head, rename={"source": "from", "relationship": "relationshipType", "targets": "to"}):
    """What every object of the graph may have, and what relationships have beside it: most objects are one (Core)."""

    source: str = ""
    relationship: str = ""
    targets: OneOrMore = ""
    scope: str = ""
    completeness: str = ""


class CreationInfo(Struct, rename="camel"):
    """Who made the elements, when, with what, by which version of the specification (Core)."""

    spec_version: str = ""
    created: str = ""
    created_by: OneOrMore = ""
    created_using: OneOrMore = ""


class ExternalMap(Struct, rename="camel"):
    """An element that another document defines (Core)."""

    external_spdx_id: str = ""


class Collection(
    Struct,
    rename={
        "root_element": "rootElement",
        "creation_info": "creationInfo",
        "imports": "import",
        "sbom_type": "software_sbomType",
    },
):
    """A document, an SBOM or another collection of elements (Core)."""

    root_element: OneOrMore = ""
    creation_info: str | CreationInfo = ""
    imports: list[ExternalMap] = field(default_factory=list)
    sbom_type: OneOrMore = ""


class Named(Struct):
    """An agent or tool (Core)."""

    name: str = ""


class Hash(Struct, rename={"node_type": "@type", "hash_value": "hashValue"}):
    """A digest; a package verification code says its type and is none (Core)."""

    type: str = ""
    node_type: str = ""
    algorithm: str = ""
    hash_value: str = ""


class ExternalIdentifier(Struct, rename={"type": "externalIdentifierType"}):
    """A name outside of SPDX, such as a package URL (Core)."""

    type: str = ""
    identifier: str = ""


class ExternalRef(Struct, rename={"type": "externalRefType"}):
    """A resource outside of SPDX, such as a source archive (Core)."""

    type: str = ""
    locator: OneOrMore = ""


class Artifact(
    Struct,
    rename={
        "version": "software_packageVersion",
        "package_url": "software_packageUrl",
        "download_location": "software_downloadLocation",
        "copyright_text": "software_copyrightText",
        "attribution_text": "software_attributionText",
        "purpose": "software_primaryPurpose",
        "supplied_by": "suppliedBy",
        "originated_by": "originatedBy",
        "verified_using": "verifiedUsing",
        "external_identifier": "externalIdentifier",
        "external_ref": "externalRef",
    },
):
    """A file, and what a package has too (Software)."""

    name: str = ""
    version: str = ""
    package_url: str = ""
    download_location: str = ""
    copyright_text: str = ""
    attribution_text: OneOrMore = ""
    purpose: str = ""
    supplied_by: OneOrMore = ""
    originated_by: OneOrMore = ""
    verified_using: str | Hash | list[str | Hash] = ""
    external_identifier: str | ExternalIdentifier | list[str | ExternalIdentifier] = ""
    external_ref: str | ExternalRef | list[str | ExternalRef] = ""
    extension: Raw = Raw()


class Snippet(Struct, rename={"file": "software_snippetFromFile"}):
    """Which file a part of one is from (Software)."""

    file: str = ""


class Package(Artifact, kw_only=True):
    """A package of software, a model or data (Software, AI, Dataset)."""

    name: str


class Annotation(Struct):
    """A comment on an element (Core)."""

    statement: str = ""
    subject: str = ""


class Relationship(Struct, rename={"source": "from", "type": "relationshipType", "targets": "to"}):
    """How an element stands to others (Core); `scope` where it holds in a part of the life cycle only.

    `completeness` says whether all others are named (RelationshipCompleteness).
    """

    source: str
    type: str
    targets: OneOrMore = ""
    scope: str = ""
    completeness: str = ""


class DictionaryEntry(Struct):
    """A key with its value (Core)."""

    key: str = ""
    value: str = ""


class LicenseInfo(
    Struct,
    rename={
        "expression": "simplelicensing_licenseExpression",
        "custom_ids": "simplelicensing_customIdToUri",
        "text": "simplelicensing_licenseText",
        "members": "expandedlicensing_member",
        "or_later": "expandedlicensing_subjectLicense",
        "extended": "expandedlicensing_subjectExtendableLicense",
        "addition": "expandedlicensing_subjectAddition",
        "addition_text": "expandedlicensing_additionText",
    },
):
    """Any way in which a licence is told (SimpleLicensing, ExpandedLicensing)."""

    name: str = ""
    expression: str = ""
    custom_ids: list[DictionaryEntry] = field(default_factory=list)
    text: str = ""
    members: OneOrMore = ""
    or_later: str = ""
    extended: str = ""
    addition: str = ""
    addition_text: str = ""
