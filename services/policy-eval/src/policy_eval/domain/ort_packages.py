"""How ORT names packages and ranges of their versions, and how package URLs and VERS do.

An ORT identifier is `type:namespace:name:version`, a colon in a part written `%3A`; without a version it is about all of
them, and its version may be a range in Ivy's notation, such as `[1.0,2.0[`. Source: ORT's documentation of package
curations (https://oss-review-toolkit.org/ort/docs/configuration/package-curations) and Ivy's of version matchers
(https://ant.apache.org/ivy/history/latest-milestone/settings/version-matchers.html).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote

from policy_eval.domain.purls import read_purl

_PURL_TYPES: Final[Mapping[str, str]] = {
    "Bazel": "bazel",
    "Bower": "bower",
    "Cargo": "cargo",
    "CocoaPods": "cocoapods",
    "Composer": "composer",
    "Conan": "conan",
    "Crate": "cargo",
    "Gem": "gem",
    "Go": "golang",
    "GoDep": "golang",
    "GoMod": "golang",
    "Hackage": "hackage",
    "Maven": "maven",
    "NPM": "npm",
    "NuGet": "nuget",
    "PHP": "composer",
    "Pod": "cocoapods",
    "Pub": "pub",
    "PyPI": "pypi",
    "Swift": "swift",
}
_ORT_TYPES: Final[Mapping[str, str]] = {
    **{purl_type: ort_type for ort_type, purl_type in sorted(_PURL_TYPES.items(), reverse=True)},
    "cargo": "Crate",
    "cocoapods": "Pod",
}
_WITHOUT_NAMESPACE: Final = frozenset({"golang"})
_INTERVAL = re.compile(r"([\[\](])([^,\[\]()]*),([^,\[\]()]*)([\[\])])")
_COMPARATORS: Final[Mapping[str, str]] = {"[": ">=", "]": ">", "(": ">"}


class NotTold(ValueError):
    """One side has no words for what the other says; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class PackageVersions:
    """A package by purl, and which of its versions in VERS syntax where that is a range."""

    purl: str
    versions: str | None = None


def package_of(identifier: str) -> PackageVersions:
    """The package of an ORT identifier; raises NotTold."""
    parts = [unquote(each) for each in identifier.split(":")]
    if len(parts) not in (3, 4) or not parts[2]:
        raise NotTold("an identifier of a package is wanted: type:namespace:name, with :version where it is about one")
    type_, namespace, name, version = (*parts, "")[:4]
    purl_type = _PURL_TYPES.get(type_)
    if purl_type is None:
        raise NotTold(f"packages of the type {type_!r} are not known; known: {', '.join(_PURL_TYPES)}")
    path = "/".join(quote(each, safe="") for each in [*namespace.split("/"), *name.split("/")] if each)
    if not version:
        return PackageVersions(f"pkg:{purl_type}/{path}")
    if version[0] in "[](":
        return PackageVersions(f"pkg:{purl_type}/{path}", f"vers:{purl_type}/{_range_of(version)}")
    if version.endswith("+") or version.startswith("latest."):
        raise NotTold(f"the versions {version!r} are not told by an interval; write one such as [1.0,2.0[")
    return PackageVersions(f"pkg:{purl_type}/{path}@{quote(version, safe='')}")


def identifier_of(purl: str, interval: tuple[str, str, str, str] | None) -> str:
    """The ORT identifier of a package, in one version, in an interval of versions, or in all; raises NotTold."""
    read = read_purl(purl)
    if read is None or read.type not in _ORT_TYPES:
        raise NotTold(f"ORT has no type of packages for {purl}")
    if read.qualifiers or read.subpath:
        raise NotTold(f"ORT has no qualifiers and subpaths as {purl} has")
    path = read.name.partition("/")[2]
    namespace, _, name = ("", "", path) if read.type in _WITHOUT_NAMESPACE else path.rpartition("/")
    version = read.version or "" if interval is None else _ivy(interval)
    parts = [_ORT_TYPES[read.type], unquote(namespace), unquote(name), version]
    return ":".join(_escaped(each) for each in parts).removesuffix(":")


def _range_of(written: str) -> str:
    found = _INTERVAL.fullmatch(written)
    if found is None or not (found[2].strip() or found[3].strip()):
        raise NotTold(f"{written!r} is no interval of versions such as [1.0,2.0[")
    lower, upper = found[2].strip(), found[3].strip()
    ends = [f"{_COMPARATORS[found[1]]}{quote(lower, safe='')}"] if lower else []
    if upper:
        ends.append(f"{'<=' if found[4] == ']' else '<'}{quote(upper, safe='')}")
    return "|".join(ends)


def _ivy(interval: tuple[str, str, str, str]) -> str:
    lower, low, upper, high = interval
    if lower == "=":
        return low
    begin = {">=": f"[{low}", ">": f"]{low}"}.get(lower, "(")
    return f"{begin},{high}{']' if upper == '<=' else '[' if upper else ')'}"


def _escaped(part: str) -> str:
    return part.replace("%", "%25").replace(":", "%3A")
