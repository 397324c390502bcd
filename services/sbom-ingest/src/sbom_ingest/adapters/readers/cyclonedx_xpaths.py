"""From a JSON pointer into a CycloneDX document to the XPath of the same place in its XML form."""

import re
from collections.abc import Mapping
from functools import lru_cache

# Lists by their names in JSON, and how XML writes one entry. What flows is named in two ways, 1.2 and 1.5 onwards.
_ENTRIES = {
    "components": "/components/component",
    "services": "/services/service",
    "hashes": "/hashes/hash",
    "properties": "/properties/property",
    "externalReferences": "/externalReferences/reference",
    "copyright": "/copyright/text",
    "data": "/data/*",
    "dependencies": "/dependencies/dependency",
    "dependsOn": "/dependency",
    "provides": "/provides",
    "compositions": "/compositions/composition",
    "assemblies": "/assemblies/assembly",
    "expressionDetails": "/details",
}
_ENTRY = re.compile(rf"/({'|'.join(_ENTRIES)})/(\d+)")
_LICENSE = re.compile(r"(\d+)(/license\b|/expression\b)?")
_ATTRIBUTES = frozenset({"bom-ref", "serialNumber", "ref", "alg", "encoding", "acknowledgement", "type"})


def to_xpath(pointer: str, licenses: Mapping[str, str]) -> str:
    """The XPath of the element or attribute; positions count from 1.

    `licenses` names the elements, by their pointers, that are not where their position in the list leads one to think.
    """
    holder, separator, inside = pointer.partition("/licenses/")
    if not separator:
        return _ended(_holder(pointer))
    written = licenses.get(f"{holder}{separator}{inside.partition('/')[0]}") if licenses else None
    return _holder(holder) + _in_licenses(inside, written)


def _ended(path: str) -> str:
    """The path with the names at its end as XML has them."""
    if path.endswith("]"):
        return path
    element, _, last = path.rpartition("/")
    if last in _ATTRIBUTES:
        path = f"{element}/@{last}"
    return path.removesuffix("/content").replace("/flow", "//@flow")


def _entry(found: re.Match[str]) -> str:
    return f"{_ENTRIES[found[1]]}[{int(found[2]) + 1}]"


# Claims stand in the component that was asked for last, and nearly all of them in few places there.
@lru_cache(maxsize=8)
def _holder(pointer: str) -> str:
    list_, _, index = pointer.rpartition("/")
    if list_ == "/components" and index.isdecimal():  # as nearly all are
        return f"/bom/components/component[{int(index) + 1}]"
    return "/bom" + _entries(pointer)


def _entries(pointer: str) -> str:
    return _ENTRY.sub(_entry, pointer)


@lru_cache(maxsize=64)
def _in_licenses(pointer: str, written: str | None) -> str:
    """The path in a list of licences, where the document names the element `written`."""
    found = _LICENSE.match(pointer)
    if found is None:
        return _ended("/licenses/" + _entries(pointer))
    kind, rest = found[2] or "/*", _entries(pointer[found.end() :])
    if written is None:
        return _ended(f"/licenses{kind}[{int(found[1]) + 1}]{rest}")
    attribute = "/@expression" if written.startswith("expression-") and kind == "/expression" else ""
    return _ended(f"/licenses/{written}{attribute}{rest}")
