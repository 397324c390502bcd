"""Reads SPDX XML, 2.1 to 2.3: the JSON shape in XML, where an element that is repeated stands for a list."""

import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import msgspec
from msgspec import Raw

from sbom_ingest.adapters.readers.content import Content
from sbom_ingest.adapters.readers.json_document import JsonObject
from sbom_ingest.adapters.readers.spdx_members import read_members
from sbom_ingest.adapters.readers.spdx_places import Place, XPath
from sbom_ingest.adapters.readers.spill import Spill
from sbom_ingest.adapters.readers.xml_document import too_deep
from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import breaks_specification, over_limit

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
        "licenseInfoInSnippets",
        "hasFiles",
        "checksums",
        "externalRefs",
        "attributionTexts",
    }
)
# White space belongs to these; around any other value it comes from whoever laid out the document.
_VERBATIM = frozenset({"extractedText", "attributionTexts", "noticeText", "comment"})
_VERSION = re.compile(rb"<spdxVersion\b")
_encode = msgspec.json.Encoder().encode


def recognises(content: Content) -> bool:
    """Whether the root is `Document` and a `spdxVersion` stands somewhere in it."""
    return content.xml is not None and _local(content.xml.root) == "Document" and content.source.has(_VERSION)


def read(content: Content, limits: Limits) -> Draft:
    """The facts of an SPDX XML document; places are XPaths."""
    assert content.xml is not None
    members = _Members(content.new_stream, limits)
    content.xml.read(members, limits)
    return read_members(members, content.draft("spdx", "xml", None, limits), XPath(_ROOT), _place)


def _place(key: str, index: int) -> Place:
    return XPath(f"{_ROOT}/{key}[{index + 1}]")


class _Members:
    """The members of the root as JSON; the entries of lists wait in streams."""

    def __init__(self, new_stream: Callable[[], BinaryIO], limits: Limits) -> None:
        self.members: dict[str, Raw] = {}
        self.pieces: list[str] = []
        self._lists = {key: Spill(new_stream, bytes) for key in sorted(_LISTS)}
        self._limits = limits
        self._open: list[dict[str, Any]] = []
        self._inside: list[int] = []  # how many children each of them has
        self._at_top = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the start tag of an element."""
        if len(self._open) >= self._limits.depth:
            raise too_deep(self._limits)
        self._count(name)
        self._open.append({})
        self._inside.append(0)
        self.pieces.clear()

    def _count(self, name: str) -> None:
        """Count an element that starts; refuses one too many inside of a member."""
        if len(self._open) < 2:
            self._at_top = _local(name)
            return
        self._inside[-1] += 1
        if self._inside[-1] > self._limits.entries:
            message = f"an element may have {self._limits.entries} others inside at most; leave out some of them"
            raise over_limit("entries", message, self._place_at_top())

    def _place_at_top(self) -> str:
        if self._at_top in _LISTS:
            return str(_place(self._at_top, len(self._lists[self._at_top])))
        return f"{_ROOT}/{self._at_top}"

    def end(self, name: str) -> None:
        """Take an element: its children as an object, or its text, which may be empty."""
        key, members = name.rpartition("}")[2], self._open.pop()
        self._inside.pop()
        value: dict[str, Any] | str = members
        if not members:
            text = "".join(self.pieces)
            value = text if key in _VERBATIM else text.strip()
        self.pieces.clear()
        if len(self._open) > 1:
            _put(key, value, self._open[-1])
        elif self._open:
            self._put_at_top(key, value)

    def _put_at_top(self, key: str, value: dict[str, Any] | str) -> None:
        if key in _LISTS:
            if value != "":
                self._lists[key].append(_encode(value))
        elif key in self.members:
            message = "the element stands twice; one of the two would be lost"
            raise breaks_specification(f"{_ROOT}/{key}[2]", message)
        else:
            self.members[key] = Raw(_encode(value))

    def text(self, key: str) -> str | None:
        """The member as a string; None where it is missing or something else."""
        return JsonObject(self.members).text(key)

    def elements(self, key: str) -> "_Entries":
        """The entries of a list; none where it is missing."""
        return _Entries(self._lists[key])


class _Entries:
    """The entries of a list, read where they wait."""

    def __init__(self, waiting: Spill[bytes]) -> None:
        self._waiting = waiting

    def __len__(self) -> int:
        """How many there are."""
        return len(self._waiting)

    def __iter__(self) -> Iterator[Raw]:
        """The entries in their order."""
        return map(Raw, self._waiting)


def _put(key: str, value: dict[str, Any] | str, members: dict[str, Any]) -> None:
    if key in _LISTS:
        members.setdefault(key, []).extend([value] if value != "" else [])
    else:
        # Twice what may stand once becomes a list where none is meant: the rules of the shape judge it.
        members[key] = [value] if key in members else value


def _local(name: str) -> str:
    return name.rpartition("}")[2]
