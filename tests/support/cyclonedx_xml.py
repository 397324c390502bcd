"""CycloneDX documents as XML: written by hand around a component, or the same that a JSON document says."""

import json
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

_ENTRIES = {
    "components": "component",
    "services": "service",
    "hashes": "hash",
    "properties": "property",
    "externalReferences": "reference",
    "patches": "patch",
    "data": "classification",
    "tools": "tool",
}
_ATTRIBUTES = frozenset({"bom-ref", "alg", "acknowledgement", "encoding", "flow", "type"})
_NAMED = frozenset({"property"})
_OWN_TEXT = frozenset({"content", "value", "classification"})


def a_bom(inside: str, version: str = "1.6", attributes: str = "") -> bytes:
    """A document whose root holds this markup."""
    return f'<bom xmlns="http://cyclonedx.org/schema/bom/{version}" version="1" {attributes}>{inside}</bom>'.encode()


def a_bom_of(*components: str, version: str = "1.6") -> bytes:
    """A document of components that hold this markup, beside a type and the names `a`, `b`, `c` …"""
    made = (
        f'<component type="library"><name>{chr(ord("a") + number)}</name>{inside}</component>'
        for number, inside in enumerate(components)
    )
    return a_bom(f"<components>{''.join(made)}</components>", version)


def as_xml(document: bytes) -> bytes:
    """The XML form of a JSON document."""
    bom = json.loads(document)
    root = Element("bom", xmlns=f"http://cyclonedx.org/schema/bom/{bom['specVersion']}", version="1")
    for name in ("metadata", "components", "services"):
        if name in bom:
            _add(root, name, bom[name])
    if "dependencies" in bom:
        _add_dependencies(SubElement(root, "dependencies"), bom["dependencies"])
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _add(parent: Element, name: str, value: Any) -> None:
    if name in _ATTRIBUTES or (name == "name" and parent.tag in _NAMED):
        parent.set(name, value)
    elif name in _OWN_TEXT:
        parent.text = value
    elif name == "licenses":
        _add_licenses(SubElement(parent, name), value)
    elif name == "copyright" and isinstance(value, list):
        _add_entries(SubElement(parent, name), "text", [each["text"] for each in value])
    elif isinstance(value, list):
        _add_entries(SubElement(parent, name), _ENTRIES[name], value)
    else:
        _fill(SubElement(parent, name), value)


def _add_entries(holder: Element, name: str, values: list[Any]) -> None:
    for value in values:
        _fill(SubElement(holder, name), value)


def _add_licenses(holder: Element, choices: list[dict[str, Any]]) -> None:
    for choice in choices:
        if "license" in choice:
            _fill(SubElement(holder, "license"), choice["license"])
        else:
            expression = SubElement(holder, "expression", {k: v for k, v in choice.items() if k != "expression"})
            expression.text = choice["expression"]


def _add_dependencies(holder: Element, dependencies: list[dict[str, Any]]) -> None:
    for each in dependencies:
        dependency = SubElement(holder, "dependency", ref=each["ref"])
        for ref in each.get("dependsOn", []):
            SubElement(dependency, "dependency", ref=ref)


def _fill(element: Element, value: Any) -> None:
    if isinstance(value, dict):
        for name, inner in value.items():
            _add(element, name, inner)
    else:
        element.text = json.dumps(value) if isinstance(value, bool) else value
