"""The texts of licences that ScanCode matched in files, where a scan carries them (`--license-text`).

Only a match with the text of a licence is one: a notice, a tag or a reference says which licence it is, and no more.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from msgspec.structs import replace

from sbom_ingest.adapters.readers.scancode_structs import File, Rule
from sbom_ingest.domain.draft import Draft
from shared.contracts.inventory import LicenseClaim

# How ScanCode names the rules that are the whole text of a licence.
_TEXT_RULE = ".LICENSE"
_WORD = re.compile(r"[^\s()]+")


@dataclass(slots=True)
class MatchedTexts:
    """Keeps the texts of a scan in its draft, and knows them by the files that they stand in."""

    draft: Draft
    _text_rules: set[str] = field(default_factory=set)
    # Of each file the licences, as the scan calls them, and the keys of their texts.
    _of_files: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def learn(self, rule: Rule) -> None:
        """Note whether a rule is the text of a licence, as the scan says it."""
        if rule.is_license_text:
            self._text_rules.add(rule.identifier)

    def take(self, written: File, pointer: str) -> None:
        """Keep the texts of the file at `pointer`, each once, and take them out of it."""
        found = dict.fromkeys((name, text) for name, text in self._texts(written) if text.strip())
        if found:
            self._of_files[pointer] = [(name, self.draft.texts.add(text, pointer)) for name, text in found]
        written.license_detections = []
        for each in written.licenses:
            each.matched_text = None

    def _texts(self, written: File) -> Iterator[tuple[str, str]]:
        for detection in written.license_detections:
            for match in detection.matches:
                if match.matched_text and self._is_text(match.rule_identifier or ""):
                    yield match.license_expression_spdx or match.license_expression or "", match.matched_text
        for each in written.licenses:
            rule = each.matched_rule or Rule()
            if each.matched_text and (rule.is_license_text or self._is_text(rule.identifier)):
                yield each.spdx_license_key or each.key, each.matched_text

    def _is_text(self, rule: str) -> bool:
        return rule.endswith(_TEXT_RULE) or rule in self._text_rules

    def given_to(self, claims: list[LicenseClaim], pointer: str) -> list[LicenseClaim]:
        """The claims of the file at `pointer` with its texts, of which a claim has one: a second makes another claim."""
        given = list(claims)
        for name, key in self._of_files.get(pointer, ()) if claims else ():
            index = next((index for index, claim in enumerate(claims) if _names(claim, name)), 0)
            if given[index].text is None:
                given[index] = replace(given[index], text=key)
            else:
                given.append(replace(given[index], text=key))
        return given


def _names(claim: LicenseClaim, name: str) -> bool:
    return claim.value == name or name in _WORD.findall(claim.value)
