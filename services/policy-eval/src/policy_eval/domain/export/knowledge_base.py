"""The packages whose cryptography is known. An entry of kind `none` says that it was looked at; no entry says nothing."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from policy_eval.domain.export.terms import CryptoFunction, CryptoKind
from policy_eval.domain.purls import purl_name, read_purl

_OF_ANY_DISTRIBUTION: Final = frozenset({"deb", "rpm", "apk", "alpm", "conan"})
# Long words count inside others, short ones only as a word of their own, with or without "lib" before it.
_SUSPICIOUS: Final = re.compile(
    r"crypt|cipher|openssl|libressl|gnutls|mbedtls|ipsec|kerberos|sodium|wireguard|ecdsa|ed25519|curve25519|bouncycastle"
    r"|keyring|keystore|fido2|webauthn"
    r"|(?<![a-z0-9])(?:lib)?(aes|rsa|pgp|gpg|tls|ssl|ssh|krb5|pkcs|x509|vpn|jwt|jose|saml)(?![a-z0-9])"
)


@dataclass(frozen=True, slots=True)
class KnownPackage:
    """What is known of a package. `standard` is None where nobody looked; `reviewed` is a day or `unreviewed`.

    `versions` is the range of versions that it is known of, in the VERS syntax; None for all of them.
    """

    kind: CryptoKind
    functions: frozenset[CryptoFunction]
    algorithms: tuple[str, ...]
    standard: bool | None
    source: str
    reviewed: str
    note: str | None = None
    versions: str | None = None


class KnowledgeBase:
    """Packages by canonical purl without version; the entries of operating systems hold in every distribution.

    A name that ends in `*` stands for all names that begin so. `is_in` says whether a version lies in a range.
    """

    def __init__(
        self, packages: Iterable[tuple[str, KnownPackage]], is_in: Callable[[str, str], bool] = lambda _, __: True
    ) -> None:
        self._is_in = is_in
        self._exact: dict[str, list[KnownPackage]] = {}
        begins: dict[str, list[KnownPackage]] = {}
        for purl, known in packages:
            by_key = begins if purl.endswith("*") else self._exact
            by_key.setdefault(_key(purl.removesuffix("*")), []).append(known)
        self._begins = sorted(begins.items(), key=lambda each: (-len(each[0]), each[0]))

    def __len__(self) -> int:
        return len(self._exact) + len(self._begins)

    def find(self, purl: str) -> KnownPackage | None:
        """What is known of the package that the purl names, in its version where entries tell versions apart."""
        name = purl_name(purl)
        found = [] if name is None else self._entries(_key(name))
        if len(found) < 2:
            return found[0] if found else None
        asked = read_purl(purl)
        version = asked.version if asked else None
        fitting = [each for each in found if version and each.versions and self._is_in(each.versions, version)]
        # Of a version that is not told, or in no range, the strictest is assumed.
        return max(fitting or found, key=lambda each: "confidentiality" in each.functions)

    def _entries(self, key: str) -> list[KnownPackage]:
        exact = self._exact.get(key)
        if exact is None and key.startswith("golang/"):
            exact = self._exact.get(_without_major_version(key))
        return exact or next((known for begin, known in self._begins if key.startswith(begin)), [])


def _key(purl: str) -> str:
    """The purl as it is looked up: operating systems' packages without their distribution, all in lower case."""
    type_, slash, path = purl.removeprefix("pkg:").partition("/")
    if type_ in _OF_ANY_DISTRIBUTION:
        path = path.rpartition("/")[2]
    key = f"{type_}{slash}{path}".lower()
    return unquote(key) if "%" in key else key


def _without_major_version(key: str) -> str:
    """A Go module without the `/v2` at its end."""
    head, slash, last = key.rpartition("/")
    return head if slash and last[:1] == "v" and last[1:].isdigit() else key


def suspicious_word(name: str) -> str | None:
    """The word in a name that sounds like cryptography; short ones count only as a word of their own."""
    found = _SUSPICIOUS.search(name.lower())
    return None if found is None else found[1] or found[0]
