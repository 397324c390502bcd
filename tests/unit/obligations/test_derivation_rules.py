"""The rules of derivation, over every licence and pair of the catalogue: a duty is never lost by what is not known, by
more deliveries, or by an exception that is not sure to apply; a branch not taken brings none."""

from functools import cache
from itertools import combinations, product
from typing import get_args

import pytest

from obligations.adapters.catalogue_files import load_obligation_catalogue
from obligations.domain.catalogue import ANALYSE_LICENSE, RESOLVE_LICENSE
from obligations.domain.derive import derive
from obligations.domain.duties import duties_of
from obligations.domain.triggers import Usage
from shared.contracts.decisions import Delivery, Medium, Use
from shared.contracts.inventory import Linkage
from shared.licensing import parse
from tests.support.catalogues import over
from tests.support.decided import a_component, a_release

CATALOGUE = load_obligation_catalogue()
LICENSES = CATALOGUE.licenses
LINKAGES: tuple[Linkage | None, ...] = (*get_args(Linkage), None)
DECIDING: tuple[Linkage | None, ...] = ("static", "separate", None)
PAIRS = sorted(
    f"{each.id} WITH {exception}"
    for exception in CATALOGUE.effects
    for each in LICENSES.licenses
    if each.id in CATALOGUE.duties and LICENSES.pair_category(each.id, exception)
)
FAMILIES = {
    "permissive": ("MIT", "BSD-3-Clause", "ISC", "Apache-2.0", "Zlib", "BSL-1.0", "Python-2.0.1", "Unicode-3.0", "W3C"),
    "files": ("MPL-1.1", "MPL-2.0", "CDDL-1.0", "CDDL-1.1", "EPL-1.0", "EPL-2.0", "CPL-1.0", "IPL-1.0", "MS-RL"),
    "library": ("LGPL-2.0-only", "LGPL-2.1-only", "LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later"),
    "whole work": ("GPL-1.0-only", "GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0-only", "GPL-3.0-or-later"),
    "network": ("AGPL-1.0-only", "AGPL-3.0-only", "OSL-1.0", "OSL-2.1", "OSL-3.0", "RPL-1.5", "CPAL-1.0", "APSL-2.0"),
    "content": ("CC-BY-2.5", "CC-BY-3.0", "CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "CC-BY-ND-4.0", "OGL-UK-3.0"),
}
SOURCE = {"source-with-binary", "source-location", "network-source"}
COPYLEFT = {"copyleft-work", "copyleft-library", "copyleft-file", "copyleft-network"}


@cache
def due(expression: str, *delivery: Delivery, **facts: object) -> set[str]:
    usage = Usage(frozenset(delivery), **facts)  # type: ignore[arg-type]  # the names are those of Usage's fields
    return {duty.key for duty in duties_of(parse(expression), usage, CATALOGUE)}


def named(expression: str, *delivery: Delivery, **facts: object) -> set[str]:
    usage = Usage(frozenset(delivery), **facts)  # type: ignore[arg-type]  # the names are those of Usage's fields
    return {duty.obligation for duty in duties_of(parse(expression), usage, CATALOGUE)}


@over(PAIRS)
def test_an_exception_lifts_nothing_that_depends_on_what_is_not_known(pair: str) -> None:
    for use in get_args(Use):
        unknown = due(pair, *get_args(Delivery), modified=None, linkage=None, use=use, user_product=True)
        for modified, linkage in product((True, False), LINKAGES):
            known = due(pair, *get_args(Delivery), modified=modified, linkage=linkage, use=use, user_product=True)
            assert known <= unknown, (use, modified, linkage)


@over([*sorted(CATALOGUE.duties), *PAIRS])
def test_another_delivery_never_takes_a_duty_away(name: str) -> None:
    for one, other in combinations(get_args(Delivery), 2):
        for modified, linkage in product((True, False), DECIDING):
            both = due(name, one, other, modified=modified, linkage=linkage)
            assert due(name, one, modified=modified, linkage=linkage) <= both, (one, other, modified, linkage)
            assert due(name, other, modified=modified, linkage=linkage) <= both, (one, other, modified, linkage)


@over([*sorted(CATALOGUE.duties), *PAIRS])
def test_a_user_product_or_a_change_never_takes_a_duty_away(name: str) -> None:
    for delivery, linkage, medium in product(("binary", "network"), DECIDING, get_args(Medium)):
        plain = due(name, delivery, linkage=linkage, medium=medium)
        assert plain <= due(name, delivery, linkage=linkage, medium=medium, user_product=True)
        assert plain <= due(name, delivery, linkage=linkage, medium=medium, modified=True)


@pytest.mark.parametrize("license_id", FAMILIES["permissive"])
def test_permissive_licences_never_ask_for_source_or_the_same_licence(license_id: str) -> None:
    for modified, linkage in product((True, False, None), LINKAGES):
        asked = named(license_id, "source", "binary", "network", modified=modified, linkage=linkage)
        assert not asked & (SOURCE | COPYLEFT)


@pytest.mark.parametrize("license_id", FAMILIES["files"])
def test_file_copyleft_asks_for_the_source_of_a_binary_and_leaves_the_rest_free(license_id: str) -> None:
    for linkage in ("copied", "static", "dynamic", "package", "separate"):
        asked = named(license_id, "binary", linkage=linkage)
        assert asked & SOURCE
        assert asked & COPYLEFT == {"copyleft-file"}
    assert not named(license_id, "network") & SOURCE


@pytest.mark.parametrize("license_id", FAMILIES["library"])
def test_library_copyleft_reaches_changes_of_the_library_alone(license_id: str) -> None:
    for linkage in ("static", "dynamic", "package", "separate"):
        assert not named(license_id, "binary", linkage=linkage) & COPYLEFT
        assert named(license_id, "binary", linkage=linkage, modified=True) & COPYLEFT == {"copyleft-library"}
        assert "source-with-binary" in named(license_id, "binary", linkage=linkage)
    assert not named(license_id, "network", modified=True, linkage="static") & (SOURCE | COPYLEFT)


@pytest.mark.parametrize("license_id", FAMILIES["whole work"])
def test_strong_copyleft_reaches_what_is_linked_and_begins_with_copies(license_id: str) -> None:
    for linkage in ("copied", "static", "dynamic", "package", None):
        assert {"copyleft-work", "source-with-binary"} <= named(license_id, "binary", linkage=linkage)
    assert not named(license_id, "binary", linkage="separate") & COPYLEFT
    assert "source-with-binary" in named(license_id, "binary", linkage="separate")
    assert not named(license_id, "network", modified=True, linkage="static") & (SOURCE | COPYLEFT)


@pytest.mark.parametrize("license_id", FAMILIES["network"])
def test_network_copyleft_begins_with_use_over_a_network(license_id: str) -> None:
    for modified, linkage in ((True, "static"), (True, "separate"), (None, None), (True, None)):
        assert "network-source" in named(license_id, "network", modified=modified, linkage=linkage)
        assert named(license_id, "network", modified=modified, linkage=linkage) & COPYLEFT


@pytest.mark.parametrize("license_id", FAMILIES["content"])
def test_content_licences_ask_for_attribution_wherever_it_is_shared(license_id: str) -> None:
    for delivery in get_args(Delivery):
        assert {"cc-attribution", "license-reference"} <= named(license_id, delivery)
    assert "cc-attribution" not in named(license_id)


@pytest.mark.parametrize("own", ["LicenseRef-Acme", "NLOD-1.0", "MIT WITH LLVM-exception"])
def test_what_nobody_analysed_brings_a_visible_question_beside_the_rest(own: str) -> None:
    alone, together = (derive(a_release(a_component(text)), CATALOGUE) for text in (own, f"{own} AND ISC"))

    questions = [each for each in alone if each.obligation == ANALYSE_LICENSE]
    assert [(each.license, len(each.components)) for each in questions] == [(own, 1)]
    assert {ANALYSE_LICENSE, "license-text"} <= {each.obligation for each in together}


def test_a_branch_that_was_not_chosen_brings_no_duty_and_an_open_choice_one_question() -> None:
    with pytest.raises(ValueError, match="branch must be chosen"):
        duties_of(parse("MIT OR GPL-3.0-only"), Usage(frozenset({"binary"})), CATALOGUE)

    chosen = derive(a_release(a_component("MIT", declared=["MIT OR GPL-3.0-only"])), CATALOGUE)
    undecided = derive(a_release(a_component("MIT OR GPL-3.0-only")), CATALOGUE)

    assert {each.license for each in chosen} == {"MIT"}
    assert [each.obligation for each in undecided] == [RESOLVE_LICENSE]
