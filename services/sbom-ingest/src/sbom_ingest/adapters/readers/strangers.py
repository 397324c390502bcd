"""What a document is that no reader recognises, so that its sender knows what to do."""

import re
from collections.abc import Collection, Sequence

from sbom_ingest.adapters.readers.content import Content
from sbom_ingest.adapters.readers.source import Source
from sbom_ingest.domain.outcome import Refused, not_an_sbom

_HEAD = 4096
# Possessive: where a comment ends is not tried again, which would double with each comment that follows.
_HTML = re.compile(rb"\s*+(?:<!--(?:(?!-->).)*+-->\s*+)*+<(?:!doctype\s+html|html\b)", re.IGNORECASE | re.DOTALL)


def what_it_is_instead(content: Content, read: Sequence[str]) -> Refused:
    """The refusal of content that no reader recognises: it names what the content looks like, and what is `read`."""
    if content.json is not None:
        kind = _json_kind(content.json.members.keys())
    elif content.xml is not None and not _HTML.match(content.source.chunk(0, _HEAD)):
        kind = f"The document is XML, but no SBOM: its root is <{content.xml.root.rpartition('}')[2][:100]}>."
    else:
        kind = _text_kind(content.source)
    return not_an_sbom(f"{kind} What is read: {'; '.join(read)}.")


def _json_kind(keys: Collection[str]) -> str:
    if "@context" in keys:
        return "The document is JSON-LD, but no SBOM: its context is not that of SPDX."
    return "The document is JSON, but no SBOM: it has neither `bomFormat` nor `spdxVersion`."


def _text_kind(source: Source) -> str:
    if not any(map(bytes.strip, source.pieces())):
        return "The body is empty."
    if _HTML.match(source.chunk(0, _HEAD)):
        return "The body is an HTML page, perhaps a log-in or error page saved in place of the SBOM."
    return "The body is no SBOM that is known here."
