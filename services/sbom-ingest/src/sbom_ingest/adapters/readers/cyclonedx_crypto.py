"""What CycloneDX and the scanners that write it say of cryptography: `cryptoProperties`, and properties beside them.

https://cyclonedx.org/docs/1.7/json/#components_items_cryptoProperties
"""

from collections.abc import Sequence

from sbom_ingest.adapters.readers.cyclonedx_structs import (
    AlgorithmProperties,
    CertificateProperties,
    CryptoProperties,
    Level,
    Property,
    ProtocolProperties,
    RelatedCryptoMaterialProperties,
)
from shared.contracts.inventory import CryptoFacts, Statement

# cdxgen writes `cdx:crypto:algorithm`, `:keyStrength`, `:sourceType` and others, SCANOSS `scanoss:cryptoFunction`.
CRYPTO_PREFIXES = ("cdx:crypto:", "scanoss:crypto")
_MOST_DIGITS = 9


def crypto_facts(written: CryptoProperties) -> CryptoFacts:
    """The facts of a cryptographic asset, each as it is written."""
    algorithm = written.algorithm_properties or AlgorithmProperties()
    protocol = written.protocol_properties or ProtocolProperties()
    material = written.related_crypto_material_properties or RelatedCryptoMaterialProperties()
    size = None if material.size is None else str(material.size)
    return CryptoFacts(
        asset_type=written.asset_type,
        primitive=algorithm.primitive or None,
        family=algorithm.algorithm_family or None,
        parameter_set=algorithm.parameter_set_identifier or size,
        curve=algorithm.elliptic_curve or algorithm.curve or None,
        mode=algorithm.mode or None,
        padding=algorithm.padding or None,
        functions=tuple(algorithm.crypto_functions),
        classical_bits=_number(algorithm.classical_security_level),
        nist_level=_number(algorithm.nist_quantum_security_level),
        oid=written.oid or None,
        material=material.type or None,
        protocol=protocol.type or None,
        protocol_version=protocol.version or None,
        algorithms=_algorithms(protocol, material, written.certificate_properties),
        implementation=algorithm.implementation_platform or None,
        environment=algorithm.execution_environment or None,
        certified=tuple(algorithm.certification_level),
    )


def _algorithms(
    protocol: ProtocolProperties, material: RelatedCryptoMaterialProperties, certificate: CertificateProperties | None
) -> tuple[str, ...]:
    """Cipher suites by their names and parts, and the algorithms that material and certificates refer to."""
    found = [each for suite in protocol.cipher_suites for each in (suite.name, *suite.algorithms)]
    found.append(material.algorithm_ref)
    if certificate is not None:
        found += [certificate.signature_algorithm_ref, certificate.subject_public_key_ref]
    return tuple(dict.fromkeys(each for each in found if each))


def crypto_statements(properties: Sequence[Property], pointer: str) -> tuple[Statement, ...]:
    """The properties by which scanners tell of cryptography; `properties` stand at `pointer`."""
    return tuple(
        Statement(each.name, each.value, f"{pointer}/{index}")
        for index, each in enumerate(properties)
        if each.name.startswith(CRYPTO_PREFIXES)
    )


def _number(level: Level) -> int | None:
    if isinstance(level, str):
        return int(level) if level.isascii() and level.isdecimal() and len(level) <= _MOST_DIGITS else None
    return level
