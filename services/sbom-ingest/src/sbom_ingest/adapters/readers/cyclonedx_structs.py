"""CycloneDX objects, versions 1.0 to 1.7, with the fields that licence work reads; the rest is not looked at.

Field names and value lists: the JSON schemas at https://github.com/CycloneDX/specification (Apache-2.0). Lists that
grew from version to version hold the values of all, since tools write a later value under an earlier number.
"""

from typing import Annotated, Literal

from msgspec import Meta, Raw, Struct, field

ComponentType = Literal[
    "application",
    "framework",
    "library",
    "container",
    "platform",
    "operating-system",
    "device",
    "device-driver",
    "firmware",
    "file",
    "machine-learning-model",
    "data",
    "cryptographic-asset",
]
HashAlgorithm = Literal[
    "MD5",
    "SHA-1",
    "SHA-256",
    "SHA-384",
    "SHA-512",
    "SHA3-256",
    "SHA3-384",
    "SHA3-512",
    "BLAKE2b-256",
    "BLAKE2b-384",
    "BLAKE2b-512",
    "BLAKE3",
    "Streebog-256",
    "Streebog-512",
]
HashContent = Annotated[
    str, Meta(pattern="^(?:[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64}|[0-9a-fA-F]{96}|[0-9a-fA-F]{128})$")
]
DataFlow = Literal["inbound", "outbound", "bi-directional", "unknown"]


class Attachment(Struct):
    """A text with its encoding."""

    content: str = ""
    encoding: Literal["base64"] | None = None


class License(Struct):
    """A single licence: an SPDX id or a name."""

    id: str | None = None
    name: str | None = None
    text: Attachment | None = None
    url: str = ""
    acknowledgement: str = ""


class ExpressionDetail(Struct):
    """What 1.7 tells of one licence inside an expression."""

    text: Attachment | None = None


class LicenseChoice(Struct, rename="camel"):
    """An entry of `licenses`: a licence or an expression."""

    license: License | None = None
    expression: str | None = None
    acknowledgement: str = ""
    expression_details: list[ExpressionDetail] = field(default_factory=list)


class Hash(Struct):
    """A digest of the component's file."""

    alg: HashAlgorithm
    content: HashContent


class Property(Struct):
    """A name and value of anybody's choosing."""

    name: str = ""
    value: str = ""


class ExternalReference(Struct):
    """A place elsewhere that has to do with the component."""

    type: str = ""
    url: str = ""


class CopyrightText(Struct):
    """A copyright statement that was observed."""

    text: str = ""


class Evidence(Struct):
    """What was observed in the component, whoever declared what."""

    licenses: list[LicenseChoice] = field(default_factory=list)
    copyright: list[CopyrightText] = field(default_factory=list)


class Pedigree(Struct):
    """Where the component comes from, and what was changed."""

    patches: list[Raw] = field(default_factory=list)


class Organization(Struct):
    """Who supplied the component, or had a part in making the document."""

    name: str = ""


class Swid(Struct, rename="camel"):
    """A software identification tag (ISO/IEC 19770-2)."""

    tag_id: str = ""


Level = int | str | None
"""A number, which XML has as text."""


class AlgorithmProperties(Struct, rename="camel"):
    """An algorithm; `curve` is called `ellipticCurve` since 1.7."""

    primitive: str = ""
    algorithm_family: str = ""
    parameter_set_identifier: str = ""
    curve: str = ""
    elliptic_curve: str = ""
    execution_environment: str = ""
    implementation_platform: str = ""
    certification_level: list[str] = field(default_factory=list)
    mode: str = ""
    padding: str = ""
    crypto_functions: list[str] = field(default_factory=list)
    classical_security_level: Level = None
    nist_quantum_security_level: Level = None


class CertificateProperties(Struct, rename="camel"):
    """A certificate, with the algorithm that it is signed with and the key that it is for."""

    signature_algorithm_ref: str = ""
    subject_public_key_ref: str = ""


class RelatedCryptoMaterialProperties(Struct, rename="camel"):
    """A key, token or other material, of `size` bits."""

    type: str = ""
    algorithm_ref: str = ""
    size: Level = None


class CipherSuite(Struct):
    """A cipher suite by its name and by what it consists of."""

    name: str = ""
    algorithms: list[str] = field(default_factory=list)


class ProtocolProperties(Struct, rename="camel"):
    """A protocol such as TLS."""

    type: str = ""
    version: str = ""
    cipher_suites: list[CipherSuite] = field(default_factory=list)


class CryptoProperties(Struct, rename="camel"):
    """What a cryptographic asset is (1.6 and later)."""

    asset_type: str = ""
    algorithm_properties: AlgorithmProperties | None = None
    certificate_properties: CertificateProperties | None = None
    related_crypto_material_properties: RelatedCryptoMaterialProperties | None = None
    protocol_properties: ProtocolProperties | None = None
    oid: str = ""


class CycloneDxComponent(
    Struct,
    rename={
        "bom_ref": "bom-ref",
        "external_references": "externalReferences",
        "crypto_properties": "cryptoProperties",
    },
):
    """A component; `components` are the parts that it is assembled from."""

    type: ComponentType
    name: str
    version: str = ""
    group: str = ""
    purl: str = ""
    bom_ref: str = ""
    scope: str = ""
    supplier: Organization | None = None
    licenses: list[LicenseChoice] = field(default_factory=list)
    copyright: str = ""
    hashes: list[Hash] = field(default_factory=list)
    evidence: Evidence | None = None
    properties: list[Property] = field(default_factory=list)
    external_references: list[ExternalReference] = field(default_factory=list)
    modified: bool | None = None
    pedigree: Pedigree | None = None
    cpe: str = ""
    swid: Swid | None = None
    author: str = ""
    authors: list[Organization] = field(default_factory=list)
    publisher: str = ""
    manufacturer: Organization | None = None
    crypto_properties: CryptoProperties | None = None
    components: list[Raw] = field(default_factory=list)


class ServiceData(Struct):
    """A flow of data through a service."""

    flow: DataFlow | None = None


class Service(Struct, rename={"bom_ref": "bom-ref"}):
    """A service; `services` are those that it consists of."""

    bom_ref: str = ""
    data: list[ServiceData] = field(default_factory=list)
    services: list[Raw] = field(default_factory=list)


class Dependency(Struct, rename="camel"):
    """What one element depends on, and which cryptographic assets it implements, by `bom-ref`."""

    ref: str = ""
    depends_on: list[str] = field(default_factory=list)
    provides: list[str] = field(default_factory=list)


class Composition(Struct):
    """How complete what is told of some elements is, by `bom-ref`."""

    aggregate: str = ""
    assemblies: list[str] = field(default_factory=list)
    dependencies: list[str] = field(default_factory=list)


class Tool(Struct):
    """A program that made the document."""

    name: str = ""
    version: str = ""


class Tools(Struct):
    """The later form of `metadata.tools`."""

    components: list[Tool] = field(default_factory=list)
    services: list[Tool] = field(default_factory=list)


class Lifecycle(Struct):
    """A stage at which the document was made: a phase of the specification's list, or one with a name of its own."""

    phase: str = ""
    name: str = ""


class Metadata(Struct):
    """What the document says of itself and of its root."""

    timestamp: str = ""
    authors: list[Organization] = field(default_factory=list)
    manufacturer: Organization | None = None
    lifecycles: list[Lifecycle] = field(default_factory=list)
    tools: Raw = Raw(b"null")
    component: Raw = Raw(b"null")
    licenses: list[LicenseChoice] = field(default_factory=list)
