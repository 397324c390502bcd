"""Archives of licence files as attributions: whose each file is, what it is, and what a hostile archive costs."""

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Mapping

import pytest

from obligations.adapters import archives
from obligations.adapters.attribution_bundles import read_bundle
from obligations.domain.attributions import AttributedText, Attribution, with_attributions
from shared.errors import InvalidInput, OverLimit
from tests.support.decided import a_component, a_release

LODASH = "pkg:npm/lodash@4.17.21"
FILES = {
    "pkg%3Anpm%2Flodash%404.17.21/LICENSE": "Permission is hereby granted",
    "pkg%3Anpm%2Flodash%404.17.21/dist/NOTICE.txt": "This product includes lodash.\n",
    "pkg%3Anpm%2Flodash%404.17.21/COPYRIGHT": "Copyright (c) Ann\nall rights\n© 2020 Bob",
    "pkg%3Anpm%2Flodash%404.17.21/README.md": "hello",
    "Maven/org.example/core/1.0/COPYING.LESSER": "GNU LESSER",
    "LICENSE": "of nobody",
}


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return written.getvalue()


def test_a_scan_in_an_archive_is_read_beside_its_files() -> None:
    package = {"purl": "pkg:npm/a@1", "package_uid": "a", "notice_text": "This product includes a"}
    scan = json.dumps({"headers": [], "packages": [package], "files": []})

    found = read_bundle(zipped({"scan.json": scan, "package.json": "{}", **FILES}), None)

    assert Attribution(purl="pkg:npm/a@1", notices=("This product includes a",)) in found.components
    assert len(found.components) == 3
    assert "package.json" in [file for file, _ in found.unused]


def tarred(files: Mapping[str, str | bytes]) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        for name, content in files.items():
            body = content.encode() if isinstance(content, str) else content
            member = tarfile.TarInfo(name)
            member.size = len(body)
            archive.addfile(member, io.BytesIO(body))
        link = tarfile.TarInfo("pkg%3Anpm%2Flodash%404.17.21/LICENSE.link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return written.getvalue()


PACKINGS: dict[str, Callable[[Mapping[str, str | bytes]], bytes]] = {
    "zip": zipped,
    "tar": tarred,
    "tar.gz": lambda files: gzip.compress(tarred(files)),
    "tar.bz2": lambda files: bz2.compress(tarred(files)),
    "tar.xz": lambda files: lzma.compress(tarred(files)),
}


@pytest.mark.parametrize("packing", PACKINGS)
def test_each_file_is_taken_for_what_its_name_says_of_the_package_that_its_folder_names(packing: str) -> None:
    bundle = read_bundle(PACKINGS[packing](FILES), None)

    core, lodash = bundle.components
    assert (core.purl, lodash.purl) == ("pkg:maven/org.example/core@1.0", LODASH)
    assert core.license_texts == (AttributedText(text="GNU LESSER"),)
    assert lodash.license_texts == (AttributedText(text="Permission is hereby granted"),)
    assert (lodash.notices, lodash.notice_status) == (("This product includes lodash.\n",), "present")
    assert lodash.copyright == ("Copyright (c) Ann", "© 2020 Bob")
    assert [file.rpartition("/")[2] for file, _ in bundle.unused] == ["LICENSE", "README.md"]


def test_an_archive_of_ort_is_read_by_itself_and_under_the_folders_of_its_id() -> None:
    archive = zipped({"LICENSE": "Permission is hereby granted", "packages/a/LICENSE-MIT": "MIT text"})

    [alone] = read_bundle(archive, LODASH).components
    [nested] = read_bundle(tarred({"NPM/unknown/lodash/4.17.21/archive.zip": archive}), None).components

    assert alone == nested == Attribution(purl=LODASH, license_texts=alone.license_texts)
    assert {each.text for each in alone.license_texts} == {"Permission is hereby granted", "MIT text"}


def test_texts_of_other_encodings_are_kept_and_what_is_no_text_is_told() -> None:
    bundle = read_bundle(zipped({"LICENSE": "Zoë ©".encode("latin-1"), "NOTICE": b"\x00\x01", "COPYING": b" "}), LODASH)

    assert bundle.components[0].license_texts == (AttributedText(text="Zoë ©"),)
    assert bundle.unused == [("COPYING", "not text"), ("NOTICE", "not text")]


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize(
    "name", ["../LICENSE", "a/../../LICENSE", "/etc/LICENSE", "..\\LICENSE", "C:/LICENSE", "~/LICENSE"]
)
def test_a_name_that_would_lead_out_of_the_archive_is_refused(packing: str, name: str) -> None:
    with pytest.raises(InvalidInput, match="would lead out"):
        read_bundle(PACKINGS[packing]({name: "text"}), LODASH)


@pytest.mark.parametrize("packing", PACKINGS)
def test_a_file_that_unpacks_to_too_much_is_refused_before_it_is_kept(packing: str) -> None:
    with pytest.raises(OverLimit, match="longer than"):
        read_bundle(PACKINGS[packing]({"LICENSE": b"\n" * (archives.LONGEST_FILE + 1)}), LODASH)


@pytest.mark.parametrize("packing", PACKINGS)
def test_many_files_together_are_refused_at_the_limit(packing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_BYTES", 200_000)

    with pytest.raises(OverLimit, match="holds more than"):
        read_bundle(PACKINGS[packing]({f"{number}/LICENSE": b"x" * 50_000 for number in range(5)}), LODASH)


def test_archives_inside_share_the_limit_of_the_one_around_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_BYTES", 300_000)
    bomb = gzip.compress(tarred({"LICENSE": b"x" * 100_000}))

    with pytest.raises(OverLimit, match="holds more than"):
        read_bundle(zipped({f"NPM/unknown/a/{number}/archive.tar.gz": bomb for number in range(4)}), None)


def test_a_zip_of_too_many_entries_is_refused_before_they_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_FILES", 3)
    monkeypatch.setattr(zipfile, "ZipFile", None)  # nobody gets that far

    with pytest.raises(OverLimit, match="holds more than"):
        read_bundle(b"PK\x03\x04" + b"PK\x01\x02" * 4, LODASH)


@pytest.mark.parametrize("packing", PACKINGS)
def test_a_broken_archive_is_refused_whatever_is_cut_off(packing: str) -> None:
    whole = PACKINGS[packing]({f"{number}/LICENSE": f"text {number}" * 50 for number in range(20)})

    for length in range(6 if packing != "tar" else 600, len(whole) - 1024, max(1, len(whole) // 40)):
        try:
            read_bundle(whole[:length], LODASH)
        except (InvalidInput, OverLimit):
            continue
        assert packing == "tar"  # which has no end that could be missed


def test_an_encrypted_zip_is_refused() -> None:
    content = bytearray(zipped({"LICENSE": "text"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1

    with pytest.raises(InvalidInput, match="encrypted"):
        read_bundle(bytes(content), LODASH)


@pytest.mark.parametrize(
    ("purl", "given"),
    [
        ("pkg:npm/%40a/b@1", "pkg:npm/@a/b@1"),
        ("pkg:deb/debian/zlib@1?arch=amd64", "pkg:deb/debian/zlib@1"),
        ("pkg:npm/b@1#dist", "pkg:npm/b@1"),
    ],
)
def test_what_is_said_of_a_package_holds_for_its_files_and_however_its_url_is_written(purl: str, given: str) -> None:
    release = a_release(a_component("MIT", name="b", version="1", purl=purl, copyright=[]))

    [component] = with_attributions(release, [Attribution(purl=given, copyright=("(c) Ann",))]).components

    assert component.copyright == ["(c) Ann"]


def test_what_is_said_of_one_file_of_a_package_holds_for_no_other() -> None:
    release = a_release(a_component("MIT", name="b", version="1", purl="pkg:deb/debian/b@1?arch=arm64", copyright=[]))
    other = Attribution(purl="pkg:deb/debian/b@1?arch=amd64", copyright=("(c) Ann",))

    assert with_attributions(release, [other]).components[0].copyright == []
