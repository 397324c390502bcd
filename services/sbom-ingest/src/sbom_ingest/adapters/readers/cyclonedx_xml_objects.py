"""CycloneDX elements of XML as the objects that the JSON form has, so that both are read by one set of rules.

Element names and their order: the XML schemas at https://github.com/CycloneDX/specification (Apache-2.0). Elements of
other namespaces are extensions, and left out.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element

from sbom_ingest.adapters.readers.cyclonedx_structs import Dependency
from sbom_ingest.domain.outcome import breaks_specification

NAMESPACE = "http://cyclonedx.org/schema/bom/"
Object = dict[str, Any]
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_LICENSE = "license"
_KINDS = frozenset({_LICENSE, "expression", "expression-detailed"})


class XmlObjects:
    """Turns the elements of one document into objects; `pointer` is where an object would stand in JSON.

    `licenses` collects, by their pointers, the licence elements that have another position among those of their name
    than among all.
    """

    def __init__(self, version: str) -> None:
        self._prefix = f"{{{NAMESPACE}{version}}}"
        self._repeats_ids = version == "1.0"
        self.licenses: dict[str, str] = {}
        self._component_fields: Mapping[str, Callable[[Element, str], Any]] = {
            **dict.fromkeys(("name", "version", "group", "purl", "scope", "copyright"), _text),
            "supplier": self._named,
            "licenses": self._licenses,
            "hashes": self._hashes,
            "evidence": self._evidence,
            "properties": self._properties,
            "externalReferences": self._references,
            "modified": lambda element, _: _BOOLEANS.get(_stripped(element), _stripped(element)),
            "pedigree": self._pedigree,
            "components": self._parts,
        }

    def name(self, tag: str) -> str:
        """The name of an element without the document's namespace; other namespaces stay."""
        return tag.removeprefix(self._prefix)

    def component(self, element: Element, pointer: str) -> Object:
        """A component with its parts."""
        return _attributes(element, "type", "bom-ref") | self._fields(element, self._component_fields, pointer)

    def service(self, element: Element, pointer: str) -> Object:
        """A service with those that it consists of."""
        fields = {"data": self._flows, "services": self._services}
        return _attributes(element, "bom-ref") | self._fields(element, fields, pointer)

    def metadata(self, element: Element, pointer: str) -> Object:
        """What the document says of itself; the tools of both forms as a plain list."""
        fields = {
            "timestamp": _text,
            "tools": self._tools,
            "component": self.component,
            "licenses": self._licenses,
        }
        return self._fields(element, fields, pointer)

    def dependencies(self, element: Element, pointer: str) -> Iterator[tuple[Dependency, str]]:
        """A dependency and those that are nested in it, each with its pointer."""
        pending = [(element, pointer)]
        while pending:
            holder, place = pending.pop()
            inner = [child for child in holder if self.name(child.tag) == "dependency"]
            yield Dependency(holder.get("ref", ""), [child.get("ref", "") for child in inner]), place
            pending += [(child, f"{place}/dependsOn/{number}") for number, child in enumerate(inner) if len(child)]

    def _fields(self, element: Element, fields: Mapping[str, Callable[[Element, str], Any]], pointer: str) -> Object:
        found: Object = {}
        for child in element:
            name = self.name(child.tag)
            convert = fields.get(name)
            if convert is None:
                continue
            if name in found:
                raise breaks_specification(f"{pointer}/{name}", "stands twice; one of the two would be lost")
            found[name] = _text(child, "") if convert is _text else convert(child, f"{pointer}/{name}")
        return found

    def _entries(self, element: Element) -> list[Element]:
        return [child for child in element if child.tag.startswith(self._prefix)]

    def _parts(self, element: Element, pointer: str) -> list[Object]:
        return [self.component(child, f"{pointer}/{index}") for index, child in enumerate(self._entries(element))]

    def _services(self, element: Element, pointer: str) -> list[Object]:
        return [self.service(child, f"{pointer}/{index}") for index, child in enumerate(self._entries(element))]

    def _named(self, element: Element, pointer: str) -> Object:
        return self._fields(element, {"name": _text}, pointer)

    def _hashes(self, element: Element, _pointer: str) -> list[Object]:
        return [_attributes(child, "alg") | {"content": _text(child, "")} for child in self._entries(element)]

    def _properties(self, element: Element, _pointer: str) -> list[Object]:
        return [{"name": child.get("name", ""), "value": child.text or ""} for child in self._entries(element)]

    def _references(self, element: Element, pointer: str) -> list[Object]:
        url = {"url": _text}
        return [_attributes(child, "type") | self._fields(child, url, pointer) for child in self._entries(element)]

    def _evidence(self, element: Element, pointer: str) -> Object:
        def texts(holder: Element, _: str) -> list[Object]:
            return [{"text": child.text or ""} for child in self._entries(holder)]

        return self._fields(element, {"licenses": self._licenses, "copyright": texts}, pointer)

    def _pedigree(self, element: Element, pointer: str) -> Object:
        def patches(holder: Element, _: str) -> list[Object]:
            return [{} for _ in self._entries(holder)]

        return self._fields(element, {"patches": patches}, pointer)

    def _flows(self, element: Element, _pointer: str) -> list[Object]:
        """Until 1.4 classifications with their flow; since 1.5 also data flows that each have one inside."""
        flows = []
        for child in self._entries(element):
            inner = child.find(f"{self._prefix}classification")
            flows.append(_attributes(child if inner is None else inner, "flow"))
        return flows

    def _tools(self, element: Element, pointer: str) -> list[Object]:
        fields = {"name": _text, "version": _text}
        tools = (
            tool
            for child in self._entries(element)
            for tool in ([child] if self.name(child.tag) == "tool" else self._entries(child))
        )
        return [self._fields(tool, fields, pointer) for tool in tools]

    def _licenses(self, element: Element, pointer: str) -> list[Object]:
        children = self._entries(element)
        names = [self.name(child.tag) for child in children]
        if names.count(_LICENSE) != len(names):
            self._note_positions(names, pointer)
        entries = [
            self._license_entry(child, name, f"{pointer}/{index}")
            for index, (child, name) in enumerate(zip(children, names, strict=True))
        ]
        if self._repeats_ids:
            entries += self._further_ids(children, pointer)
        return entries

    def _note_positions(self, names: list[str], pointer: str) -> None:
        counts: dict[str, int] = {}
        for index, name in enumerate(names):
            counts[name] = counts.get(name, 0) + 1
            self.licenses[f"{pointer}/{index}"] = f"{name}[{counts[name]}]"

    def _license_entry(self, element: Element, name: str, pointer: str) -> Object:
        said = _attributes(element, "acknowledgement")
        match name:
            case "license":
                return {"license": said | self._license(element, f"{pointer}/license")}
            case "expression":
                return said | {"expression": _text(element, "")}
            case "expression-detailed":
                details = [
                    self._fields(child, {"text": _attachment}, pointer)
                    for child in element
                    if self.name(child.tag) == "details"
                ]
                return said | _attributes(element, "expression") | {"expressionDetails": details}
            case _:
                return {}

    def _license(self, element: Element, pointer: str) -> Object:
        if self._repeats_ids:
            first = next(iter(self._entries(element)), None)
            return {} if first is None else {self.name(first.tag): _text(first, "")}
        fields = {"id": _text, "name": _text, "url": _text, "text": _attachment}
        return self._fields(element, fields, pointer)

    def _further_ids(self, children: list[Element], pointer: str) -> list[Object]:
        """CycloneDX 1.0 lets one license have several ids or names; each after the first is one of its own."""
        further = []
        for child in children:
            for extra in self._entries(child)[1:]:
                further.append({"license": {self.name(extra.tag): _text(extra, "")}})
        return further


def _attributes(element: Element, *names: str) -> Object:
    return {name: value for name in names if (value := element.get(name)) is not None}


def _stripped(element: Element) -> str:
    return (element.text or "").strip()


def _text(element: Element, _pointer: str) -> Any:
    """The text without white space around it; an object, which no rule takes for text, where elements are inside."""
    return {} if len(element) else _stripped(element)


def _attachment(element: Element, _pointer: str) -> Object:
    return _attributes(element, "encoding") | {"content": element.text or ""}
