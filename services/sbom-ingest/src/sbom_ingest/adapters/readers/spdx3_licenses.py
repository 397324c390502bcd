"""From the licences of an SPDX 3 graph to claims: an expression as written, or what sets and operators come to."""

import re
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

# https://spdx.github.io/spdx-spec/v3.0.1/model/ExpandedLicensing/Individuals/ and .../Core/Individuals/
_INDIVIDUAL = re.compile(r"(?:.*[/_:#])?(NoAssertion|None)(?:License|Element)")
_SAYS_NOTHING = {"NoAssertion": "NOASSERTION", "None": "NONE"}
_LISTED_ID = re.compile(r"https?://(?:www\.)?spdx\.org/licenses/([A-Za-z0-9.+-]+?)(?:\.html|\.json)?")
_REFERENCE = ("LicenseRef-", "AdditionRef-", "DocumentRef-")
_NOT_IN_REFERENCES = re.compile(r"[^A-Za-z0-9.-]+")
_OPERATORS = {
    "expandedlicensing_ConjunctiveLicenseSet": " AND ",
    "expandedlicensing_DisjunctiveLicenseSet": " OR ",
}
_MOST_NESTED = 64


def _never_without(fault: Fault) -> bool:
    return fault.path[0] not in ("name", "simplelicensing_customIdToUri")


_DECODER = TolerantDecoder(LicenseInfo, _never_without)


@dataclass(frozen=True, slots=True)
class _Known:
    """A licence of the graph."""

    node: Node
    written: LicenseInfo


@dataclass(slots=True)
class Licenses:
    """The licences of one document; what an id stands for is worked out once."""

    draft: Draft
    _known: dict[str, _Known] = field(default_factory=dict)
    _told: dict[str, LicenseClaim] = field(default_factory=dict)
    _rendered: dict[str, str] = field(default_factory=dict)
    _open: list[str] = field(default_factory=list)

    def add_all(self, nodes: Nodes) -> None:
        """Read the licences of the graph, and list those that the document itself defines."""
        for node in nodes.of(LICENSES):
            known = _Known(node, _DECODER.decode(node.raw, self.draft, node.pointer))
            for identifier in node.ids:
                if self._known.setdefault(identifier, known) is not known:
                    message = f"the spdxId {identifier[:80]!r} is used before"
                    self.draft.warn("duplicate-reference", message, node.pointer)
        self._list_extracted(nodes)
        for node in nodes.of(EXPRESSIONS):
            self._check(node)

    def _check(self, node: Node) -> None:
        for identifier in node.ids[:1]:
            written = self._known[identifier].written
            pointer = f"{node.pointer}/simplelicensing_licenseExpression"
            self.draft.check_field(written.expression, pointer)
            check_expression(written.expression, self.draft, pointer)

    def _list_extracted(self, nodes: Nodes) -> None:
        """List custom licences under the ids that expressions know them by, and under their own."""
        listed: dict[str, str] = {}
        for node in nodes.of(EXPRESSIONS):
            for identifier in node.ids[:1]:
                for entry in self._known[identifier].written.custom_ids:
                    self._extract(entry.key, entry.value, node.pointer, listed)
        for node in nodes.of(CUSTOM):
            for identifier in node.ids[:1]:
                self._extract(_reference(identifier), identifier, node.pointer, listed)

    def _extract(self, reference: str, identifier: str, pointer: str, listed: dict[str, str]) -> None:
        known = self._known.get(identifier)
        if known is None:
            self.draft.warn("dangling-reference", f"{identifier[:80]!r} is not in the document", pointer)
        elif listed.setdefault(reference, identifier) != identifier:
            message = f"{reference[:80]!r} stands for two licences; the first is used"
            self.draft.warn("duplicate-reference", message, pointer)
        elif all(reference != each.id for each in self.draft.extracted_licenses[-1:]):
            self.draft.extracted_licenses.append(
                ExtractedLicense(reference, known.written.name or None, self._text_of(known))
            )

    def _text_of(self, known: _Known) -> str | None:
        text = known.written.text or known.written.addition_text
        return self.draft.texts.add(text, known.node.pointer) if text else None

    def claim(self, identifier: str, origin: Literal["concluded", "declared"], pointer: str) -> LicenseClaim | None:
        """What an element's licence at `pointer` is; None where nothing is said."""
        found = self._known.get(identifier)
        if found is None and (nothing := _INDIVIDUAL.fullmatch(identifier)):
            return LicenseClaim(_SAYS_NOTHING[nothing.group(1)], "expression", origin, pointer)
        if found is None:
            return self._claim_of_stranger(identifier, origin, pointer)
        if found.node.kind in CUSTOM and not _last_part(identifier).startswith(_REFERENCE):
            value = found.written.name or _last_part(identifier)
            return LicenseClaim(value, "name", origin, pointer, self._text_of(found))
        value = self._render(identifier, pointer)
        text = self._text_of(found) if found.node.kind in CUSTOM or _is_newly_listed(found, value) else None
        return LicenseClaim(value, "expression", origin, pointer, text) if value else None

    def _claim_of_stranger(
        self, identifier: str, origin: Literal["concluded", "declared"], pointer: str
    ) -> LicenseClaim:
        listed = _LISTED_ID.fullmatch(identifier)
        if listed is not None:
            return LicenseClaim(listed.group(1), "expression", origin, pointer)
        self.draft.warn("dangling-reference", f"{identifier[:80]!r} is not in the document", pointer)
        return LicenseClaim(identifier, "name", origin, pointer)

    def _render(self, identifier: str, pointer: str) -> str:
        """The licence as an SPDX expression."""
        if identifier not in self._rendered:
            if identifier in self._open:
                raise breaks_specification(pointer, f"the licence {identifier[:80]!r} is part of itself")
            if len(self._open) >= _MOST_NESTED:
                raise over_limit("depth", f"{pointer}: licence sets may nest {_MOST_NESTED} deep at most")
            self._open.append(identifier)
            rendered = self._rendering(identifier, pointer)
            self._open.pop()
            self.draft.check_field(rendered, pointer)
            self._rendered[identifier] = rendered
        return self._rendered[identifier]

    def _rendering(self, identifier: str, pointer: str) -> str:
        known = self._known.get(identifier)
        if known is None:
            return self._rendering_of_stranger(identifier, pointer)
        written, kind = known.written, known.node.kind
        if kind in _OPERATORS:
            parts = [self._operand(member, pointer) for member in as_list(written.members)]
            return _OPERATORS[kind].join(dict.fromkeys(part for part in parts if part))
        if kind == "expandedlicensing_OrLaterOperator":
            return _or_later(self._render(written.or_later, pointer))
        if kind == "expandedlicensing_WithAdditionOperator":
            return f"{self._operand(written.extended, pointer)} WITH {self._render(written.addition, pointer)}"
        return written.expression or self._rendering_of_leaf(identifier, known)

    def _rendering_of_leaf(self, identifier: str, known: _Known) -> str:
        if known.node.kind in LISTED:
            return _last_part(identifier)
        if known.node.kind in CUSTOM:
            return _reference(identifier)
        nothing = _INDIVIDUAL.fullmatch(identifier)
        return _SAYS_NOTHING[nothing.group(1)] if nothing else known.written.name

    def _rendering_of_stranger(self, identifier: str, pointer: str) -> str:
        listed = _LISTED_ID.fullmatch(identifier)
        if listed is not None:
            return listed.group(1)
        self.draft.warn("dangling-reference", f"{identifier[:80]!r} is not in the document", pointer)
        return _reference(identifier)

    def _operand(self, identifier: str, pointer: str) -> str:
        rendered = self._render(identifier, pointer)
        return f"({rendered})" if " " in rendered and not rendered.startswith("(") else rendered


def _last_part(identifier: str) -> str:
    return re.split(r"[/#:]", identifier.rstrip("/#:"))[-1] or identifier


def _reference(identifier: str) -> str:
    part = _last_part(identifier)
    return part if part.startswith(_REFERENCE) else f"LicenseRef-{_NOT_IN_REFERENCES.sub('-', part)}"


def _or_later(license_id: str) -> str:
    return license_id.removesuffix("-only") + "-or-later" if license_id.endswith("-only") else f"{license_id}+"


def _is_newly_listed(found: _Known, value: str) -> bool:
    """Whether it is on a list that is newer than the one known here, so that its text is known from here alone."""
    return found.node.kind in LISTED and judge_license_id(value) == "unknown"
