"""Attributions from an archive of licence files: each file says by its name what it is, and by its folder whose.

The folder is a package URL, percent-encoded (`pkg%3Anpm%2Flodash%404.17.21/LICENSE`), or the id of ORT in four folders
(`NPM/unknown/lodash/4.17.21/LICENSE`), under which ORT's own `archive.zip` may lie. Where the package is told beside the
archive, as for one archive of ORT by itself, folders mean nothing. A result of ScanCode Toolkit in it (`*.json`) is read
as one that comes by itself. What is no such file is told, not passed over.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from obligations.adapters.archives import ArchivedFile, Budget, files_of, is_archive
from obligations.adapters.scancode_bundle import attributions_of_scan, is_scancode
from obligations.domain.attributions import AttributedText, Attribution

_LICENSE = re.compile(r"(un)?licen[cs]es?([-._].*)?|.*[-._]licen[cs]e(\.\w+)?|copying([-._].*)?|patents", re.IGNORECASE)
_NOTICE = re.compile(r"(.*[-._])?notices?(\.\w+)?", re.IGNORECASE)
_COPYRIGHT = re.compile(r"(.*[-._])?copyrights?(\.\w+)?", re.IGNORECASE)
_COPYRIGHT_LINE = re.compile(r"\W*(copyright\b|\(c\)|©)", re.IGNORECASE)
_ARCHIVE_OF_ORT = re.compile(r"archive\.(zip|tar\.(gz|bz2|xz))")
_PURL_TYPES = {
    **{"Bower": "bower", "Bundler": "gem", "Cargo": "cargo", "Carthage": "carthage", "CocoaPods": "cocoapods"},
    **{"Composer": "composer", "Conan": "conan", "Crate": "cargo", "Gem": "gem", "Go": "golang", "GoMod": "golang"},
    **{"Hackage": "hackage", "Maven": "maven", "NPM": "npm", "NuGet": "nuget", "Pub": "pub", "PyPI": "pypi"},
    **{"Swift": "swift"},
}
"""The types of package that ORT's ids begin with, and what they are called in package URLs."""
_ID_OF_ORT = 4


@dataclass(frozen=True, slots=True)
class UnusedFile:
    """A file of an archive that nothing was made of, and why."""

    file: str
    reason: str


@dataclass(slots=True)
class _Found:
    licenses: list[AttributedText] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    copyright: list[str] = field(default_factory=list)


def attributions_of_archive(content: bytes, purl: str | None) -> tuple[list[Attribution], list[UnusedFile]]:
    """One attribution for each package, all files for `purl` if it is given, and those of the scans in it.

    Raises InvalidInput, OverLimit, msgspec.ValidationError for a scan of another shape.
    """
    found: dict[str, _Found] = defaultdict(_Found)
    unused: list[UnusedFile] = []
    scanned: list[Attribution] = []
    for name, body in sorted(_files(content)):
        if name.endswith(".json") and is_scancode(body):
            scanned += attributions_of_scan(body)
            continue
        package = purl or _package_of(name)
        text = _text(body)
        reason = "no folder that names a package" if package is None else None
        reason = reason or ("not text" if text is None else None)
        if package is None or text is None or not _sorted_in(found, package, name, text):
            unused.append(UnusedFile(name, reason or "neither a licence, a NOTICE nor a list of copyright notices"))
    return [_attribution(package, each) for package, each in sorted(found.items())] + scanned, unused


def _files(content: bytes) -> Iterator[ArchivedFile]:
    """The files, those of ORT's archives inside under the folders of these."""
    budget = Budget()
    for name, body in files_of(content, budget):
        folder, _, last = name.rpartition("/")
        if _ARCHIVE_OF_ORT.fullmatch(last) and is_archive(body):
            yield from ((f"{folder}/{inner}", content) for inner, content in files_of(body, budget))
        else:
            yield name, body


def _package_of(name: str) -> str | None:
    folders = name.replace("\\", "/").split("/")[:-1]
    first = unquote(folders[0]) if folders else ""
    if first.startswith("pkg:"):
        return first
    if len(folders) < _ID_OF_ORT or folders[0] not in _PURL_TYPES:
        return None
    type_, namespace, package, version = folders[:_ID_OF_ORT]
    scope = "" if namespace in ("unknown", "") else f"{namespace}/"
    return f"pkg:{_PURL_TYPES[type_]}/{scope}{package}@{version}"


def _sorted_in(found: dict[str, _Found], package: str, name: str, text: str) -> bool:
    last = name.replace("\\", "/").rpartition("/")[2]
    if _COPYRIGHT.fullmatch(last):
        lines = [line.strip() for line in text.splitlines() if _COPYRIGHT_LINE.match(line)]
        found[package].copyright += lines
        return bool(lines)
    if _NOTICE.fullmatch(last):
        found[package].notices.append(text)
        return True
    if _LICENSE.fullmatch(last):
        found[package].licenses.append(AttributedText(text=text))
        return True
    return False


def _text(body: bytes) -> str | None:
    """The text, None for an empty file and for what is none."""
    if b"\x00" in body or not body.strip():
        return None
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("latin-1")


def _attribution(package: str, found: _Found) -> Attribution:
    return Attribution(
        purl=package,
        license_texts=tuple(dict.fromkeys(found.licenses)),
        notices=tuple(dict.fromkeys(found.notices)),
        notice_status="present" if found.notices else None,
        copyright=tuple(dict.fromkeys(found.copyright)),
    )
