"""The elements of `cryptoProperties` in CycloneDX XML as the objects of the JSON form."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from sbom_ingest.adapters.readers.xml_shapes import Attributes, Shape

Object = dict[str, Any]


def crypto_properties() -> Shape:
    """What a cryptographic asset is, as JSON."""
    levels = dict.fromkeys(("classicalSecurityLevel", "nistQuantumSecurityLevel"), _TEXT)
    algorithm = {
        **dict.fromkeys(("primitive", "algorithmFamily", "parameterSetIdentifier", "curve", "ellipticCurve"), _TEXT),
        **dict.fromkeys(("executionEnvironment", "implementationPlatform", "mode", "padding"), _TEXT),
        "cryptoFunctions": _TEXTS,
        **levels,
    }
    suite = Shape(_value, {"name": _TEXT, "algorithms": _TEXTS})
    suites = Shape(_value, as_list=True, others=suite)
    return Shape(
        _value,
        {
            "assetType": _TEXT,
            "oid": _TEXT,
            "algorithmProperties": _with_levels(algorithm),
            "certificateProperties": _texts("signatureAlgorithmRef", "subjectPublicKeyRef"),
            "relatedCryptoMaterialProperties": _texts("type", "algorithmRef", "size"),
            "protocolProperties": Shape(_value, {"type": _TEXT, "version": _TEXT, "cipherSuites": suites}),
        },
    )


def _with_levels(children: Mapping[str, Shape]) -> Shape:
    """An algorithm, whose certification levels may stand side by side; of all else the first counts."""
    with_level = {**children, "certificationLevel": _TEXT}
    named = {name: shape.then(partial(_pair, name)) for name, shape in with_level.items()}
    return Shape(_algorithm, named, as_list=True)


def _pair(name: str, value: Any) -> tuple[str, Any]:
    return name, value


def _algorithm(pairs: list[tuple[str, Any]], _attributes: Attributes, _text: str) -> Object:
    levels = [value for name, value in pairs if name == "certificationLevel"]
    return dict(reversed(pairs)) | {"certificationLevel": levels}


def _texts(*names: str) -> Shape:
    return Shape(_value, dict.fromkeys(names, _TEXT))


def _value(value: Any, _attributes: Attributes, _text: str) -> Any:
    return value


def _text(inside: Object, _attributes: Attributes, text: str) -> str | Object:
    return inside or text.strip()


_TEXT = Shape(_text)
_TEXTS = Shape(_value, as_list=True, others=_TEXT)
