"""ScanCode-toolkit's objects with the fields that licence work reads, of versions 2 to 32.

https://scancode-toolkit.readthedocs.io/en/stable/reference/output-format.html
"""

from typing import Any

from msgspec import Raw, Struct, field


class Header(Struct):
    """Which tool wrote the scan, and when."""

    tool_name: str = ""
    tool_version: str | None = None
    end_timestamp: str | None = None


class PackageParty(Struct):
    """Somebody who has to do with a package."""

    role: str | None = None
    name: str | None = None


class Package(Struct):
    """A package: `license_expression` and `declared_license` are of versions before 32."""

    name: str | None = None
    namespace: str | None = None
    version: str | None = None
    purl: str | None = None
    package_uid: str | None = None
    copyright: str | None = None
    holder: str | None = None
    notice_text: str | None = None
    declared_license_expression: str | None = None
    declared_license_expression_spdx: str | None = None
    other_license_expression_spdx: str | None = None
    extracted_license_statement: str | None = None
    license_expression: str | None = None
    declared_license: Any = None
    vcs_url: str | None = None
    parties: list[PackageParty] = field(default_factory=list)
    md5: str | None = None
    sha1: str | None = None
    sha256: str | None = None
    sha512: str | None = None


class CopyrightStatement(Struct):
    """A copyright statement in a file: `value` is of version 3 to 30, `statements` of version 2."""

    copyright: str | None = None
    value: str | None = None
    statements: list[str] = field(default_factory=list)


class Rule(Struct):
    """What a match is compared with (`matched_rule` before 32, `license_rule_references` since then)."""

    identifier: str = ""
    is_license_text: bool | None = None


class Match(Struct):
    """A part of a file that is like a rule; its text is only there where the scan was asked for it (`--license-text`)."""

    license_expression: str | None = None
    license_expression_spdx: str | None = None
    rule_identifier: str | None = None
    matched_text: str | None = None


class Detection(Struct):
    """Matches that together tell of a licence, since 32."""

    matches: list[Match] = field(default_factory=list)


class DetectedLicense(Struct):
    """A licence in a file, of versions before 32; a reference to a licence, since then."""

    key: str = ""
    spdx_license_key: str | None = None
    name: str | None = None
    text: str | None = None
    matched_rule: Rule | None = None
    matched_text: str | None = None


class File(Struct):
    """A file or folder: `license_expressions`, `licenses` and `packages` are of older versions.

    `for_packages` are the `package_uid`s of the packages that it belongs to, since 31.
    """

    path: str = ""
    type: str = "file"
    md5: str | None = None
    sha1: str | None = None
    sha256: str | None = None
    copyrights: list[CopyrightStatement] = field(default_factory=list)
    detected_license_expression: str | None = None
    detected_license_expression_spdx: str | None = None
    license_expressions: list[str] = field(default_factory=list)
    licenses: list[DetectedLicense] = field(default_factory=list)
    license_detections: list[Detection] = field(default_factory=list)
    packages: list[Raw] = field(default_factory=list)
    for_packages: list[str] = field(default_factory=list)


class Dependency(Struct):
    """A dependency that a package's manifest or lock file states."""

    purl: str | None = None
    scope: str | None = None
    is_runtime: bool | None = None
    is_optional: bool | None = None
    for_package_uid: str | None = None
