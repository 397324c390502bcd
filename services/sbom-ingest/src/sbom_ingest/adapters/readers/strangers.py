"""What a document is that no reader recognises, so that its sender knows what to do."""

import re
from collections.abc import Collection

from sbom_ingest.adapters.readers.content import Content
from sbom_ingest.domain.outcome import Refused, not_an_sbom

_READ = "CycloneDX JSON (1.2 to 1.7) and SPDX JSON (2.2 and 2.3) are read"
_HEAD = 4096
_HTML = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html\b)", re.IGNORECASE | re.DOTALL)
_KINDS = (
    (re.compile(rb"cyclonedx\.org/schema/bom"), "CycloneDX XML"),
    (re.compile(rb"spdx\.org/rdf/terms"), "SPDX in RDF/XML"),
    (re.compile(rb"<spdxVersion>"), "SPDX in XML"),
    (re.compile(rb"^SPDXVersion:", re.MULTILINE), "SPDX tag-value"),
    (re.compile(rb"^['\"]?spdxVersion['\"]?\s*:", re.MULTILINE), "SPDX YAML"),
)


def what_it_is_instead(content: Content) -> Refused:
    """The refusal of content that no reader recognises: it names what the content looks like, and what is read."""
    if content.json is not None:
        return not_an_sbom(_json_kind(content.json.members.keys()))
    return not_an_sbom(_text_kind(content.text))


def _json_kind(keys: Collection[str]) -> str:
    if "@context" in keys:
        return f"The document looks like SPDX 3, which is not read yet: {_READ}."
    return f"The document is JSON, but no SBOM: it has neither `bomFormat` nor `spdxVersion`. {_READ}."


def _text_kind(text: bytes) -> str:
    if not text.strip():
        return f"The body is empty. {_READ}."
    if _HTML.match(text[:_HEAD]):
        return f"The body is an HTML page, perhaps a log-in or error page saved in place of the SBOM. {_READ}."
    kind = next((name for pattern, name in _KINDS if pattern.search(text)), None)
    if kind is not None:
        return f"The document looks like {kind}, which is not read yet: {_READ}."
    return f"The body is no SBOM that is known here. {_READ}."
