"""The licences and exceptions of the SPDX list, with what is known of each: category, flags, text.

The facts are files of this package, made by `tools/make_license_data.py`; `catalogue_files/README.md` names the
sources and their licences. Nothing is fetched.
"""

import gzip
import hashlib
import json
import lzma
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any, Literal

_REFERENCE = "licenseref-"

CategorySource = Literal["licet", "scancode-licensedb", "none"]


@dataclass(frozen=True, slots=True)
class LicenseInfo:
    """What the catalogue knows of one licence of the SPDX list, or of one that only ScanCode's LicenseDB has.

    `category` is one of Licet's categories, or "unknown" where `category_source` is "none".
    `category_clause` names what decides our own category; None where the obligations of the licence name its clauses.
    `osi_approved` and `fsf_libre` are None where the SPDX list holds no assessment, which proves nothing.
    `replaced_by` is the SPDX expression that says the same as a deprecated id, or None.
    `text_sha256` is the hex digest of the UTF-8 text that `Catalogue.text` returns, or None without a text.
    `holder_specific` is True where the text of the list names a holder or has a blank for one, so that the text
    must come from the component and not from here.
    """

    id: str
    name: str
    category: str
    category_source: CategorySource
    osi_approved: bool | None
    fsf_libre: bool | None
    deprecated: bool
    replaced_by: str | None
    text_sha256: str | None
    holder_specific: bool
    category_clause: str | None = None


@dataclass(frozen=True, slots=True)
class ExceptionInfo:
    """What the catalogue knows of one exception of the SPDX list; `text_sha256` as in `LicenseInfo`."""

    id: str
    name: str
    deprecated: bool
    text_sha256: str | None


class Catalogue:
    """Look-ups by SPDX id, in any letter case; `LicenseRef-scancode-…` are the ids of ScanCode's LicenseDB.

    Texts, and what is ScanCode's own, are read at their first use.
    """

    def __init__(self, index: Mapping[str, Any], strings: bytes) -> None:
        """`strings` is the table of what licence strings mean, which `version` names too."""
        self.version = f"{index['version']} strings:{hashlib.sha256(strings).hexdigest()[:8]}"
        self._licenses = {row["id"].lower(): LicenseInfo(**row) for row in index["licenses"]}
        self._exceptions = {row["id"].lower(): ExceptionInfo(**row) for row in index["exceptions"]}
        self._pairs = {
            (license_id.lower(), pair["exception"].lower()): pair["category"]
            for pair in index["pairs"]
            for license_id in pair["licenses"]
        }
        self._fingerprints: dict[str, tuple[str, ...]] = {
            fingerprint: tuple(ids) for fingerprint, ids in index["fingerprints"].items()
        }
        self._addresses = {address: tuple(ids) for address, ids in index["addresses"].items()}

    @property
    def licenses(self) -> tuple[LicenseInfo, ...]:
        """Every licence of the list, deprecated ones included, by id."""
        return tuple(self._licenses.values())

    @property
    def scancode_licenses(self) -> tuple[LicenseInfo, ...]:
        """Every licence that ScanCode's LicenseDB has beyond the list, older ids included, by id."""
        return tuple(self._scancode.values())

    @property
    def exceptions(self) -> tuple[ExceptionInfo, ...]:
        """Every exception of the list, deprecated ones included, by id."""
        return tuple(self._exceptions.values())

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The analysed pairs of licence and exception, as lower-case ids."""
        return tuple(self._pairs)

    def license(self, license_id: str) -> LicenseInfo | None:
        """The licence of this id, or None if neither the SPDX list nor ScanCode's LicenseDB has one."""
        lowered = license_id.lower()
        return self._licenses.get(lowered) or (self._scancode.get(lowered) if lowered.startswith(_REFERENCE) else None)

    def licenses_named(self, words: str) -> tuple[str, ...]:
        """The ids that ScanCode's LicenseDB has this name for, in the form of `aliases.alias_key`."""
        return tuple(self._scancode_index["names"].get(words, ()))

    def exception(self, exception_id: str) -> ExceptionInfo | None:
        """The exception of this SPDX id, or None if the list has none such."""
        return self._exceptions.get(exception_id.lower())

    def text(self, license_id: str) -> str | None:
        """The full text of a licence, or None where no source has it."""
        known = self.license(license_id)
        return self._text_of(known.text_sha256 if known else None)

    def exception_text(self, exception_id: str) -> str | None:
        """The full text of an exception, or None where no source has it."""
        known = self.exception(exception_id)
        return self._text_of(known.text_sha256 if known else None)

    def pair_category(self, license_id: str, exception_id: str) -> str | None:
        """The category of `license WITH exception`, or None where the pair has not been analysed.

        An unanalysed pair must never be taken for the bare licence.
        """
        return self._pairs.get((license_id.lower(), exception_id.lower()))

    def licenses_with_text(self, fingerprint: str) -> tuple[str, ...]:
        """The current ids whose text has this `license_text.fingerprint`, sorted; more than one where the
        same text serves several ids, as it does GPL-2.0-only and GPL-2.0-or-later."""
        of_list = self._fingerprints.get(fingerprint)
        return of_list or tuple(self._scancode_index["fingerprints"].get(fingerprint, ()))

    def licenses_at(self, address: str) -> tuple[str, ...]:
        """The current ids beside which the SPDX list names this address, in the form of `addresses.address_of`."""
        return self._addresses.get(address, ())

    @cached_property
    def text_marks(self) -> Mapping[int, tuple[tuple[str, ...], ...]]:
        """Number of a run of words → the ids of the texts that are found by it; see `text_matching`."""
        stored = json.loads(gzip.decompress(_catalogue_file("text_marks.json.gz")))
        texts = [tuple(ids) for ids in stored["texts"]]
        return {int(mark): tuple(texts[number] for number in numbers) for mark, numbers in stored["marks"].items()}

    def _text_of(self, digest: str | None) -> str | None:
        if digest is None:
            return None
        return self._texts[digest] if digest in self._texts else self._scancode_texts[digest]

    @cached_property
    def _texts(self) -> dict[str, str]:
        texts: dict[str, str] = json.loads(gzip.decompress(_catalogue_file("texts.json.gz")))
        return texts

    @cached_property
    def _scancode_texts(self) -> dict[str, str]:
        texts: dict[str, str] = json.loads(lzma.decompress(_catalogue_file("scancode_texts.json.xz")))
        return texts

    @cached_property
    def _scancode_index(self) -> Mapping[str, Any]:
        index: Mapping[str, Any] = json.loads(_catalogue_file("scancode.json"))
        return index

    @cached_property
    def _scancode(self) -> Mapping[str, LicenseInfo]:
        current = (_of_scancode(row) for row in self._scancode_index["licenses"])
        found = {known.id.lower(): known for known in current}
        for older, now in self._scancode_index["replaced"].items():
            known = self._licenses.get(now.lower()) or found.get(now.lower())
            if known:  # not where it is an exception now
                found[older.lower()] = replace(
                    known, id=older, deprecated=True, replaced_by=known.replaced_by or known.id
                )
        return found


def _of_scancode(row: Mapping[str, Any]) -> LicenseInfo:
    return LicenseInfo(**row, osi_approved=None, fsf_libre=None, deprecated=False, replaced_by=None)


@lru_cache(maxsize=1)
def load_catalogue() -> Catalogue:
    """The catalogue that this package ships, read once for each process."""
    return Catalogue(json.loads(_catalogue_file("index.json")), _catalogue_file("aliases.yaml"))


def _catalogue_file(name: str) -> bytes:
    return files("shared.licensing").joinpath("catalogue_files", name).read_bytes()
