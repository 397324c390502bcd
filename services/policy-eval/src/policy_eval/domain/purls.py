"""Package URLs in their canonical form, by which components are found (https://github.com/package-url/purl-spec).

Components come by the hundred thousand and their purls are nearly always canonical already, so that is looked at first.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote

_LONGEST_KEY: Final = 500  # characters; PostgreSQL indexes no value of more than some 2,700 bytes
_PLAIN = re.compile(r"pkg:([a-z]+)/((?:%40)?[\w.-]+(?:/[\w.-]+)*)(?=[@?#]|\Z)", re.ASCII)
_PLAIN_WITH_VERSION = re.compile(rf"{_PLAIN.pattern.partition('(?=')[0]}(?:@([\w.+~:-]+))?", re.ASCII)
_LOWER_VERSIONS: Final = ("huggingface", "oci")
_TYPE = re.compile(r"[A-Za-z.+_-][A-Za-z0-9.+_-]*")


_Change = Callable[[str], str]


def _of_name(change: _Change) -> _Change:
    def of_path(path: str) -> str:
        namespace, slash, name = path.rpartition("/")
        return f"{namespace}{slash}{change(name)}"

    return of_path


def _of_namespace(change: _Change) -> _Change:
    def of_path(path: str) -> str:
        namespace, slash, name = path.rpartition("/")
        return f"{change(namespace)}{slash}{name}"

    return of_path


_dashed = _of_name(lambda name: name.replace("_", "-"))
_RULES: Final[Mapping[str, _Change]] = {
    **dict.fromkeys(("alpm", "apk", "bitbucket", "composer", "github", "gitlab", "hex", "luarocks"), str.lower),
    **dict.fromkeys(("bitnami", "npm", "oci"), _of_name(str.lower)),
    "cpan": _of_namespace(str.upper),
    "hackage": _dashed,
    "pub": _of_name(lambda name: re.sub("[^a-z0-9]", "_", name.lower())),
    "pypi": lambda path: _dashed(path.lower()),
    "qpkg": _of_namespace(str.lower),
}
"""What the types ask of namespace and name; of another type they are kept as they are written."""

_LOWERING: Final = frozenset(
    ("alpm", "apk", "bitbucket", "bitnami", "composer", "github", "gitlab", "hex", "luarocks", "npm", "oci")
)
"""The types that ask for lower case and nothing else."""

_RULED: Final = "|".join(sorted({*_RULES, *_LOWER_VERSIONS}))
_LOWERED: Final = "|".join(sorted(_LOWERING.difference(_LOWER_VERSIONS)))
_CANONICAL: Final = (
    rf"(pkg:(?:(?!(?:{_RULED})/)[a-z]+/(?:%40)?[\w.-]+(?:/[\w.-]+)*"
    rf"|(?:{_LOWERED})/(?:%40)?[a-z0-9_.-]+(?:/[a-z0-9_.-]+)*))"
)
"""What `_PLAIN` and `_is_canonical` find together, of the types that keep their versions as they are written."""

_CANONICAL_NAME = re.compile(rf"{_CANONICAL}(?=[@?#]|\Z)", re.ASCII)
_CANONICAL_WITH_VERSION = re.compile(rf"{_CANONICAL}(?:@([\w.+~:-]+))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Purl:
    """A purl, read: its type, its canonical form up to the version, and the rest with percent-encoding undone."""

    type: str
    name: str
    version: str | None
    qualifiers: Mapping[str, str]
    subpath: str | None

    def covers(self, other: "Purl") -> bool:
        """Whether the other is what this one asks for: the same in all that this one says."""
        return (
            self.name == other.name
            and self.version in (None, other.version)
            and self.qualifiers.items() <= other.qualifiers.items()
            and self.subpath in (None, other.subpath)
        )


def purl_name(purl: str) -> str | None:
    """The canonical purl without version, qualifiers and subpath; None for what is no purl."""
    canonical = _CANONICAL_NAME.match(purl)
    if canonical is not None:
        return canonical[0]
    plain = _PLAIN.match(purl)
    if plain is None:
        return _encoded_name(purl)
    return plain[0] if _is_canonical(plain[1], plain[2]) else f"pkg:{plain[1]}/{_RULES[plain[1]](plain[2])}"


def package_key(purl: str | None, version: str | None) -> tuple[str | None, str | None]:
    """The index keys of a component's purl up to its version, and of the version; both None for what has no purl.

    `version` is the component's own, which counts where its purl has none.
    """
    if not purl:
        return None, None
    canonical = _CANONICAL_WITH_VERSION.fullmatch(purl)
    if canonical is not None and len(purl) + len(version or "") <= _LONGEST_KEY:
        name, stated = canonical.groups()
        return name, stated or version or None
    name, stated = _name_and_version(purl)
    if name is None:
        return None, None
    shown = stated or version
    return index_key(name), index_key(shown) if shown else None


def _name_and_version(purl: str) -> tuple[str | None, str | None]:
    """What `read_purl` reads of the two, without a look at the rest where there is none."""
    plain = _PLAIN_WITH_VERSION.fullmatch(purl)
    if plain is None or plain[1] in _LOWER_VERSIONS:
        read = read_purl(purl)
        return (None, None) if read is None else (read.name, read.version)
    type_, path, version = plain.groups()
    return f"pkg:{type_}/{path if _is_canonical(type_, path) else _RULES[type_](path)}", version


def _is_canonical(type_: str, path: str) -> bool:
    """Whether namespace and name are surely what the type asks for already."""
    return type_ not in _RULES or (type_ in _LOWERING and path.islower())


def index_key(text: str) -> str:
    """The text as it is indexed: itself, or its SHA-256 when it is longer than 500 characters."""
    if len(text) <= _LONGEST_KEY:
        return text
    return f"sha256:{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()}"


def read_purl(text: str) -> Purl | None:
    """The purl of a text; None for what is none."""
    name = purl_name(text)
    if name is None:
        return None
    type_ = name[4:].partition("/")[0]
    before_subpath, _, subpath = text.partition("#")
    bare, _, qualifiers = before_subpath.partition("?")
    version = unquote(_split_version(bare)[1]).strip() or None
    if version and type_ in _LOWER_VERSIONS:
        version = version.lower()
    return Purl(type_, name, version, _qualifiers(qualifiers), unquote(subpath).strip("/") or None)


def _encoded_name(purl: str) -> str | None:
    scheme, _, rest = purl.partition("#")[0].partition("?")[0].partition(":")
    type_, _, path = rest.strip().lstrip("/").partition("/")
    if scheme.lower() != "pkg" or not _TYPE.fullmatch(type_):
        return None
    segments = [unquote(each).strip() for each in _split_version(path)[0].split("/")]
    if not any(segments):
        return None
    path = _RULES.get(type_.lower(), str)("/".join(filter(None, segments)))
    return f"pkg:{type_.lower()}/{quote(path, safe='/:', errors='replace')}"


def _split_version(bare: str) -> tuple[str, str]:
    head, _, version = bare.rpartition("@")
    # An at sign after a slash is an npm scope that was written without percent-encoding.
    return (bare, "") if not head or head.endswith("/") else (head, version)


def _qualifiers(text: str) -> dict[str, str]:
    pairs = (each.partition("=") for each in text.split("&"))
    return {key.lower(): unquote(value) for key, _, value in pairs if key and value}
