"""The knowledge base is large, unique, valid and says where each entry is from."""

import re
from collections import Counter
from datetime import date
from typing import get_args

import pytest
from packageurl import PackageURL

from policy_eval.adapters.export_files import known_packages, shipped_algorithms, shipped_knowledge_base
from policy_eval.domain.export.knowledge_base import suspicious_word
from policy_eval.domain.export.terms import CryptoFunction, CryptoKind

_ENTRIES = list(known_packages())
_ECOSYSTEMS = {
    "deb", "rpm", "apk", "npm", "pypi", "maven", "golang", "cargo", "nuget", "gem", "composer", "conan", "generic",
}  # fmt: skip


def test_it_knows_hundreds_of_packages_in_every_ecosystem() -> None:
    counted = Counter(purl[4:].partition("/")[0] for purl, _ in _ENTRIES)

    assert counted.keys() >= _ECOSYSTEMS
    assert min(counted[each] for each in _ECOSYSTEMS) >= 50
    assert len(_ENTRIES) >= 600


def test_every_entry_is_unique_and_a_valid_purl() -> None:
    keys = Counter((purl.lower(), known.versions) for purl, known in _ENTRIES)

    assert [each for each, times in keys.items() if times > 1] == []
    for purl, _ in _ENTRIES:
        assert PackageURL.from_string(purl.rstrip("*") + ("x" if purl.endswith("*") else "")).version is None


def test_every_entry_has_a_kind_functions_a_source_and_a_review() -> None:
    for purl, known in _ENTRIES:
        assert known.kind in get_args(CryptoKind), purl
        assert known.functions <= set(get_args(CryptoFunction)), purl
        assert bool(known.functions) == (known.kind != "none"), purl
        assert known.source, purl
        assert known.reviewed == "unreviewed" or date.fromisoformat(known.reviewed), purl
        assert re.fullmatch(r"[^\x00-\x1f]+", purl)


@pytest.mark.parametrize(
    ("purl", "kind", "encrypts"),
    [
        ("pkg:deb/debian/libssl3@3.0.15-1~deb12u1?arch=amd64&distro=debian-12", "implements", True),
        ("pkg:deb/ubuntu/libgcrypt20@1.9.4", "implements", True),
        ("pkg:deb/debian/linux-image-6.1.0-18-amd64@6.1.76", "implements", True),
        ("pkg:apk/alpine/libcrypto3@3.1.4-r5", "implements", True),
        ("pkg:apk/wolfi/openssl@3.1.4-r5", "implements", True),
        ("pkg:rpm/redhat/openssl-libs@3.0.7", "implements", True),
        ("pkg:rpm/fedora/nss-softokn-freebl@3.9", "implements", True),
        ("pkg:maven/org.bouncycastle/bcprov-jdk18on@1.78", "implements", True),
        ("pkg:golang/golang.org/x/crypto@v0.21.0#ssh", "implements", True),
        ("pkg:golang/github.com/golang-jwt/jwt/v5@v5.2.1", "uses", False),
        ("pkg:golang/github.com/jackc/pgx/v5@v5.5.0", "uses", True),
        ("pkg:cargo/ring@0.17.8", "implements", True),
        ("pkg:cargo/rustls@0.22", "uses", True),
        ("pkg:npm/%40noble/ciphers@1.0.0", "implements", True),
        ("pkg:npm/crypto-js@4.2.0", "implements", True),
        ("pkg:npm/jsonwebtoken@9.0.2", "uses", False),
        ("pkg:pypi/PyNaCl@1.5", "implements", True),
        ("pkg:pypi/PyJWT@2.8", "uses", False),
        ("pkg:pypi/requests@2.31.0", "uses", True),
        ("pkg:nuget/BouncyCastle.Cryptography@2.3", "implements", True),
        ("pkg:gem/bcrypt@3.1", "uses", False),
        ("pkg:composer/phpseclib/phpseclib@3.0", "implements", True),
        ("pkg:conan/openssl@3.2.1", "implements", True),
        ("pkg:npm/lodash@4.17.21", "none", False),
        ("pkg:maven/com.fasterxml.jackson.core/jackson-databind@2.17", "none", False),
    ],
)
def test_packages_are_found_whatever_their_version_and_distribution(purl: str, kind: str, encrypts: bool) -> None:
    known = shipped_knowledge_base().find(purl)

    assert known is not None
    assert (known.kind, "confidentiality" in known.functions) == (kind, encrypts)


@pytest.mark.parametrize(
    ("purl", "encrypts"),
    [
        ("pkg:npm/dotenv@16.0.3", False),
        ("pkg:npm/dotenv@16.4.5", True),
        ("pkg:npm/dotenv", True),
        ("pkg:npm/dotenv@no-version", True),
        ("pkg:maven/io.jsonwebtoken/jjwt-impl@0.11.5", False),
        ("pkg:maven/io.jsonwebtoken/jjwt-impl@0.12.6", True),
        ("pkg:gem/rack-session@1.0.2", False),
        ("pkg:gem/rack-session@2.1.0", True),
    ],
)
def test_an_entry_holds_in_its_versions_and_the_strictest_where_they_do_not_tell(purl: str, encrypts: bool) -> None:
    known = shipped_knowledge_base().find(purl)

    assert known is not None
    assert ("confidentiality" in known.functions) is encrypts


@pytest.mark.parametrize("purl", ["pkg:npm/nobody-knows-it@1", "pkg:pypi/libssl3", "openssl", "pkg:deb/debian/linux"])
def test_what_has_no_entry_is_unknown(purl: str) -> None:
    assert shipped_knowledge_base().find(purl) is None


@pytest.mark.parametrize(
    ("name", "word"),
    [("my-aes-tool", "aes"), ("libtls", "tls"), ("acme-cryptolib", "crypt"), ("caesar", None), ("mythological", None),
     ("crossland", None), ("json-jwt", "jwt")],
)  # fmt: skip
def test_a_name_sounds_like_cryptography_only_by_whole_words_or_long_ones(name: str, word: str | None) -> None:
    assert suspicious_word(name) == word


@pytest.mark.parametrize(
    ("written", "id_", "bits", "above"),
    [
        ("AES-256-GCM", "AES", 256, True),
        ("aes128", "AES", 128, True),
        ("DES", "DES", 56, False),
        ("RC4-40", "RC4", 40, False),
        ("RC4", "RC4", 128, True),
        ("RSA-512", "RSA", 512, False),
        ("rsa 1024", "RSA", 1024, True),
        ("DH-512", "DH", 512, False),
        ("secp112r1", "secp112r1", 112, False),
        ("ECDH-P256", "ECDH", 256, True),
        ("X25519", "X25519", 255, True),
        ("TLSv1.3", "TLS", 256, True),
        ("PKCS#12", "PKCS-12", 256, True),
    ],
)
def test_algorithms_are_read_with_their_key_lengths(written: str, id_: str, bits: int, above: bool) -> None:
    read = shipped_algorithms().read(written)

    assert read.algorithm is not None
    assert (read.algorithm.id, read.bits, read.is_above_threshold) == (id_, bits, above)


@pytest.mark.parametrize("written", ["our cipher", "aesop", "", "A" * 100_000])
def test_an_algorithm_that_is_not_known_is_strong_until_told(written: str) -> None:
    read = shipped_algorithms().read(written)

    assert read.algorithm is None
    assert read.is_above_threshold
