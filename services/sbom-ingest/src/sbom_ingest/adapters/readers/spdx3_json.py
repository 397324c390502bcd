"""Reads SPDX 3.0 as JSON-LD (https://spdx.github.io/spdx-spec/v3.0.1/), as the plain JSON that it is.

The context must be the specification's. It is never fetched, and what it says is known here.
"""

import re
from collections import deque
from collections.abc import Iterator

import msgspec
from msgspec import Raw

from sbom_ingest.adapters.readers.common import read_time
from sbom_ingest.adapters.readers.content import Content
from sbom_ingest.adapters.readers.json_document import JsonObject
from sbom_ingest.adapters.readers.spdx3_elements import Spdx3Elements
from sbom_ingest.adapters.readers.spdx3_licenses import Licenses
from sbom_ingest.adapters.readers.spdx3_nodes import COLLECTIONS, CREATIONS, DOCUMENTS, Nodes, read_nodes
from sbom_ingest.adapters.readers.spdx3_packages import Artifacts
from sbom_ingest.adapters.readers.spdx3_structs import Collection, CreationInfo, OneOrMore, as_list
from sbom_ingest.adapters.readers.tolerant import Fault, TolerantDecoder
from sbom_ingest.adapters.readers.versions import unknown_version
from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import breaks_specification

READS = "SPDX 3.0 and 3.0.1 in JSON-LD"

VERSIONS = ("3.0", "3.0.0", "3.0.1")
_CONTEXT = re.compile(
    r"https?://(?:www\.)?spdx\.org/rdf/v?(?P<version>3(?:\.\d+){0,2})/spdx-context\.json(?:ld)?"
    r"|https://spdx\.github\.io/spdx-(?:spec|3-model)/(?:[\w.-]+/){0,4}(?:spdx-)?context\.json(?:ld)?"
)


def _never_matters(fault: Fault) -> bool:
    return False


_CREATIONS = TolerantDecoder(CreationInfo, _never_matters)
_COLLECTIONS = TolerantDecoder(Collection, _never_matters)


def recognises(content: Content) -> bool:
    """Whether there is a graph, or a context of SPDX."""
    members = content.json.members if content.json else {}
    context = bytes(members["@context"]) if "@context" in members else b""
    return "@graph" in members or b"spdx" in context or (bool(context) and "spdxId" in members)


def read(content: Content, limits: Limits) -> Draft:
    """The facts of an SPDX 3 document."""
    assert content.json is not None
    document = content.json
    draft = content.draft("spdx", "json-ld", None, limits)
    context_version = _check_context(document, draft)
    nodes = read_nodes(*_graph(document), draft)
    head = _Head(nodes, draft)
    draft.spec_version = head.version(context_version, f"{document.pointer}/@context")
    artifacts = Artifacts(draft)
    artifacts.add_all(nodes)
    head.read_making(artifacts)
    licenses = Licenses(draft, head.external)
    licenses.add_all(nodes)
    Spdx3Elements(draft, licenses, artifacts, head.external).read_all(nodes, head.roots())
    return draft


def _check_context(document: JsonObject, draft: Draft) -> str | None:
    """The version that the context names, if any; refuses a context that is not the specification's."""
    pointer = f"{document.pointer}/@context"
    if "@context" not in document.members:
        draft.warn("missing-field", "`@context` is missing; recognised by `@graph`", document.pointer)
        return None
    try:
        contexts = as_list(msgspec.json.decode(document.members["@context"], type=OneOrMore))
    except msgspec.ValidationError:
        raise breaks_specification(pointer, "must be the address of the specification's context") from None
    found = [_CONTEXT.fullmatch(context) for context in contexts]
    for context, known in zip(contexts, found, strict=True):
        if known is None:
            message = f"{context[:200]!r} is not the specification's context; no other is read, and none is fetched"
            raise breaks_specification(pointer, message)
    versions = [known["version"] for known in found if known and known["version"]]
    return versions[0] if versions else None


def _graph(document: JsonObject) -> tuple[list[Raw], bytearray, str]:
    """The objects of the graph, whether each may hold another, and where they stand; a document may be a single object."""
    if "@graph" in document.members:
        return document.elements("@graph"), document.may_hold_objects("@graph"), f"{document.pointer}/@graph"
    if not {"type", "@type"} & document.members.keys():
        raise breaks_specification(f"{document.pointer}/@graph", "is missing, and the document is no element itself")
    alone = {key: value for key, value in document.members.items() if key != "@context"}
    return [Raw(msgspec.json.encode(alone))], bytearray(b"\1"), document.pointer


class _Head:
    """What a graph says of itself: its collections, and who created them with what."""

    def __init__(self, nodes: Nodes, draft: Draft) -> None:
        self._draft = draft
        self._nodes = nodes
        self._collections = {
            identifier: _COLLECTIONS.decode(node.raw, draft, node.pointer)
            for node in nodes.of(COLLECTIONS)
            for identifier in node.ids
        }
        self._creations: dict[str, CreationInfo] = {}
        for node in nodes.of(CREATIONS):
            creation = _CREATIONS.decode(node.raw, draft, node.pointer)
            creation.created = self._time(creation, node.pointer)
            self._creations |= dict.fromkeys(node.ids, creation)
        if not nodes.count(DOCUMENTS):
            draft.warn("missing-field", "no SpdxDocument says what the document is about", "")
        self.external = frozenset(
            entry.external_spdx_id for each in self._collections.values() for entry in each.imports
        )

    def _time(self, creation: CreationInfo, pointer: str) -> str:
        return read_time(creation.created, "xsd:dateTimeStamp", self._draft, f"{pointer}/created") or ""

    def _created(self) -> Iterator[CreationInfo]:
        """What is said of the creation of the document, and then of anything in it."""
        for each in self._documents():
            found = self._creations.get(each.creation_info) if isinstance(each.creation_info, str) else None
            inline = each.creation_info if isinstance(each.creation_info, CreationInfo) else None
            yield from (creation for creation in (found, inline) if creation)
        yield from self._creations.values()

    def _documents(self) -> list[Collection]:
        """The documents; any other collections where there is none."""
        nodes = self._nodes.of(DOCUMENTS) or self._nodes.of(COLLECTIONS)
        return [self._collections[node.ids[0]] for node in nodes if node.ids]

    def version(self, context_version: str | None, pointer: str) -> str:
        """The version of the specification, as the document says it; refuses one that is not read."""
        said = [creation.spec_version for creation in self._created() if creation.spec_version]
        if not said:
            message = "no CreationInfo says `specVersion`; the context's is taken"
            self._draft.warn("missing-field", message, pointer)
        version = said[0] if said else context_version
        if version not in VERSIONS:
            raise unknown_version(version, "SPDX 3", VERSIONS)
        return version

    def read_making(self, artifacts: Artifacts) -> None:
        """Note who made the document when, and with which tools, and at which stages; an author without name by id."""
        made = next((creation for creation in self._created() if creation.created), CreationInfo())
        authors = (artifacts.name_of(identifier) or identifier for identifier in as_list(made.created_by))
        stages = (stage for each in self._collections.values() for stage in as_list(each.sbom_type))
        self._draft.authors = list(dict.fromkeys(authors))
        self._draft.created = made.created or None
        self._draft.generation_context = list(dict.fromkeys(stages))
        self._draft.tool = self._tools(artifacts)

    def _tools(self, artifacts: Artifacts) -> list[str]:
        ids = dict.fromkeys(tool for creation in self._created() for tool in as_list(creation.created_using))
        names = (artifacts.name_of(identifier).removeprefix("Tool:").strip() for identifier in ids)
        return list(dict.fromkeys(name for name in names if name))

    def roots(self) -> list[str]:
        """The ids of the elements that the document is about; where one is a collection, what that is about."""
        pending = deque(identifier for each in self._documents() for identifier in as_list(each.root_element))
        found: dict[str, None] = {}
        seen: set[str] = set()
        while pending:
            identifier = pending.popleft()
            inner = self._collections.get(identifier)
            if inner is None:
                found[identifier] = None
            elif identifier not in seen:
                seen.add(identifier)
                pending.extendleft(reversed(as_list(inner.root_element)))
        return list(found)
