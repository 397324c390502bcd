"""What is handed in beside an SBOM: it fills gaps, takes nothing away, and may be a scan."""

import json

import msgspec
import pytest

from obligations.adapters.attribution_bundles import read_bundle
from obligations.adapters.catalogue_files import load_obligation_catalogue
from obligations.domain.attributions import AttributedText, Attribution, with_attributions
from obligations.domain.compile_notice import compile_notice, shipped_groups
from obligations.domain.notice import Organization, SourceOffer
from obligations.domain.source_bundle import sources_to_give
from tests.support.decided import a_component, a_release, own_text

SCAN = {
    "headers": [{"tool_name": "scancode-toolkit"}],
    "packages": [
        {"purl": "pkg:npm/a@1", "package_uid": "pkg:npm/a@1?uuid=7", "notice_text": "This product includes a"},
        {"purl": None, "package_uid": "none"},
    ],
    "files": [
        {
            "path": "a/LICENSE",
            "for_packages": ["pkg:npm/a@1?uuid=7"],
            "percentage_of_license_text": 98.5,
            "copyrights": [{"copyright": "Copyright (c) 2020 Ann"}],
            "license_detections": [
                {"license_expression_spdx": "MIT", "matches": [{"matched_text": "Permission is hereby granted"}]}
            ],
        },
        {
            "path": "a/b.js",
            "for_packages": ["pkg:npm/a@1?uuid=7"],
            "percentage_of_license_text": 2,
            "copyrights": [{"copyright": "Copyright (c) 2020 Ann"}, {"copyright": "(c) Bob"}],
            "license_detections": [{"license_expression_spdx": "MIT", "matches": [{"matched_text": "// MIT"}]}],
        },
    ],
}


def test_a_scan_gives_the_texts_notices_and_copyright_of_its_packages() -> None:
    [found] = read_bundle(json.dumps(SCAN).encode(), None).components

    assert found == Attribution(
        purl="pkg:npm/a@1",
        license_texts=(AttributedText(text="Permission is hereby granted", license="MIT"),),
        notices=("This product includes a",),
        copyright=("Copyright (c) 2020 Ann", "(c) Bob"),
    )


@pytest.mark.parametrize("body", [b"[]", b"{", b'{"components": []}', b'{"components": [{"purl": 7}]}'])
def test_what_is_neither_a_bundle_nor_a_scan_is_refused(body: bytes) -> None:
    with pytest.raises(msgspec.MsgspecError):
        read_bundle(body, None)


def test_what_the_sbom_says_comes_first_and_gaps_are_filled() -> None:
    release = a_release(
        a_component(name="a", copyright=["(c) SBOM"], texts=[own_text("t", "MIT")], source_url=None),
        a_component(name="b"),
        texts={"t": "own"},
    )
    given = Attribution(
        name="a",
        version="4.17.21",
        license_texts=(AttributedText(text="own"), AttributedText(text="handed in", license="MIT")),
        copyright=("(c) SBOM", "(c) found"),
        source_url="https://example.org/a",
        notice_status="present",
    )

    filled, untouched = with_attributions(release, [given]).components

    assert filled.copyright == ["(c) SBOM", "(c) found"]
    assert [each.license for each in filled.texts] == ["MIT", "MIT"]
    assert (filled.source_url, filled.notice_status) == ("https://example.org/a", "absent")
    assert untouched == release.components[1]


def test_that_no_copyright_notice_is_to_be_found_settles_the_point_of_its_component_alone() -> None:
    release = a_release(a_component(name="searched", copyright=[]), a_component(name="other", copyright=[]))
    given = Attribution(purl="pkg:npm/searched@4.17.21", copyright_status="absent")

    notice = compile_notice(with_attributions(release, [given]), load_obligation_catalogue(), Organization(), "Licet 0")

    [point] = notice.open_points
    assert (point.kind, [each.name for each in point.components]) == ("copyright-notice-unknown", ["other"])
    assert b"copyright_status" not in msgspec.json.encode(Attribution(name="a"))  # which older versions would refuse


def test_of_several_for_one_component_each_adds_what_the_others_leave_out() -> None:
    by_purl = Attribution(purl="pkg:npm/a@4.17.21", copyright=("(c) one",))
    by_name = Attribution(name="a", version="4.17.21", copyright=("(c) two", "(c) one"), notices=("n",))

    [filled] = with_attributions(a_release(a_component(name="a", copyright=[])), [by_name, by_purl]).components

    assert filled.copyright == ["(c) one", "(c) two"]
    assert len(filled.notices) == 1


def test_the_digest_of_the_source_is_taken_only_for_the_place_that_the_sbom_names() -> None:
    here, elsewhere = (a_component(name=name, purl=None, source_url="https://a.example/s.tgz") for name in ("a", "b"))
    given = [
        Attribution(name="a", version="4.17.21", source_url="https://a.example/s.tgz", source_sha256="ab" * 32),
        Attribution(name="b", version="4.17.21", source_url="https://b.example/s.tgz", source_sha256="cd" * 32),
    ]

    found = with_attributions(a_release(here, elsewhere), given).components

    assert [each.source_sha256 for each in found] == ["ab" * 32, None]


def test_the_list_of_sources_tells_both_digests() -> None:
    component = a_component(
        "MPL-2.0", source_sha256="ab" * 32, hashes={"SHA-1": "1" * 40, "SHA-256": "2" * 64}, linkage="static"
    )

    [source] = sources_to_give(shipped_groups(a_release(component), load_obligation_catalogue()))

    assert (source.digest, source.component_digest) == ("ab" * 32, "SHA-256:" + "2" * 64)


@pytest.mark.parametrize(("offer", "years"), [(None, 3), (SourceOffer("Example GmbH", years=5), 5)])
def test_source_is_kept_as_long_as_it_is_offered(offer: SourceOffer | None, years: int) -> None:
    shipped = shipped_groups(a_release(a_component("GPL-2.0-only")), load_obligation_catalogue())

    assert [each.keep_years for each in sources_to_give(shipped, offer)] == [years]
