"""The `licenses` elements of CycloneDX XML as the lists that the JSON form has."""

from xml.etree.ElementTree import Element

from sbom_ingest.adapters.readers.xml_fields import Namespace, Object, attachment, attributes, text
from sbom_ingest.domain.outcome import breaks_specification

_LICENSE = {"id": text, "name": text, "url": text, "text": attachment}
_DETAILS = {"text": attachment}


class XmlLicenses:
    """Converts licences. `positions` collects, by the pointers of entries, the elements of those that have another
    position among the elements of their name than among all, as `to_xpath` takes them."""

    def __init__(self, namespace: Namespace, version: str) -> None:
        self._namespace = namespace
        self._may_repeat_ids = version == "1.0"
        self._may_mix = version == "1.7"
        self.positions: dict[str, str] = {}

    def entries(self, element: Element, pointer: str) -> list[Object]:
        """One object for each child; an empty one, which the rules refuse, for what is neither licence nor expression.

        In CycloneDX 1.0 a license may have several ids or names; what stands behind the first becomes its own.
        """
        children = self._namespace.entries(element)
        if self._may_repeat_ids:
            children += self._further_ids(children, pointer)
        names = [self._namespace.name(child.tag) for child in children]
        if names.count("license") != len(names):
            if len(names) > 1 and not self._may_mix:
                raise breaks_specification(pointer, "must hold licenses or one expression; both are for 1.7 on")
            self._note_positions(names, pointer)
        return [self._entry(child, f"{pointer}/{index}") for index, child in enumerate(children)]

    def _further_ids(self, licenses: list[Element], pointer: str) -> list[Element]:
        further: list[Element] = []
        for index, license_ in enumerate(licenses):
            stated = [child for child in license_ if self._namespace.name(child.tag) in ("id", "name")]
            for child in stated[1:]:
                license_.remove(child)
                alone = Element(license_.tag)
                alone.append(child)
                self.positions[f"{pointer}/{len(licenses) + len(further)}"] = f"license[{index + 1}]"
                further.append(alone)
        return further

    def _note_positions(self, names: list[str], pointer: str) -> None:
        counts: dict[str, int] = {}
        for index, name in enumerate(names):
            counts[name] = counts.get(name, 0) + 1
            self.positions[f"{pointer}/{index}"] = f"{name}[{counts[name]}]"

    def _entry(self, element: Element, pointer: str) -> Object:
        said = attributes(element, "acknowledgement")
        match self._namespace.name(element.tag):
            case "license":
                return {"license": said | self._namespace.fields(element, _LICENSE, f"{pointer}/license")}
            case "expression":
                return said | {"expression": text(element)}
            case "expression-detailed":
                details = [self._details(child, pointer) for child in self._namespace.entries(element)]
                return said | attributes(element, "expression") | {"expressionDetails": details}
            case _:
                return {}

    def _details(self, element: Element, pointer: str) -> Object:
        """The details of one licence of an expression; an empty object for what else stands there."""
        known = _DETAILS if self._namespace.name(element.tag) == "details" else {}
        return self._namespace.fields(element, known, pointer)
