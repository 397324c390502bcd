"""Reads SPDX XML, 2.1 to 2.3: the JSON shape in XML, where an element that is repeated stands for a list."""

from typing import Any
from xml.etree.ElementTree import Element

import msgspec
from msgspec import Raw

from sbom_ingest.adapters.readers.content import Content
from sbom_ingest.adapters.readers.json_document import JsonObject
from sbom_ingest.adapters.readers.spdx_members import read_members
from sbom_ingest.adapters.readers.spdx_places import Place, XPath
from sbom_ingest.adapters.readers.xml_document import XmlDocument
from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import breaks_specification

READS = "SPDX 2.1 to 2.3 in XML"
_ROOT = "/Document"
# A single element of these is a list of one.
_LISTS = frozenset(
    {
        "packages",
        "files",
        "snippets",
        "relationships",
        "documentDescribes",
        "hasExtractedLicensingInfos",
        "annotations",
        "creators",
        "licenseInfoFromFiles",
        "licenseInfoInFiles",
        "checksums",
        "externalRefs",
        "attributionTexts",
    }
)
# White space belongs to these; around any other value it comes from whoever laid out the document.
_VERBATIM = frozenset({"extractedText", "attributionTexts", "noticeText", "comment"})
_encode = msgspec.json.Encoder().encode


def recognises(content: Content) -> bool:
    """Whether the root is `Document` and a `spdxVersion` stands somewhere in it."""
    return content.xml is not None and _local(content.xml.root) == "Document" and b"<spdxVersion" in content.text


def read(content: Content, limits: Limits) -> Draft:
    """The facts of an SPDX XML document; places are XPaths."""
    assert content.xml is not None
    return read_members(_members(content.xml, limits), "xml", limits, XPath(_ROOT), _place)


def _place(key: str, index: int) -> Place:
    return XPath(f"{_ROOT}/{key}[{index + 1}]")


def _members(document: XmlDocument, limits: Limits) -> JsonObject:
    """The members of the root as JSON; each is let go as XML before the next is read."""
    single: dict[str, bytes] = {}
    several: dict[str, list[bytes]] = {}
    for _, element in document.subtrees(limits):
        key = _local(element.tag)
        if key in _LISTS:
            if (value := _value(element)) != "":
                several.setdefault(key, []).append(_encode(value))
        elif key in single:
            raise breaks_specification(f"{_ROOT}/{key}[2]", "the element stands twice; one of the two would be lost")
        else:
            single[key] = _encode(_value(element))
    lists = {key: b"[%b]" % b",".join(values) for key, values in several.items()}
    return JsonObject({key: Raw(value) for key, value in (single | lists).items()})


def _value(element: Element) -> dict[str, Any] | str:
    """The element's children as an object, or its text, which may be empty."""
    if len(element):
        return _object(element)
    text = element.text or ""
    return text if _local(element.tag) in _VERBATIM else text.strip()


def _object(element: Element) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for child in element:
        key, value = _local(child.tag), _value(child)
        if key in _LISTS:
            members.setdefault(key, []).extend([value] if value != "" else [])
        else:
            # Twice what may stand once becomes a list where none is meant: the rules of the shape judge it.
            members[key] = [value] if key in members else value
    return members


def _local(name: str) -> str:
    return name.rpartition("}")[2]
