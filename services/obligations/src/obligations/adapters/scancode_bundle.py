"""Attributions from a result of ScanCode Toolkit (output format 3 and 4, JSON): what was found in a package's files."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct, field

from obligations.domain.attributions import AttributedText, Attribution
from shared.licensing import ExpressionError, License, parse

_MOSTLY_LICENSE = 90.0
"""From this percentage of licence text on a file is taken for a licence file."""


class _Match(Struct):
    matched_text: str | None = None


class _Detection(Struct):
    license_expression_spdx: str | None = None
    matches: list[_Match] = field(default_factory=list)


class _Copyright(Struct):
    copyright: str | None = None


class _File(Struct):
    path: str = ""
    for_packages: list[str] = field(default_factory=list)
    copyrights: list[_Copyright] = field(default_factory=list)
    license_detections: list[_Detection] = field(default_factory=list)
    percentage_of_license_text: float = 0.0


class _Package(Struct):
    purl: str | None = None
    package_uid: str = ""
    notice_text: str | None = None


class _Scan(Struct):
    headers: list[dict[str, Any]]
    packages: list[_Package]
    files: list[_File]


def is_scancode(content: bytes) -> bool:
    """Whether the body is an object with the three lists of a scan."""
    try:
        members = msgspec.json.decode(content, type=dict[str, msgspec.Raw])
    except msgspec.MsgspecError:
        return False
    return {"headers", "packages", "files"} <= members.keys()


def attributions_of_scan(content: bytes) -> list[Attribution]:
    """One attribution for each package with a package URL; raises msgspec.ValidationError for another shape."""
    scan = msgspec.json.decode(content, type=_Scan)
    files: dict[str, list[_File]] = defaultdict(list)
    for file in sorted(scan.files, key=lambda each: each.path):
        for package in file.for_packages:
            files[package].append(file)
    return [_attribution(each, files[each.package_uid]) for each in scan.packages if each.purl]


def _attribution(package: _Package, files: list[_File]) -> Attribution:
    lines = (found.copyright for file in files for found in file.copyrights if found.copyright)
    return Attribution(
        purl=package.purl,
        license_texts=tuple(text for file in files for text in _license_texts(file)),
        notices=(package.notice_text,) if package.notice_text else (),
        copyright=tuple(dict.fromkeys(lines)),
    )


def _license_texts(file: _File) -> Iterator[AttributedText]:
    if file.percentage_of_license_text < _MOSTLY_LICENSE:
        return
    for detection in file.license_detections:
        text = "\n\n".join(match.matched_text for match in detection.matches if match.matched_text)
        if text:
            yield AttributedText(text=text, license=_single(detection.license_expression_spdx))


def _single(written: str | None) -> str | None:
    """The id, where the detection is of one licence."""
    try:
        expression = parse(written or "")
    except ExpressionError:
        return None
    return expression.id if isinstance(expression, License) else None
