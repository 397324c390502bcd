"""What a document says of a component's cryptography: cryptographic assets (CBOM), scanners, suppliers."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from policy_eval.domain.export.algorithms import Algorithms
from policy_eval.domain.export.detection import CryptoFinding
from policy_eval.domain.export.terms import CryptoFunction, FindingSource
from shared.contracts.inventory import Component, CryptoFacts, Statement

Functions = frozenset[CryptoFunction]
ASSET: Final = "cryptographic-asset"
_CONFIDENTIALITY: Final[Functions] = frozenset({"confidentiality"})
_SIGNATURE: Final[Functions] = frozenset({"authentication", "signature"})
_PRIMITIVES: Final[Mapping[str, Functions]] = {
    **dict.fromkeys(
        ("ae", "block-cipher", "stream-cipher", "pke", "key-agree", "kem", "key-wrap", "combiner"), _CONFIDENTIALITY
    ),
    "signature": _SIGNATURE,
    "mac": frozenset({"authentication", "integrity"}),
    "hash": frozenset({"hash"}),
    "xof": frozenset({"hash"}),
    "kdf": frozenset({"password-hashing"}),
    "drbg": frozenset({"random"}),
}
"""CycloneDX 1.6 `primitive`; `other` and `unknown` tell nothing."""

_OPERATIONS: Final[Mapping[str, Functions]] = {
    **dict.fromkeys(("encrypt", "decrypt", "encapsulate", "decapsulate", "keyagree"), _CONFIDENTIALITY),
    **dict.fromkeys(("sign", "verify"), _SIGNATURE),
    "tag": frozenset({"authentication", "integrity"}),
    "digest": frozenset({"hash"}),
    "keyderive": frozenset({"password-hashing"}),
    "generate": frozenset({"random"}),
}
_SECRET_MATERIAL: Final = frozenset({"secret-key", "shared-secret", "ciphertext", "initialization-vector", "key"})
_LISTED: Final = re.compile(r"\b5[ADE]002\b|\b5A004\b|\b5[AD]992", re.IGNORECASE)
_CRYPTO: Final = re.compile("crypt|cipher", re.IGNORECASE)
_EXPORT_STATEMENT: Final = "export-statement"
_NOT_LISTED: Final = re.compile(r"\bEAR99\b|\bnot[- ]controlled\b|\bnot[- ]listed\b", re.IGNORECASE)


def stated_crypto(component: Component, algorithms: Algorithms) -> Iterator[CryptoFinding]:
    """Every statement of the document about the component, as findings."""
    subject = component.purl or component.name
    if component.type == ASSET or component.crypto is not None:
        facts = component.crypto or CryptoFacts("algorithm")
        names = _algorithms_of(component.name, facts)
        yield _finding(subject, component.name, "cbom", _functions_of(component.name, facts, algorithms), names)
    for statement in component.statements:
        if statement.name == _EXPORT_STATEMENT:
            yield from _in_words(subject, component.name, statement)
        else:
            yield from _said(subject, component.name, statement, algorithms)


def _functions_of(name: str, facts: CryptoFacts, algorithms: Algorithms) -> Functions | None:
    match facts.asset_type:
        case "certificate":
            return _SIGNATURE
        case "related-crypto-material":
            told = algorithms.functions_of(facts.algorithms)
            return told or (_CONFIDENTIALITY if facts.material in _SECRET_MATERIAL else frozenset({"authentication"}))
        case "protocol":
            known = algorithms.read(facts.protocol or name).algorithm or algorithms.read(name).algorithm
        case _:
            if facts.primitive is not None and facts.primitive in _PRIMITIVES:
                return _PRIMITIVES[facts.primitive]
            told = frozenset().union(*(_OPERATIONS.get(each, frozenset()) for each in facts.functions))
            known = algorithms.read(name).algorithm or algorithms.read(facts.family or name).algorithm
            if told:
                return told
    return known.functions if known else None


def _algorithms_of(name: str, facts: CryptoFacts) -> tuple[str, ...]:
    told = [each for each in (facts.parameter_set, facts.curve) if each and each.lower() not in name.lower()]
    return ("-".join((name, *told)),)


def _said(subject: str, name: str, statement: Statement, algorithms: Algorithms) -> Iterator[CryptoFinding]:
    """What a property of a scanner, or a supplier's assessment of export control, says."""
    if statement.name == "exportControlAssessment":
        if _NOT_LISTED.search(statement.value):
            yield CryptoFinding(subject, "none", "supplier", frozenset(), path=(name,))
        elif _LISTED.search(statement.value):
            yield _finding(subject, name, "supplier", _CONFIDENTIALITY, ())
        return
    known = algorithms.read(statement.value).algorithm
    if known is not None:
        yield _finding(subject, name, "scanner", known.functions, (statement.value,))
    elif statement.name.endswith("algorithm") and statement.value.strip():
        yield _finding(subject, name, "scanner", None, (statement.value[:200],))


def _in_words(subject: str, name: str, statement: Statement) -> Iterator[CryptoFinding]:
    """What a statement on export in words says: a listed code is a use; other words, unless they say that nothing is
    listed and nothing of cryptography, are cause to look."""
    is_listed = bool(_LISTED.search(statement.value))
    if not is_listed and _NOT_LISTED.search(statement.value) and not _CRYPTO.search(statement.value):
        return
    found = _finding(subject, name, "scanner", _CONFIDENTIALITY if is_listed else None, ())
    yield replace(found, text=statement.value, pointer=statement.pointer, is_hint=not is_listed)


def _finding(
    subject: str, name: str, source: FindingSource, functions: Functions | None, algorithms: tuple[str, ...]
) -> CryptoFinding:
    return CryptoFinding(subject, "uses", source, functions, algorithms, path=(name,))
