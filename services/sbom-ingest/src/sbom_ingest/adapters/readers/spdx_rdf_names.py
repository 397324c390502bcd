"""How SPDX 2 names things in RDF, and what the other serializations call them."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from sbom_ingest.adapters.readers.spdx_elements import DOCUMENT_ID

TERMS = "http://spdx.org/rdf/terms#"
SPDX = f"{{{TERMS}}}"
_COMMENT = "{http://www.w3.org/2000/01/rdf-schema#}comment"
_WORDS = {f"{TERMS}noassertion": "NOASSERTION", f"{TERMS}none": "NONE"}
_LICENSE_LISTS = re.compile(r"https?://(?:www\.)?spdx\.org/licenses/")
_LONG = 200  # no word of SPDX is; what is longer is not kept
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

# fmt: off
PROPERTIES = {f"{SPDX}{name}": name for name in (
    "specVersion", "dataLicense", "creationInfo", "created", "creator", "hasExtractedLicensingInfo",
    "describesPackage", "externalDocumentRef", "externalDocumentId", "spdxDocument", "name", "versionInfo",
    "supplier", "originator", "downloadLocation", "licenseConcluded", "licenseDeclared", "licenseInfoFromFiles",
    "copyrightText", "checksum", "algorithm", "checksumValue", "externalRef", "referenceType", "referenceLocator",
    "attributionText", "annotation", "primaryPackagePurpose", "fileName", "licenseInfoInFile", "noticeText", "relationship",
    "relationshipType", "relatedSpdxElement", "member", "licenseException", "licenseId", "licenseExceptionId",
    "licenseName", "extractedText", "hasFile", "snippetFromFile", "licenseInfoInSnippet",
)} | {_COMMENT: "comment"}
# fmt: on
"""The properties that are read."""


@dataclass(frozen=True, slots=True)
class Identifiers:
    """From URIs to the ids that the other serializations have: `document` is the document's own.

    `others` are the URIs of other documents that it names, with their `DocumentRef-` ids.
    """

    document: str
    others: dict[str, str] = field(default_factory=dict)
    _own: str = field(init=False)
    _own_length: int = field(init=False)

    def __post_init__(self) -> None:
        own = self.document.partition("#")[0] + "#"
        object.__setattr__(self, "_own", own)
        object.__setattr__(self, "_own_length", len(own))

    def element(self, uri: str) -> str:
        """The id of an element, or NONE or NOASSERTION; a URI that is in no document that is known stays."""
        if uri in _WORDS:
            return _WORDS[uri]
        if uri == self.document:
            return DOCUMENT_ID
        if uri.startswith(self._own) and len(uri) > self._own_length:
            return uri[self._own_length :]
        if not self.others:
            return uri
        namespace, _, fragment = uri.partition("#")
        other = self.others.get(namespace)
        return f"{other}:{fragment}" if other else uri

    def license(self, uri: str) -> str:
        """The id of a licence: of the SPDX list, of this document, or of another."""
        listed = _LICENSE_LISTS.match(uri)
        return uri[listed.end() :] if listed else self.element(uri)


def word(value: str, prefix: str) -> str:
    """A value of an enumeration as the other serializations write it: `…#relationshipType_dependsOn` as DEPENDS_ON."""
    return _word(value, prefix) if len(value) < _LONG else _word.__wrapped__(value, prefix)


@lru_cache(maxsize=256)
def _word(value: str, prefix: str) -> str:
    local = value.rpartition("#")[2].removeprefix(prefix)
    return _HUMP.sub("_", local).upper()


def algorithm(value: str) -> str:
    """The name of a checksum algorithm: `…#checksumAlgorithm_sha3_256` as sha3-256, `blake2b384` as blake2b-384."""
    return _algorithm(value) if len(value) < _LONG else _algorithm.__wrapped__(value)


@lru_cache(maxsize=256)
def _algorithm(value: str) -> str:
    local = value.rpartition("#")[2].removeprefix("checksumAlgorithm_").lower().replace("_", "-")
    return re.sub(r"^blake2b(?=\d)", "blake2b-", local)
