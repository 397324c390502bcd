"""The table of domain model §1, row by row: which facts change the duties of a licence group, and which do not."""

from itertools import product
from typing import Any

import pytest

from obligations.adapters.catalogue_files import load_obligation_catalogue
from obligations.domain.duties import duties_of
from obligations.domain.triggers import Usage
from shared.licensing import parse
from tests.support.catalogues import over

CATALOGUE = load_obligation_catalogue()
TEXTS_AND_NOTICES = {"license-text", "copyright-notices", "disclaimer", "license-reference"}
LINKED = ("copied", "static", "dynamic", "package")
PERMISSIVE = (
    *("MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "X11", "curl", "HPND", "NCSA", "PostgreSQL", "ICU"),
    *("Unicode-3.0", "Unicode-DFS-2016"),
)
SOURCE_ONLY = ("Zlib", "Libpng", "BSL-1.0", "bzip2-1.0.6")
CHANGES_MATTER = ("Apache-2.0", "ECL-2.0", "W3C", "ZPL-2.1", "PSF-2.0", "AFL-3.0")
NOTHING = ("MIT-0", "0BSD", "CC0-1.0", "Unlicense", "WTFPL", "blessing")
GNU_3 = ("GPL-3.0-only", "GPL-3.0-or-later", "AGPL-3.0-only", "LGPL-3.0-only", "LGPL-3.0-or-later")
LGPL = ("LGPL-2.1-only", "LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later")


def due(license_id: str, *delivery: Any, **facts: Any) -> set[str]:
    usage = Usage(delivery=frozenset(delivery), **facts)
    return {duty.obligation for duty in duties_of(parse(license_id), usage, CATALOGUE)}


def active(license_id: str, *delivery: Any, **facts: Any) -> set[str]:
    return {each for each in due(license_id, *delivery, **facts) if CATALOGUE.generic[each].kind == "active"}


@pytest.mark.parametrize("license_id", PERMISSIVE)
def test_permissive_licences_ask_for_text_and_notice_with_every_copy_whatever_else(license_id: str) -> None:
    usages = product((True, False, None), (*LINKED, "separate", None), (True, False))

    for delivery in ("source", "binary"):
        for modified, linkage, user_product in usages:
            facts = {"modified": modified, "linkage": linkage, "user_product": user_product}
            assert active(license_id, delivery, **facts) == active(license_id, "source")
    assert active(license_id, "source") <= TEXTS_AND_NOTICES
    assert {"license-text", "copyright-notices"} <= active(license_id, "binary")
    assert active(license_id, "network") == active(license_id) == set()


@pytest.mark.parametrize("license_id", SOURCE_ONLY)
def test_the_zlib_kind_asks_nothing_for_an_unmodified_binary(license_id: str) -> None:
    assert active(license_id, "binary") == set()
    assert {"license-text", "copyright-notices"} <= active(license_id, "source")


@pytest.mark.parametrize("license_id", ["Zlib", "Libpng", "bzip2-1.0.6"])
def test_altered_source_of_the_zlib_kind_is_marked(license_id: str) -> None:
    assert "modification-notices" in due(license_id, "source", modified=True)
    assert "modification-notices" not in due(license_id, "source")


@pytest.mark.parametrize("license_id", NOTHING)
def test_the_freest_licences_ask_nothing_at_all(license_id: str) -> None:
    assert due(license_id, "source", "binary", "network", modified=True, linkage="copied") == set()


@pytest.mark.parametrize("license_id", CHANGES_MATTER)
def test_changes_are_told_where_the_licence_asks_for_it(license_id: str) -> None:
    told = {"modification-notices", "change-summary"}

    assert told & due(license_id, "source", "binary", modified=True)
    assert not told & due(license_id, "source", "binary", modified=False)
    assert told & due(license_id, "source", "binary", modified=None)


@pytest.mark.parametrize("license_id", ["BSD-4-Clause", "OpenSSL"])
def test_advertising_is_a_duty_of_its_own(license_id: str) -> None:
    assert "advertising-acknowledgement" in due(license_id, "binary")


@pytest.mark.parametrize("license_id", ["Apache-1.1", "PHP-3.01", "OpenSSL", "FTL", "IJG"])
def test_acknowledgement_goes_with_the_copies(license_id: str) -> None:
    assert "doc-acknowledgement" in due(license_id, "binary")
    assert "doc-acknowledgement" not in due(license_id, "network")


@pytest.mark.parametrize("license_id", ["MPL-2.0", "MPL-1.1", "CDDL-1.0", "MS-RL"])
def test_file_copyleft_does_not_look_at_linkage(license_id: str) -> None:
    usages = [due(license_id, "binary", linkage=linkage) for linkage in ("static", "dynamic", "package", "separate")]

    assert all(each == usages[0] for each in usages)
    assert "copyleft-file" in usages[0]
    assert {"source-location", "source-with-binary"} & usages[0]


@pytest.mark.parametrize("license_id", ["EPL-1.0", "EPL-2.0", "CPL-1.0"])
def test_the_eclipse_kind_disclaims_for_contributors_and_indemnifies_in_commerce(license_id: str) -> None:
    assert {"disclaim-for-contributors", "indemnify-contributors"} <= due(license_id, "binary", commercial=True)
    assert "indemnify-contributors" not in due(license_id, "binary", commercial=False)


@pytest.mark.parametrize("license_id", LGPL)
def test_for_the_lgpl_linkage_is_decisive(license_id: str) -> None:
    of_linked = {"library-use-notice", "reverse-engineering", "ui-legal-notices"}

    for linkage in LINKED:
        assert of_linked <= due(license_id, "binary", linkage=linkage)
    assert not of_linked & due(license_id, "binary", linkage="separate")
    for linkage, is_due in {"copied": True, "static": True, "dynamic": False, "package": False}.items():
        assert ("relinking" in due(license_id, "binary", linkage=linkage)) is is_due
    assert "relinking" in due(license_id, "binary", linkage=None)
    assert "copyleft-library" in due(license_id, "binary", modified=True, linkage="dynamic")
    assert not active(license_id, "network")


@pytest.mark.parametrize("license_id", ["GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0-only", "GPL-3.0-or-later"])
def test_for_the_gpl_linkage_decides_how_far_copyleft_reaches(license_id: str) -> None:
    for linkage in LINKED:
        assert "copyleft-work" in due(license_id, "binary", linkage=linkage)
    assert "copyleft-work" not in due(license_id, "binary", linkage="separate")
    assert "source-with-binary" in due(license_id, "binary", linkage="separate")
    assert "copyleft-library" in due(license_id, "binary", linkage="separate", modified=True)
    assert not active(license_id, "network", linkage="static", modified=True)


@pytest.mark.parametrize("license_id", GNU_3)
def test_only_version_3_asks_for_installation_information_and_only_in_a_user_product(license_id: str) -> None:
    assert "installation-information" in due(license_id, "binary", user_product=True)
    assert "installation-information" not in due(license_id, "binary", user_product=False)
    assert "installation-information" not in due(license_id, "source", user_product=True)


@pytest.mark.parametrize("license_id", ["GPL-2.0-only", "LGPL-2.1-only", "EUPL-1.2", "MPL-2.0"])
def test_other_licences_never_ask_for_it(license_id: str) -> None:
    assert "installation-information" not in due(license_id, "binary", user_product=True)


@pytest.mark.parametrize(
    ("license_id", "download", "physical"),
    [
        ("GPL-2.0-only", True, True),
        ("LGPL-2.1-only", True, True),
        ("GPL-3.0-only", False, True),
        ("LGPL-3.0-only", False, True),
        ("AGPL-3.0-only", False, True),
    ],
)
def test_version_3_allows_a_written_offer_with_a_physical_product_only(
    license_id: str, download: bool, physical: bool
) -> None:
    assert ("written-offer" in due(license_id, "binary", medium="download")) is download
    assert ("written-offer" in due(license_id, "binary", medium="physical")) is physical
    assert "source-with-binary" in due(license_id, "binary", medium="physical")


@pytest.mark.parametrize(
    ("modified", "linkage", "is_due"),
    [
        (True, "separate", True),
        (None, "separate", True),
        (False, "separate", False),
        (False, "dynamic", True),
        (False, "package", True),
        (False, "static", True),
        (False, "copied", True),
        (False, None, True),
    ],
)
def test_for_the_agpl_change_or_combination_decides_about_the_network(
    modified: bool | None, linkage: Any, is_due: bool
) -> None:
    assert ("network-source" in due("AGPL-3.0-only", "network", modified=modified, linkage=linkage)) is is_due


@pytest.mark.parametrize("license_id", ["OSL-3.0", "EUPL-1.1", "EUPL-1.2"])
def test_use_over_a_network_counts_as_distribution_for_osl_and_eupl(license_id: str) -> None:
    assert {"network-source", "license-text"} <= due(license_id, "network", linkage="separate", modified=False)


@pytest.mark.parametrize("license_id", ["CC-BY-4.0", "CC-BY-3.0", "CC-BY-SA-4.0"])
@pytest.mark.parametrize("delivery", ["source", "binary", "network"])
def test_creative_commons_attribution_goes_with_any_sharing(license_id: str, delivery: str) -> None:
    assert {"cc-attribution", "license-reference"} <= due(license_id, delivery)
    assert "modification-notices" in due(license_id, delivery, modified=True)


@pytest.mark.parametrize("license_id", ["CC-BY-SA-4.0", "ODbL-1.0"])
def test_share_alike_is_for_adapted_material(license_id: str) -> None:
    assert "share-alike-content" in due(license_id, "binary", modified=True)
    assert "share-alike-content" not in due(license_id, "binary", modified=False)


@pytest.mark.parametrize(
    "license_id",
    ["SSPL-1.0", "BUSL-1.1", "Elastic-2.0", "JSON", "CC-BY-NC-4.0", "CC-BY-ND-4.0", "Hippocratic-2.1"],
)
def test_restrictions_of_use_hold_without_any_delivery_and_for_what_is_not_shipped(license_id: str) -> None:
    assert "use-restriction" in due(license_id)
    assert "use-restriction" in due(license_id, "binary", shipped=False)
    assert "use-restriction" in due(license_id, "binary", linkage="dev-tool")


@over(sorted(CATALOGUE.duties))
def test_what_is_not_handed_over_brings_no_active_duty(license_id: str) -> None:
    of_nobody = [
        active(license_id, "source", "binary", "network", shipped=False, modified=True, user_product=True),
        active(license_id, "source", "binary", "network", linkage="dev-tool", modified=True),
        active(license_id, modified=True, linkage="copied"),
    ]

    assert all(each <= {"advertising-acknowledgement"} for each in of_nobody)


@pytest.mark.parametrize(
    ("license_id", "facts", "lifted", "kept"),
    [
        ("GPL-2.0-only WITH Classpath-exception-2.0", {"linkage": "static"}, "copyleft-work", "source-with-binary"),
        (
            "GPL-3.0-only WITH GCC-exception-3.1",
            {"linkage": "static", "use": "output"},
            "source-with-binary",
            "license-text",
        ),
        ("GPL-3.0-only WITH GCC-exception-3.1", {"linkage": "static"}, "copyleft-work", "source-with-binary"),
        ("Apache-2.0 WITH LLVM-exception", {"use": "output"}, "license-text", "patent-termination"),
        ("GPL-2.0-only WITH Linux-syscall-note", {"use": "interface"}, "source-with-binary", "no-further-restrictions"),
        ("LGPL-3.0-only WITH LGPL-3.0-linking-exception", {"linkage": "static"}, "relinking", "reverse-engineering"),
        (
            "LGPL-2.1-only WITH OCaml-LGPL-linking-exception",
            {"linkage": "static", "modified": False},
            "reverse-engineering",
            "source-with-binary",
        ),
    ],
)
def test_an_exception_lifts_what_its_text_names_and_nothing_else(
    license_id: str, facts: dict[str, Any], lifted: str, kept: str
) -> None:
    base = license_id.partition(" WITH ")[0]

    assert lifted in due(base, "binary", **facts)
    assert lifted not in due(license_id, "binary", **facts)
    assert kept in due(license_id, "binary", **facts)
