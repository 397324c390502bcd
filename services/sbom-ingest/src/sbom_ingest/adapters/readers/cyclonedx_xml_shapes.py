"""The elements of CycloneDX XML as the objects of the JSON form, so that one set of rules reads both.

Names and what holds what: the XML schemas at https://github.com/CycloneDX/specification (Apache-2.0).
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec
from msgspec import Raw

from sbom_ingest.adapters.readers.cyclonedx_xml_crypto import crypto_properties
from sbom_ingest.adapters.readers.xml_shapes import Attributes, Shape

Object = dict[str, Any]
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_encode = msgspec.json.Encoder().encode


class XmlDependency(NamedTuple):
    """A dependency, those that are nested in it, and the references to what it provides."""

    ref: str
    inner: list["XmlDependency"]
    provides: list[str]


def component(licenses: Shape) -> Shape:
    """A component with its parts, as JSON."""
    evidence = {"licenses": licenses, "copyright": Shape(_value, as_list=True, others=Shape(_copyright))}
    shape = Shape(
        _component,
        {
            **dict.fromkeys(("name", "version", "group", "purl", "scope", "copyright", "cpe"), _TEXT),
            **dict.fromkeys(("author", "publisher"), _TEXT),
            **dict.fromkeys(("supplier", "manufacturer"), Shape(_value, {"name": _TEXT})),
            "authors": Shape(_value, as_list=True, others=Shape(_value, {"name": _TEXT})),
            "swid": Shape(_swid),
            "cryptoProperties": crypto_properties(),
            "licenses": licenses,
            "hashes": Shape(_value, as_list=True, others=Shape(_hash)),
            "evidence": Shape(_value, evidence),
            "properties": Shape(_value, as_list=True, others=Shape(_property)),
            "externalReferences": Shape(_value, as_list=True, others=Shape(_reference, {"url": _TEXT})),
            "modified": Shape(_boolean),
            "pedigree": Shape(_value, {"patches": Shape(_value, as_list=True, others=Shape(_nothing))}),
        },
    )
    shape.children["components"] = Shape(_value, as_list=True, others=shape)
    return shape


def services() -> Shape:
    """A list of services with those that they consist of, each as JSON.

    Until 1.4 a service holds classifications that name their flow, since 1.5 also data flows that hold one.
    """
    classification = Shape(_flow)
    data_flow = Shape(_inner_flow, {"classification": classification})
    data = Shape(_value, {"dataflow": data_flow}, as_list=True, others=classification)
    shape = Shape(_service, {"data": data})
    shape.children["services"] = Shape(_value, as_list=True, others=shape)
    return shape.children["services"]


def metadata(licenses: Shape, about: Shape) -> Shape:
    """What the document says of itself, as JSON; the tools of the old and the new form as one list."""
    tool = Shape(_value, {"name": _TEXT, "version": _TEXT})
    tools = Shape(_tools, {"tool": tool}, as_list=True, others=Shape(_value, as_list=True, others=tool))
    named = Shape(_value, {"name": _TEXT})
    lifecycle = Shape(_value, {"phase": _TEXT, "name": _TEXT})
    return Shape(
        _as_json,
        {
            "timestamp": _TEXT,
            "authors": Shape(_value, as_list=True, others=named),
            "manufacturer": named,
            "lifecycles": Shape(_value, as_list=True, others=lifecycle),
            "tools": tools,
            "component": about,
            "licenses": licenses,
        },
    )


def dependency() -> Shape:
    """An `XmlDependency`."""
    shape = Shape(_dependency, as_list=True)
    shape.children |= {"dependency": shape, "provides": Shape(_ref)}
    return shape


def compositions() -> Shape:
    """A list of what is said of completeness, each as JSON."""
    refs = Shape(_value, as_list=True, others=Shape(_ref))
    composition = Shape(_as_json, {"aggregate": _TEXT, "assemblies": refs, "dependencies": refs})
    return Shape(_value, as_list=True, others=composition)


def licenses(finish: Callable[[list[Object]], list[Object]], *, repeated_ids: bool) -> Shape:
    """A list of licences and expressions as `finish` leaves it; what is neither is an empty object.

    With `repeated_ids` a license may have several ids or names (CycloneDX 1.0): it is a list of them.
    """
    details = Shape(_value, {"text": Shape(_attachment)})
    fields = {"id": _TEXT, "name": _TEXT, "url": _TEXT, "text": Shape(_attachment)}
    several = {name: Shape(_named(name)) for name in ("id", "name")}
    license_ = Shape(_license_ids, several, as_list=True) if repeated_ids else Shape(_license, fields)
    return Shape(
        lambda entries, _attributes, _text: finish(entries),
        {
            "license": license_,
            "expression": Shape(_expression),
            "expression-detailed": Shape(_detailed, {"details": details}, as_list=True),
        },
        as_list=True,
        others=Shape(_nothing),
    )


def _value(value: Any, _attributes: Attributes, _text: str) -> Any:
    return value


def _as_json(value: Any, _attributes: Attributes, _text: str) -> bytes:
    return _encode(value)


def _dependency(inner: list[Any], attributes: Attributes, _text: str) -> XmlDependency:
    dependencies = [each for each in inner if isinstance(each, XmlDependency)]
    provides = [each for each in inner if isinstance(each, str)]
    return XmlDependency(attributes.get("ref", ""), dependencies, provides)


def _ref(_inside: Object, attributes: Attributes, _text: str) -> str:
    return attributes.get("ref", "")


def _swid(_inside: Object, attributes: Attributes, _text: str) -> Object:
    return {"tagId": attributes.get("tagId", "")}


def _nothing(_value: Any, _attributes: Attributes, _text: str) -> Object:
    return {}


def _text(inside: Object, _attributes: Attributes, text: str) -> str | Object:
    """The text without white space around it; an object, which no rule takes for text, where elements are inside."""
    return inside or text.strip()


def _boolean(inside: Object, _attributes: Attributes, text: str) -> bool | str | Object:
    return inside or _BOOLEANS.get(text.strip(), text)


def _component(value: Object, attributes: Attributes, _text: str) -> Raw:
    return Raw(_encode(value | _given(attributes, "type", "bom-ref")))


def _service(value: Object, attributes: Attributes, _text: str) -> Raw:
    return Raw(_encode(value | {"bom-ref": attributes.get("bom-ref", "")}))


def _hash(inside: Object, attributes: Attributes, text: str) -> Object:
    return {"alg": attributes.get("alg"), "content": inside or text.strip()}


def _property(inside: Object, attributes: Attributes, text: str) -> Object:
    return {"name": attributes.get("name", ""), "value": inside or text}


def _reference(value: Object, attributes: Attributes, _text: str) -> Object:
    return value | {"type": attributes.get("type", "")}


def _copyright(inside: Object, _attributes: Attributes, text: str) -> Object:
    return {"text": inside or text}


def _flow(_inside: Object, attributes: Attributes, _text: str) -> Object:
    return {"flow": attributes.get("flow")}


def _inner_flow(value: Object, _attributes: Attributes, _text: str) -> Object:
    inner: Object = value.get("classification", {})
    return inner


def _tools(entries: list[Any], _attributes: Attributes, _text: str) -> list[Object]:
    return [tool for entry in entries for tool in (entry if isinstance(entry, list) else [entry])]


def _attachment(inside: Object, attributes: Attributes, text: str) -> Object:
    return {"content": inside or text, **_given(attributes, "encoding")}


def _license(value: Object, attributes: Attributes, _text: str) -> Object:
    return {"license": value | _given(attributes, "acknowledgement")}


def _license_ids(entries: list[Object], _attributes: Attributes, _text: str) -> Object:
    return {"license": entries}


def _named(name: str) -> Callable[[Object, Attributes, str], Object]:
    return lambda inside, _attributes, text: {name: inside or text.strip()}


def _expression(inside: Object, attributes: Attributes, text: str) -> Object:
    return {"expression": inside or text.strip(), **_given(attributes, "acknowledgement")}


def _detailed(details: list[Object], attributes: Attributes, _text: str) -> Object:
    return {"expressionDetails": details, **_given(attributes, "expression", "acknowledgement")}


def _given(attributes: Attributes, *names: str) -> Object:
    found = {name: attributes.get(name) for name in names}
    return {name: value for name, value in found.items() if value is not None}


_TEXT = Shape(_text)
