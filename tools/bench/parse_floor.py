"""The least that parsing can cost: a whole document at once, into typed objects or the texts of its parts; no rules."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.parsers.expat import ParserCreate

import msgspec
import yaml

from sbom_ingest.adapters.readers.cyclonedx_structs import CycloneDxComponent, Dependency
from sbom_ingest.adapters.readers.spdx_structs import Relationship, SpdxPackage


class _CycloneDx(msgspec.Struct):
    components: list[CycloneDxComponent]
    dependencies: list[Dependency]


class _Spdx(msgspec.Struct):
    packages: list[SpdxPackage]
    relationships: list[Relationship]


class _Element(msgspec.Struct):
    type: str
    creation_info: str = msgspec.field(default="", name="creationInfo")
    identifier: str = msgspec.field(default="", name="spdxId")
    name: str = ""
    version: str = msgspec.field(default="", name="software_packageVersion")
    purl: str = msgspec.field(default="", name="software_packageUrl")
    copyright: str = msgspec.field(default="", name="software_copyrightText")
    expression: str = msgspec.field(default="", name="simplelicensing_licenseExpression")
    kind: str = msgspec.field(default="", name="relationshipType")
    source: str = msgspec.field(default="", name="from")
    targets: list[str] = msgspec.field(default_factory=list, name="to")
    hashes: list[dict[str, str]] = msgspec.field(default_factory=list, name="verifiedUsing")


class _Spdx3(msgspec.Struct):
    graph: list[_Element] = msgspec.field(name="@graph")


def _json(kind: type[Any]) -> Callable[[Path], int]:
    decode = msgspec.json.Decoder(kind).decode
    return lambda path: len(msgspec.structs.astuple(decode(path.read_bytes()))[0])


def _xml(element: str) -> Callable[[Path], int]:
    """Expat with handlers that keep each element's text until its end."""

    def parse(path: Path) -> int:
        found, pieces = 0, list[str]()

        def start(_name: str, _attributes: dict[str, str]) -> None:
            pieces.clear()

        def end(name: str) -> None:
            nonlocal found
            found += name == element
            "".join(pieces)

        parser = ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.CharacterDataHandler = pieces.append
        with path.open("rb") as file:
            parser.ParseFile(file)
        return found

    return parse


def _tag_value(path: Path) -> int:
    """Line by line into a dictionary for each package."""
    packages: list[dict[str, str]] = []
    current: dict[str, str] = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            key, _, value = line.partition(": ")
            if key == "PackageName":
                packages.append(current := {})
            if value.startswith("<text>"):
                while "</text>" not in value:
                    value += next(lines)
            current[key] = value.rstrip("\n")
    return len(packages)


def _yaml(path: Path) -> int:
    with path.open("rb") as file:
        return len(yaml.load(file, Loader=yaml.CSafeLoader)["packages"])


PARSERS: dict[str, Callable[[Path], int]] = {
    "cyclonedx-json": _json(_CycloneDx),
    "cyclonedx-xml": _xml("component"),
    "spdx-json": _json(_Spdx),
    "spdx-tag-value": _tag_value,
    "spdx-xml": _xml("packages"),
    "spdx-yaml": _yaml,
    "spdx-rdf": _xml("spdx:Package"),
    "spdx-json-ld": _json(_Spdx3),
}
"""Format and serialization → a parser that does no more than count what it has parsed."""
