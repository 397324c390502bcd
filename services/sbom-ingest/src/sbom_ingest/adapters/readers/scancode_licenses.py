"""ScanCode's licences: SPDX expressions where a scan has them, else those of ScanCode's own keys, in its own words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from sbom_ingest.adapters.readers.license_warnings import check_expression
from sbom_ingest.adapters.readers.scancode_structs import DetectedLicense, File, Package
from sbom_ingest.adapters.readers.scancode_texts import MatchedTexts
from sbom_ingest.domain.draft import Draft
from shared.contracts.inventory import ExtractedLicense, LicenseClaim

Origin = Literal["declared", "observed"]

_WORD = re.compile(r"[^\s()]+")
# What YAML writes on one line: not a mapping, another list, or the beginning of a longer text.
_SCALAR = r"""([^\s:'"{\[|>&*!][^:]*|'[^']*'|"[^"\\]*")"""
_STATED = re.compile(rf"(?:license: |(?:  )?- ){_SCALAR}|classifiers:")
_OPERATORS = {"and": "AND", "or": "OR", "with": "WITH"}


@dataclass(slots=True)
class Licenses:
    """Makes claims; knows the SPDX ids that the scan itself gives for ScanCode's keys."""

    draft: Draft
    texts: MatchedTexts
    _ids: dict[str, str] = field(default_factory=dict)

    def learn(self, licenses: Iterable[DetectedLicense]) -> None:
        """Note what the scan says of ScanCode's keys."""
        self._ids.update((each.key, each.spdx_license_key) for each in licenses if each.spdx_license_key)

    def add_reference(self, written: DetectedLicense, pointer: str) -> None:
        """Note a licence that the scan describes; one that is not on the SPDX list comes with its text."""
        self.learn([written])
        reference = written.spdx_license_key or ""
        if reference.startswith("LicenseRef-"):
            text = self.draft.texts.add(written.text, f"{pointer}/text") if written.text else None
            self.draft.extracted_licenses.append(ExtractedLicense(reference, written.name, text))

    def of_package(self, written: Package, pointer: str) -> list[LicenseClaim]:
        """The declared licence, and beside it what it was read from and what else was found."""
        declared = (
            self._expression(
                written.declared_license_expression_spdx, "declared", f"{pointer}/declared_license_expression_spdx"
            )
            or self._of_keys(written.declared_license_expression, "declared", f"{pointer}/declared_license_expression")
            or self._of_keys(written.license_expression, "declared", f"{pointer}/license_expression")
        )
        origin: Origin = "observed" if declared else "declared"
        place = f"{pointer}/extracted_license_statement"
        self.draft.check_field(written.extracted_license_statement or "", place)
        stated = _stated(written.extracted_license_statement)
        self.draft.check_entries(len(stated), place)
        statement = [claim for each in stated for claim in _name(each, origin, place)]
        place = f"{pointer}/declared_license"
        older = [claim for each in _as_texts(written.declared_license) for claim in _name(each, origin, place)]
        place = f"{pointer}/other_license_expression_spdx"
        return declared + statement + older + self._expression(written.other_license_expression_spdx, "observed", place)

    def of_file(self, written: File, pointer: str) -> list[LicenseClaim]:
        """What was found in a file, with the texts of licences that stand in it."""
        return self.texts.given_to(self._of_file(written, pointer), pointer)

    def _of_file(self, written: File, pointer: str) -> list[LicenseClaim]:
        place = f"{pointer}/detected_license_expression"
        found = self._expression(written.detected_license_expression_spdx, "observed", f"{place}_spdx")
        if found or written.detected_license_expression:
            return found or self._of_keys(written.detected_license_expression, "observed", place)
        if not written.license_expressions:
            return [
                claim
                for index, each in enumerate(written.licenses)
                for claim in self._of_keys(each.key, "observed", f"{pointer}/licenses/{index}")
            ]
        return [
            claim
            for index, each in enumerate(dict.fromkeys(written.license_expressions))
            for claim in self._of_keys(each, "observed", f"{pointer}/license_expressions/{index}")
        ]

    def _expression(self, value: str | None, origin: Origin, pointer: str) -> list[LicenseClaim]:
        if not value:
            return []
        self.draft.check_field(value, pointer)
        check_expression(value, self.draft, pointer)
        return [LicenseClaim(value, "expression", origin, pointer)]

    def _of_keys(self, value: str | None, origin: Origin, pointer: str) -> list[LicenseClaim]:
        """An expression of ScanCode's keys: in SPDX ids where the scan gives all of them, else as it is."""
        if not value:
            return []
        self.draft.check_field(value, pointer)
        words = [word.group().lower() for word in _WORD.finditer(value)]
        if all(word in _OPERATORS or word in self._ids for word in words):
            spdx = _WORD.sub(lambda word: _OPERATORS.get(word[0].lower()) or self._ids[word[0].lower()], value)
            return self._expression(spdx, origin, pointer)
        return [LicenseClaim(value, "name", origin, pointer)]


def _stated(statement: str | None) -> list[str]:
    """What a manifest states; ScanCode writes it as YAML does: a list, or a Python package's `license` and `classifiers`."""
    lines = (statement or "").strip().splitlines()
    found = [_STATED.fullmatch(line) for line in lines]
    if not lines or not all(found):
        return [statement] if statement else []
    values = (match[1].strip("'\"") for match in found if match and match[1])
    return list(dict.fromkeys(values))


def _name(value: str | None, origin: Origin, pointer: str) -> list[LicenseClaim]:
    return [LicenseClaim(value.strip(), "name", origin, pointer)] if value and value.strip() else []


def _as_texts(value: Any) -> list[str]:
    """What a manifest declares, which may be more than a text: a list of texts is told one by one."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return list(dict.fromkeys(value))
    return [msgspec.json.encode(value).decode()] if value else []
