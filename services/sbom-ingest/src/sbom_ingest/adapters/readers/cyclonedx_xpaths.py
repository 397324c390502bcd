"""From a JSON pointer into a CycloneDX document to the XPath of the same place in its XML form."""

import re
from collections.abc import Mapping

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
_LICENSE = re.compile(r"/licenses/(\d+)(/license\b|/expression\b)?")
_ATTRIBUTES = frozenset({"bom-ref", "serialNumber", "ref", "alg", "encoding", "acknowledgement", "type"})


def to_xpath(pointer: str, licenses: Mapping[str, str]) -> str:
    """The XPath of the element or attribute; positions count from 1.

    `licenses` names the elements, by their pointers, that are not where their position in the list leads one to think.
    """
    path = _LICENSE.sub(lambda found: _license(found, licenses), pointer) if "/licenses/" in pointer else pointer
    path = _ENTRY.sub(_entry, path)
    element, _, last = path.rpartition("/")
    if last in _ATTRIBUTES:
        path = f"{element}/@{last}"
    return "/bom" + path.removesuffix("/content").replace("/flow", "//@flow")


def _entry(found: re.Match[str]) -> str:
    return f"{_ENTRIES[found[1]]}[{int(found[2]) + 1}]"


def _license(found: re.Match[str], licenses: Mapping[str, str]) -> str:
    kind = found[2] or "/*"
    written = licenses.get(found.string[: found.end(1)])
    if written is None:
        return f"/licenses{kind}[{int(found[1]) + 1}]"
    attribute = "/@expression" if written.startswith("expression-") and kind == "/expression" else ""
    return f"/licenses/{written}{attribute}"
