"""The catalogue states facts of the SPDX list and of our own review, each with its source (domain model §3.1)."""

import hashlib
import re

import pytest

from shared.licensing import Catalogue, License, leaves, load_catalogue, parse
from shared.licensing.license_text import fingerprint

# Licet's own categories of the analysed licences; SPDX ids.
ANALYSED = {
    "permissive": """MIT ISC X11 curl HPND MIT-CMU NTP libtiff ICU Unicode-DFS-2016 Unicode-3.0 BSD-2-Clause BSD-3-Clause
        BSD-3-Clause-Clear BSD-2-Clause-Patent NCSA PostgreSQL Zlib Libpng libpng-2.0 BSL-1.0 bzip2-1.0.6 Apache-2.0
        ECL-2.0 AFL-3.0 UPL-1.0 BlueOak-1.0.0 MulanPSL-2.0 Python-2.0 PSF-2.0 W3C ZPL-2.1 OLDAP-2.8 TCL""",
    "permissive-no-attribution": "MIT-0 0BSD WTFPL",
    "permissive-acknowledgement": "Apache-1.1 PHP-3.01 FTL IJG",
    "permissive-advertising": "BSD-4-Clause BSD-4-Clause-UC OpenSSL",
    "permissive-conditional": "Artistic-2.0 Ruby",
    "permissive-reciprocal-source": "MS-PL",
    "public-domain": "CC0-1.0 Unlicense blessing",
    "content-attribution": "CC-BY-3.0 CC-BY-4.0",
    "content-share-alike": "CC-BY-SA-4.0",
    "data-share-alike": "ODbL-1.0",
    "non-commercial": "CC-BY-NC-4.0",
    "no-derivatives": "CC-BY-ND-4.0",
    "font": "OFL-1.1 Bitstream-Vera",
    "weak-copyleft": "Artistic-1.0-Perl Vim EPL-1.0 EPL-2.0 CPL-1.0",
    "weak-copyleft-file": "MPL-1.1 MPL-2.0 CDDL-1.0 CDDL-1.1 MS-RL",
    "weak-copyleft-library": "LGPL-2.0-or-later LGPL-2.1-only LGPL-2.1-or-later LGPL-3.0-only LGPL-3.0-or-later",
    "strong-copyleft": "GPL-2.0-only GPL-2.0-or-later GPL-3.0-only GPL-3.0-or-later Sleepycat",
    "strong-copyleft-compat-clause": "EUPL-1.1 EUPL-1.2 CECILL-2.1",
    "network-copyleft": "AGPL-3.0-only AGPL-3.0-or-later OSL-3.0",
    "source-available": "SSPL-1.0 BUSL-1.1 Elastic-2.0",
    "use-restricted": "JSON",
}

ANALYSED_EXCEPTIONS = """Classpath-exception-2.0 GCC-exception-3.1 GCC-exception-2.0 LLVM-exception Autoconf-exception-3.0
    Autoconf-exception-2.0 Bison-exception-2.2 Libtool-exception Linux-syscall-note Font-exception-2.0
    u-boot-exception-2.0 WxWindows-exception-3.1 openvpn-openssl-exception Qt-GPL-exception-1.0
    LGPL-3.0-linking-exception OCaml-LGPL-linking-exception Universal-FOSS-exception-1.0"""


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def test_the_version_names_the_spdx_list_and_digests_of_facts_and_strings(catalogue: Catalogue) -> None:
    index = {
        "version": "SPDX 1",
        **dict.fromkeys(("licenses", "exceptions", "pairs"), ()),
        "fingerprints": {},
        "addresses": {},
    }

    assert re.fullmatch(r"SPDX 3\.29\.0 sha256:[0-9a-f]{16} strings:[0-9a-f]{8}", catalogue.version)
    assert Catalogue(index, b"a").version != Catalogue(index, b"b").version


def test_the_analysed_licences_have_our_own_category(catalogue: Catalogue) -> None:
    expected = {license_id: category for category, ids in ANALYSED.items() for license_id in ids.split()}

    found = {known.id: known.category for known in catalogue.licenses if known.category_source == "licet"}

    assert len(expected) == 88
    assert {license_id: found.get(license_id) for license_id in expected} == expected
    beyond = [known for known in catalogue.licenses if known.id in found and known.id not in expected]
    assert all(known.category_clause for known in beyond if not known.deprecated)


def test_every_licence_that_the_osi_approved_has_our_own_category(catalogue: Catalogue) -> None:
    approved = [known for known in catalogue.licenses if known.osi_approved and not known.deprecated]

    assert len(approved) > 140
    assert [known.id for known in approved if known.category_source != "licet"] == []
    assert len([known for known in catalogue.licenses if known.category_source == "licet"]) >= 250


@pytest.mark.parametrize(
    ("license_id", "category"),
    [
        ("AGPL-1.0-or-later", "network-copyleft"),  # 2(d)
        ("CPAL-1.0", "network-copyleft"),  # 15 External Deployment
        ("RPL-1.5", "network-copyleft"),  # 1.4 Deploy, 6.1
        ("OSL-2.1", "network-copyleft"),  # 5 External Deployment
        ("APSL-2.0", "network-copyleft"),  # 1.4 Externally Deploy, 2.2
        ("CECILL-B", "permissive-acknowledgement"),  # 5.3.4
        ("CC-BY-NC-ND-4.0", "non-commercial"),  # 1 and 2(a)(1)
        ("CC-BY-ND-3.0", "no-derivatives"),  # 3
        ("GFDL-1.3-or-later", "content-share-alike"),  # 4
        ("BSD-3-Clause-No-Nuclear-License", "use-restricted"),
        ("LGPL-2.0-only", "weak-copyleft-library"),
    ],
)
def test_our_review_corrects_what_scancode_has_no_category_for(
    catalogue: Catalogue, license_id: str, category: str
) -> None:
    known = catalogue.license(license_id)

    assert known is not None
    assert (known.category, known.category_source) == (category, "licet")


def test_scancode_s_own_licences_are_known_by_its_ids(catalogue: Catalogue) -> None:
    known = catalogue.license("licenseref-ScanCode-asmus")

    assert known is not None
    assert (known.category, known.category_source) == ("permissive", "scancode-licensedb")
    assert (known.osi_approved, known.fsf_libre) == (None, None)
    text = catalogue.text("LicenseRef-scancode-asmus")
    assert text is not None
    assert hashlib.sha256(text.encode()).hexdigest() == known.text_sha256
    assert len(catalogue.scancode_licenses) > 1_500
    assert catalogue.license("LicenseRef-scancode-no-such-thing") is None


def test_an_older_id_of_scancode_gives_what_the_licence_is_called_now(catalogue: Catalogue) -> None:
    assert str(parse("LicenseRef-scancode-bsl-1.1")) == "BUSL-1.1"
    assert catalogue.license("LicenseRef-scancode-bsl-1.0") != catalogue.license("BSL-1.0")


def test_agreements_with_one_vendor_have_a_category_and_no_text(catalogue: Catalogue) -> None:
    known = catalogue.license("LicenseRef-scancode-jboss-eula")

    assert known is not None
    assert (known.category, known.text_sha256) == ("proprietary", None)


@pytest.mark.parametrize(
    ("license_id", "category"),
    [
        ("BitTorrent-1.1", "weak-copyleft"),
        ("ANTLR-PD-fallback", "public-domain"),
        ("BSD-Protection", "strong-copyleft"),
        ("Caldera", "use-restricted"),
        ("Abstyles", "permissive"),
    ],
)
def test_other_licences_have_the_mapped_category_of_scancode(
    catalogue: Catalogue, license_id: str, category: str
) -> None:
    known = catalogue.license(license_id)

    assert known is not None
    assert (known.category, known.category_source) == (category, "scancode-licensedb")


def test_a_licence_that_nobody_classified_is_of_unknown_category(catalogue: Catalogue) -> None:
    unclassified = [known for known in catalogue.licenses if known.category_source == "none"]

    assert {known.category for known in unclassified} == {"unknown"}
    assert "UnRAR" in {known.id for known in unclassified}


def test_ids_are_found_in_any_letter_case_and_unknown_ones_are_not(catalogue: Catalogue) -> None:
    assert catalogue.license("apache-2.0") == catalogue.license("Apache-2.0")
    assert catalogue.exception("LLVM-EXCEPTION") == catalogue.exception("LLVM-exception")
    assert catalogue.license("Apache-9.0") is None
    assert catalogue.exception("Apache-2.0") is None
    assert catalogue.text("Apache-9.0") is None


def test_facts_of_a_licence_or_later_are_those_of_the_listed_id(catalogue: Catalogue) -> None:
    (leaf,) = leaves(parse("apache-2.0+"))

    assert isinstance(leaf, License)
    assert catalogue.license(leaf.id) is None
    assert catalogue.license(leaf.listed_id) == catalogue.license("Apache-2.0")


def test_flags_that_the_list_does_not_state_are_not_assessed(catalogue: Catalogue) -> None:
    by_id = {known.id: known for known in catalogue.licenses}
    no_attribution, json_license, mit = by_id["MIT-0"], by_id["JSON"], by_id["MIT"]

    assert (no_attribution.osi_approved, no_attribution.fsf_libre) == (True, None)
    assert (json_license.osi_approved, json_license.fsf_libre) == (False, False)
    assert (mit.osi_approved, mit.fsf_libre) == (True, True)


def test_deprecated_ids_name_what_replaces_them(catalogue: Catalogue) -> None:
    gpl = catalogue.license("GPL-2.0")

    assert gpl is not None
    assert gpl.deprecated
    assert gpl.replaced_by == "GPL-2.0-only"
    assert catalogue.text("GPL-2.0") == catalogue.text("GPL-2.0-only")
    for known in catalogue.licenses:
        if known.replaced_by:
            assert str(parse(known.replaced_by)) == known.replaced_by == str(parse(known.id))


def test_every_text_has_its_digest(catalogue: Catalogue) -> None:
    license_texts = [(known.text_sha256, catalogue.text(known.id)) for known in catalogue.licenses]
    exception_texts = [(known.text_sha256, catalogue.exception_text(known.id)) for known in catalogue.exceptions]

    for digest, text in license_texts + exception_texts:
        assert (digest is None) == (text is None)
        assert text is None or hashlib.sha256(text.encode()).hexdigest() == digest


def test_every_current_licence_has_a_text(catalogue: Catalogue) -> None:
    assert [known.id for known in catalogue.licenses if not known.deprecated and not known.text_sha256] == []


@pytest.mark.parametrize("exception_id", ANALYSED_EXCEPTIONS.split())
def test_every_analysed_exception_has_a_text(catalogue: Catalogue, exception_id: str) -> None:
    text = catalogue.exception_text(exception_id)

    assert text is not None
    assert len(text) > 200
    assert "\n---\n" not in text
    assert "spdx_license_key" not in text


def test_the_fingerprints_are_those_of_the_texts(catalogue: Catalogue) -> None:
    for license_id in ("MIT", "BSD-3-Clause", "Apache-2.0", "GPL-2.0-only", "EUPL-1.2"):
        text = catalogue.text(license_id)
        assert text is not None
        assert license_id in catalogue.licenses_with_text(fingerprint(text))


@pytest.mark.parametrize(
    ("license_id", "holder_specific"),
    [
        ("MIT", True),
        ("BSD-3-Clause", True),
        ("ISC", True),
        ("X11", True),
        ("HPND", True),
        ("BSD-3-Clause-LBNL", True),
        ("Apache-2.0", False),
        ("GPL-3.0-or-later", False),
        ("MPL-2.0", False),
        ("EPL-2.0", False),
        ("CC0-1.0", False),
    ],
)
def test_texts_that_name_a_holder_are_marked(catalogue: Catalogue, license_id: str, holder_specific: bool) -> None:
    known = catalogue.license(license_id)

    assert known is not None
    assert known.holder_specific is holder_specific


@pytest.mark.parametrize(
    ("license_id", "exception_id", "category"),
    [
        ("GPL-2.0-only", "Classpath-exception-2.0", "weak-copyleft-library"),
        ("gpl-3.0-or-later", "gcc-exception-3.1", "weak-copyleft-library"),
        ("Apache-2.0", "LLVM-exception", "permissive"),
        ("LGPL-2.0-or-later", "WxWindows-exception-3.1", "permissive-conditional"),
        ("GPL-3.0-or-later", "Font-exception-2.0", "font"),
        ("GPL-2.0-only", "openvpn-openssl-exception", "strong-copyleft"),
        ("GPL-3.0-or-later", "Autoconf-exception-3.0", "permissive for output"),
        ("MIT", "Classpath-exception-2.0", None),
        ("LGPL-3.0-or-later", "openvpn-openssl-exception", None),
        ("GPL-2.0-only", "389-exception", None),
    ],
)
def test_a_pair_has_its_own_category_or_none(
    catalogue: Catalogue, license_id: str, exception_id: str, category: str | None
) -> None:
    assert catalogue.pair_category(license_id, exception_id) == category


def test_every_pair_is_made_of_listed_ids(catalogue: Catalogue) -> None:
    for license_id, exception_id in catalogue.pairs:
        assert len(leaves(parse(f"{license_id} WITH {exception_id}"))) == 1
