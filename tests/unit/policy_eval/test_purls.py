"""Purls are compared in their canonical form."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packageurl import PackageURL

from policy_eval.domain.purls import Purl, index_key, package_key, purl_name, read_purl

_TYPES = [
    *("alpm", "apk", "bitbucket", "bitnami", "cargo", "composer", "conan", "cpan", "deb", "docker", "gem", "generic"),
    *("github", "gitlab", "golang", "hackage", "hex", "luarocks", "maven", "npm", "nuget", "oci", "pypi"),
    *("qpkg", "rpm", "swift"),
]
_WORDS = st.text("abcXYZ019._-+~ é:", min_size=1, max_size=8).filter(lambda word: word.strip(" :.") == word)
_PURL = re.compile(r'"(pkg:[^"\\\s]+)"')


def _by_witness(purl: str) -> str:
    """What packageurl-python makes of it; it lower-cases the digits of an encoding, which the specification writes in
    upper case."""
    read = PackageURL.from_string(purl)
    name = PackageURL(read.type, read.namespace, read.name).to_string()
    return re.sub("%[0-9a-f]{2}", lambda each: each[0].upper(), name)


def _read(text: str) -> Purl:
    purl = read_purl(text)
    assert purl is not None
    return purl


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("pkg:npm/left-pad@1.3.0", "pkg:npm/left-pad"),
        ("pkg:npm/%40angular/core@12.0.0", "pkg:npm/%40angular/core"),
        ("pkg:npm/@angular/core@12.0.0", "pkg:npm/%40angular/core"),
        ("pkg:npm/@angular/core", "pkg:npm/%40angular/core"),
        ("PKG:NPM/Left-Pad@1", "pkg:npm/left-pad"),
        ("pkg:pypi/Ruamel_yaml@1", "pkg:pypi/ruamel-yaml"),
        ("pkg:maven/org.Apache/Commons_IO@1?type=jar", "pkg:maven/org.Apache/Commons_IO"),
        ("pkg:golang/github.com/A/b@v1.0.0#sub/path", "pkg:golang/github.com/A/b"),
        ("pkg:github/Package-URL/Purl-Spec", "pkg:github/package-url/purl-spec"),
        ("pkg://npm//left-pad@1", "pkg:npm/left-pad"),
        ("pkg:conan/c++%2Blib@1", "pkg:conan/c%2B%2B%2Blib"),
        ("pkg:hackage/a_b@1", "pkg:hackage/a-b"),
        ("pkg:pub/Flutter-Test@1", "pkg:pub/flutter_test"),
        ("pkg:cpan/drolsky/DateTime@1", "pkg:cpan/DROLSKY/DateTime"),
        ("pkg:apk/alpine/libstdc%2b%2b@1", "pkg:apk/alpine/libstdc%2B%2B"),
    ],
)
def test_a_purl_is_known_by_its_canonical_name(written: str, canonical: str) -> None:
    assert purl_name(written) == canonical


@pytest.mark.parametrize("text", ["", "left-pad", "pkg:", "pkg:npm", "pkg:npm/", "cpe:/a:b", "pkg:1 2/x"])
def test_what_is_no_purl_has_no_name(text: str) -> None:
    assert purl_name(text) is None
    assert read_purl(text) is None


@given(st.sampled_from(_TYPES), st.lists(_WORDS, max_size=2), _WORDS, st.none() | _WORDS)
def test_names_are_those_of_the_reference_library(
    type_: str, namespace: list[str], name: str, version: str | None
) -> None:
    written = PackageURL(type="generic", namespace="/".join(namespace), name=name, version=version).to_string()
    purl = f"pkg:{type_}/{written.removeprefix('pkg:generic/')}"

    assert purl_name(purl) == _by_witness(purl)


def test_names_of_real_purls_are_those_of_the_reference_library(corpus: Path) -> None:
    purls = {
        json.loads(f'"{each}"')
        for path in sorted((corpus / "valid").glob("*.json"))
        if path.stat().st_size < 2_000_000
        for each in _PURL.findall(path.read_text(encoding="utf-8", errors="replace"))
    }

    assert len(purls) > 1000
    assert {each: purl_name(each) for each in purls} == {each: _by_witness(each) for each in purls}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("pkg:npm/left-pad", "pkg:npm/left-pad@1.3.0"),
        ("pkg:npm/left-pad@1.3.0", "pkg:npm/Left-pad@1.3.0?arch=any"),
        ("pkg:deb/debian/curl@7.5?arch=i386", "pkg:deb/debian/curl@7.5?distro=stretch&arch=i386"),
        ("pkg:golang/a/b@1%2Bincompatible", "pkg:golang/a/b@1+incompatible"),
        ("pkg:golang/a/b#x", "pkg:golang/a/b@1#x"),
    ],
)
def test_a_purl_covers_what_agrees_in_all_that_it_says(asked: str, found: str) -> None:
    assert _read(asked).covers(_read(found))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("pkg:npm/left-pad@1.3.0", "pkg:npm/left-pad@1.3.0-beta"),
        ("pkg:npm/left-pad@1.3.0", "pkg:npm/left-pad"),
        ("pkg:npm/left-pad", "pkg:npm/left-pad-2@1"),
        ("pkg:npm/left-pad", "pkg:pypi/left-pad"),
        ("pkg:deb/debian/curl?arch=i386", "pkg:deb/debian/curl@7.5?arch=amd64"),
        ("pkg:golang/a/b#x", "pkg:golang/a/b@1"),
    ],
)
def test_a_purl_covers_nothing_that_disagrees(asked: str, found: str) -> None:
    assert not _read(asked).covers(_read(found))


def test_a_name_that_no_index_takes_is_indexed_by_its_digest() -> None:
    long = [f"pkg:npm/{letter * 600}" for letter in "ab"]

    assert index_key("pkg:npm/left-pad") == "pkg:npm/left-pad"
    assert len({index_key(each) for each in long}) == 2
    assert all(len(index_key(each)) < 100 for each in long)


@given(
    st.sampled_from(["npm", "pypi", "oci", "golang", "huggingface", "NPM", "deb", "cpan"]),
    st.from_regex(r"(%40|@)?[A-Za-z_.-]{1,6}(/[A-Za-z_%.-]{1,6}){0,2}", fullmatch=True),
    st.from_regex(r"(@[A-Za-z0-9.+~:%@ -]{0,8})?(\?a=b)?(#c)?", fullmatch=True),
    st.none() | st.just("1.0"),
)
def test_the_keys_of_a_package_are_those_of_its_purl_as_it_is_read(type_, path, rest, version):
    purl = f"pkg:{type_}/{path}{rest}"
    read = read_purl(purl)

    expected = (None, None) if read is None else (read.name, read.version or version)

    assert package_key(purl, version) == expected
