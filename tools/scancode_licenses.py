"""What `make_license_data.py` takes from the ScanCode LicenseDB beyond the SPDX list: its own licences, texts and names."""

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from shared.licensing.aliases import alias_key
from shared.licensing.license_text import fingerprint

Row = dict[str, Any]

CATEGORY_OF_SCANCODE = {
    "Permissive": "permissive",
    "Public Domain": "public-domain",
    "Copyleft Limited": "weak-copyleft",
    "Copyleft": "strong-copyleft",
    "Source-available": "source-available",
    "Free Restricted": "use-restricted",
    "Proprietary Free": "proprietary",
    "Commercial": "proprietary",
}
# Agreements with one vendor are for its customers to keep; what they say comes with the component.
_WITHOUT_TEXT = frozenset({"Proprietary Free", "Commercial"})
# What ScanCode calls a licence and is a finding of its scanner; such a name says nothing.
_FINDINGS = re.compile(
    r"(?:unknown|proprietary-license|commercial-license|public-domain|other-|generic-|free-unknown|see-license|unstated"
    r"|warranty-disclaimer|no-license|swrule|all-rights-reserved|none)"
)
# A line of its own: the header of LLVM-exception holds "---- LLVM Exceptions" in a value.
_HEADER_BORDER = re.compile(r"^---\n", re.MULTILINE)


def index_rows(index: Iterable[Row]) -> list[Row]:
    """The rows that are licences in use: no exceptions, nothing without an SPDX key."""
    return [row for row in index if row["spdx_license_key"] and not (row["is_exception"] or row["is_deprecated"])]


def texts_by_key(wheel: Path) -> Iterator[tuple[Row, str]]:
    """Header and text of the files with the header of key-value lines that ScanCode puts before a text."""
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if re.fullmatch(r"licensedcode/data/licenses/.+\.LICENSE", name)]
        parts = [_HEADER_BORDER.split(archive.read(name).decode(), 2) for name in sorted(names)]
    for part in parts:
        if len(part) == 3:
            yield yaml.safe_load(part[1]), part[2].strip("\n") + "\n"


def own_licenses(rows: Iterable[Row], listed: frozenset[str], files: Mapping[str, tuple[Row, str]]) -> Iterator[Row]:
    """A row of the catalogue and its text for each licence that the SPDX list lacks; "text" is None where not shipped."""
    for row in rows:
        if row["spdx_license_key"].lower() in listed:
            continue
        header, text = files.get(row["license_key"], ({}, ""))
        category = CATEGORY_OF_SCANCODE.get(row["category"])
        yield {
            "id": row["spdx_license_key"],
            "name": header.get("name", row["license_key"]),
            "category": category or "unknown",
            "category_source": "scancode-licensedb" if category else "none",
            "text": text if text.strip() and row["category"] not in _WITHOUT_TEXT else None,
        }


def replaced_ids(rows: Iterable[Row], listed: frozenset[str]) -> dict[str, str]:
    """Older `LicenseRef-scancode-` ids → the id that the licence has now."""
    return {
        key: row["spdx_license_key"]
        for row in rows
        for key in row["other_spdx_license_keys"]
        if key.startswith("LicenseRef-scancode-") and key.lower() not in listed
    }


def names(rows: Iterable[Row], files: Mapping[str, tuple[Row, str]]) -> dict[str, list[str]]:
    """Key of a name → the ids that it names: name, short name and key, where they are more than one word."""
    found: dict[str, set[str]] = {}
    for row in rows:
        key = row["license_key"]
        header = files.get(key, ({}, ""))[0]
        for name in () if _FINDINGS.match(key) else (key, header.get("name", ""), header.get("short_name", "")):
            if " " in (words := alias_key(name.replace("-", " "))):
                found.setdefault(words, set()).add(row["spdx_license_key"])
    return {name: sorted(ids) for name, ids in sorted(found.items())}


def fingerprints_of(own: Iterable[Row]) -> dict[str, list[str]]:
    """Fingerprint of a text → the ids that have it."""
    found: dict[str, list[str]] = {}
    for row in own:
        if row["text"]:
            found.setdefault(fingerprint(row["text"]), []).append(row["id"])
    return dict(sorted(found.items()))
