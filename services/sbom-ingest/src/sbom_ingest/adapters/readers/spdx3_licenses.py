"""From the licences of an SPDX 3 graph to claims: an expression as written, or what sets and operators come to."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal

from sbom_ingest.adapters.readers.license_warnings import check_expression
from sbom_ingest.adapters.readers.spdx3_nodes import CUSTOM, EXPRESSIONS, LICENSES, LISTED, Node, Nodes
from sbom_ingest.adapters.readers.spdx3_structs import LicenseInfo, as_list
from sbom_ingest.adapters.readers.tolerant import Fault, TolerantDecoder
from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.license_checks import judge_license_id
from sbom_ingest.domain.outcome import breaks_specification, over_limit
from shared.contracts.inventory import ExtractedLicense, LicenseClaim

Origin = Literal["concluded", "declared"]

# https://spdx.github.io/spdx-spec/v3.0.1/model/ExpandedLicensing/ (Individuals)
_INDIVIDUAL = re.compile(r"(?:.*[/_:#])?(NoAssertion|None)(?:License|Element)|.*/Licensing/(NoAssertion|None)")
_SAYS_NOTHING = {"NoAssertion": "NOASSERTION", "None": "NONE"}
_LISTED_ID = re.compile(r"https?://(?:www\.)?spdx\.org/licenses/([A-Za-z0-9.+-]+?)(?:\.html|\.json)?")
_REFERENCE = ("LicenseRef-", "AdditionRef-", "DocumentRef-")
_NOT_IN_REFERENCES = re.compile(r"[^A-Za-z0-9.-]+")
_BETWEEN_PARTS = re.compile(r"[/#:]")
_OPERATORS = {
    "expandedlicensing_ConjunctiveLicenseSet": " AND ",
    "expandedlicensing_DisjunctiveLicenseSet": " OR ",
}
_MOST_NESTED = 64


def _license_matters(fault: Fault) -> bool:
    return fault.path[0] not in ("name", "simplelicensing_customIdToUri")


_DECODER = TolerantDecoder(LicenseInfo, _license_matters)


@dataclass(frozen=True, slots=True)
class _Known:
    """A licence of the graph."""

    node: Node
    written: LicenseInfo

    @property
    def is_custom(self) -> bool:
        return self.node.kind in CUSTOM


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a reference to a licence comes to; a strange one is to nothing in the document."""

    value: str
    kind: Literal["expression", "name"]
    text: str | None = None
    is_strange: bool = False


@dataclass(slots=True)
class Licenses:
    """The licences of one document, and those that it says other documents define (`external`)."""

    draft: Draft
    external: Collection[str] = ()
    _known: dict[str, _Known] = field(default_factory=dict)
    _meanings: dict[str, _Meaning] = field(default_factory=dict)
    _rendered: dict[str, str] = field(default_factory=dict)
    _open: list[str] = field(default_factory=list)
    _extracted: dict[str, str] = field(default_factory=dict)

    def add_all(self, nodes: Nodes) -> None:
        """Read the licences of the graph, and list those that the document itself defines."""
        for node in nodes.of(LICENSES):
            known = _Known(node, _DECODER.decode(node.raw, self.draft, node.pointer))
            for identifier in node.ids:
                if self._known.setdefault(identifier, known) is not known:
                    message = f"the spdxId {identifier[:80]!r} is used before"
                    self.draft.warn("duplicate-reference", message, node.pointer)
        for known in self._of(EXPRESSIONS):
            self._read_expression(known)
        for known in self._of(CUSTOM):
            self._extract(_reference(known.node.identifier), known.node.identifier, known.node.pointer)

    def _of(self, kinds: Collection[str]) -> list[_Known]:
        return [known for known in self._known.values() if known.node.kind in kinds]

    def _read_expression(self, known: _Known) -> None:
        """Check an expression, and list licences under the ids that it knows them by."""
        pointer = f"{known.node.pointer}/simplelicensing_licenseExpression"
        self.draft.check_field(known.written.expression, pointer)
        check_expression(known.written.expression, self.draft, pointer)
        for index, entry in enumerate(known.written.custom_ids):
            place = f"{known.node.pointer}/simplelicensing_customIdToUri/{index}"
            if entry.value in self._known:
                self._extract(entry.key, entry.value, place)
            else:
                self._warn_of_stranger(entry.value, place)

    def _extract(self, reference: str, identifier: str, pointer: str) -> None:
        if reference not in self._extracted:
            self._extracted[reference] = identifier
            known = self._known[identifier]
            extracted = ExtractedLicense(reference, known.written.name or None, self._text_of(known))
            self.draft.extracted_licenses.append(extracted)
        elif self._extracted[reference] != identifier:
            message = f"{reference[:80]!r} stands for two licences; the first is used"
            self.draft.warn("duplicate-reference", message, pointer)

    def _text_of(self, known: _Known) -> str | None:
        text = known.written.text or known.written.addition_text
        return self.draft.texts.add(text, known.node.pointer) if text else None

    def claim(self, identifier: str, origin: Origin, pointer: str) -> LicenseClaim | None:
        """What the licence of an element is, as stated at `pointer`; None where it is empty."""
        meaning = self._meanings.get(identifier) or self._meaning(identifier, pointer)
        if not meaning.value:
            self.draft.warn("empty-license", "the licence is empty", pointer)
            return None
        if meaning.is_strange:
            self._warn_of_stranger(identifier, pointer)
        else:
            self._meanings[identifier] = meaning
        return LicenseClaim(meaning.value, meaning.kind, origin, pointer, meaning.text)

    def _meaning(self, identifier: str, pointer: str) -> _Meaning:
        found = self._known.get(identifier)
        if found is None:
            well_known = _well_known(identifier)
            return _Meaning(well_known or identifier, "expression" if well_known else "name", is_strange=not well_known)
        if found.is_custom and not _last_part(identifier).startswith(_REFERENCE):
            return _Meaning(found.written.name or _last_part(identifier), "name", self._text_of(found))
        value = self._render(identifier, pointer)
        # The text of a listed licence is known here, unless it is on a list that is newer.
        with_text = found.is_custom or (found.node.kind in LISTED and judge_license_id(value) == "unknown")
        return _Meaning(value, "expression", self._text_of(found) if with_text else None)

    def _warn_of_stranger(self, identifier: str, pointer: str) -> None:
        if identifier in self.external:
            self.draft.warn("external-reference", f"{identifier[:80]!r} is in another document", pointer)
        else:
            self.draft.warn("dangling-reference", f"{identifier[:80]!r} is no licence of the document", pointer)

    def _render(self, identifier: str, pointer: str) -> str:
        """The licence as an SPDX expression."""
        if identifier in self._rendered:
            return self._rendered[identifier]
        if identifier in self._open:
            raise breaks_specification(pointer, f"the licence {identifier[:80]!r} is part of itself")
        if len(self._open) >= _MOST_NESTED:
            raise over_limit("depth", f"{pointer}: licences may nest {_MOST_NESTED} deep at most")
        self._open.append(identifier)
        rendered = self._rendering(identifier, pointer)
        self._open.pop()
        self.draft.check_field(rendered, pointer)
        self._rendered[identifier] = rendered
        return rendered

    def _rendering(self, identifier: str, pointer: str) -> str:
        known = self._known.get(identifier)
        if known is None:
            return self._rendering_of_stranger(identifier, pointer)
        written = known.written
        match known.node.kind:
            case "expandedlicensing_ConjunctiveLicenseSet" | "expandedlicensing_DisjunctiveLicenseSet" as kind:
                members = as_list(written.members)
                self.draft.check_entries(len(members), f"{known.node.pointer}/expandedlicensing_member")
                operands = [self._operand(member, pointer) for member in members]
                return _OPERATORS[kind].join(dict.fromkeys(operand for operand in operands if operand))
            case "expandedlicensing_OrLaterOperator":
                return _or_later(self._render(written.or_later, pointer))
            case "expandedlicensing_WithAdditionOperator":
                return f"{self._operand(written.extended, pointer)} WITH {self._render(written.addition, pointer)}"
            case _:
                return written.expression or self._rendering_of_leaf(identifier, known)

    def _rendering_of_leaf(self, identifier: str, known: _Known) -> str:
        if known.node.kind in LISTED:
            return _last_part(identifier)
        return _reference(identifier) if known.is_custom else _well_known(identifier) or known.written.name

    def _rendering_of_stranger(self, identifier: str, pointer: str) -> str:
        well_known = _well_known(identifier)
        if well_known is None:
            self._warn_of_stranger(identifier, pointer)
        return well_known or _reference(identifier)

    def _operand(self, identifier: str, pointer: str) -> str:
        rendered = self._render(identifier, pointer)
        return f"({rendered})" if " AND " in rendered or " OR " in rendered else rendered


def _well_known(identifier: str) -> str | None:
    """What an id means that every document may use: a licence of the SPDX list, or that nothing is said."""
    listed = _LISTED_ID.fullmatch(identifier)
    if listed is not None:
        return listed.group(1)
    nothing = _INDIVIDUAL.fullmatch(identifier)
    return _SAYS_NOTHING[nothing.group(1) or nothing.group(2)] if nothing else None


def _last_part(identifier: str) -> str:
    return _BETWEEN_PARTS.split(identifier.rstrip("/#:"))[-1] or identifier


def _reference(identifier: str) -> str:
    part = _last_part(identifier)
    return part if part.startswith(_REFERENCE) else f"LicenseRef-{_NOT_IN_REFERENCES.sub('-', part)}"


def _or_later(license_id: str) -> str:
    return f"{license_id.removesuffix('-only')}-or-later" if license_id.endswith("-only") else f"{license_id}+"
