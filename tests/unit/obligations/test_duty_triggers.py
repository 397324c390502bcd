"""When a row of the catalogue applies, condition by condition."""

from functools import cache
from itertools import combinations, product
from typing import Any, get_args

import pytest

from obligations.adapters.catalogue_files import load_obligation_catalogue
from obligations.domain.duties import duties_of
from obligations.domain.triggers import Cause, Trigger, Usage
from shared.contracts.decisions import Delivery
from shared.contracts.inventory import Linkage
from shared.licensing import parse
from tests.support.catalogues import over

CATALOGUE = load_obligation_catalogue()
LINKAGES: tuple[Linkage, ...] = get_args(Linkage)
DELIVERIES: tuple[frozenset[Delivery], ...] = tuple(
    frozenset(some) for size in range(4) for some in combinations(get_args(Delivery), size)
)


def used(*delivery: Delivery, **facts: Any) -> Usage:
    return Usage(delivery=frozenset(delivery), **facts)


@pytest.mark.parametrize(
    ("cause", "usage", "holds"),
    [
        ("source", used("source"), True),
        ("source", used("binary", "network"), False),
        ("binary", used("binary"), True),
        ("network", used("network"), True),
        ("network", used("binary"), False),
        ("any-sharing", used("network"), True),
        ("any-sharing", used(), False),
        ("user-product", used("binary", user_product=True), True),
        ("user-product", used("source", user_product=True), False),
        ("user-product", used("binary"), False),
        ("always-passive", used(), True),
        ("always-passive", used("binary", shipped=False), True),
        ("binary", used("binary", shipped=False), False),
        ("binary", used("binary", linkage="dev-tool"), False),
        ("any-sharing", used("source", shipped=False), False),
        ("user-product", used("binary", user_product=True, linkage="dev-tool"), False),
    ],
)
def test_a_cause_holds_for_its_delivery_only(cause: Cause, usage: Usage, holds: bool) -> None:
    assert Trigger((cause,)).causes_in(usage) == ((cause,) if holds else ())


@pytest.mark.parametrize(
    ("modified", "linkage", "holds"),
    [
        (True, "dynamic", True),
        (False, "dynamic", False),
        (None, "dynamic", True),
        (False, "copied", True),
        (False, None, True),
        (False, "separate", False),
    ],
)
def test_a_row_for_modified_components_holds_unless_the_component_is_known_to_be_neither_modified_nor_copied(
    modified: bool | None, linkage: Linkage | None, holds: bool
) -> None:
    trigger = Trigger(("binary",), modified_only=True)

    assert bool(trigger.causes_in(used("binary", modified=modified, linkage=linkage))) is holds


@pytest.mark.parametrize("linkage", [*LINKAGES, None])
def test_a_row_for_some_linkages_holds_for_these_and_for_an_unknown_one(linkage: Linkage | None) -> None:
    trigger = Trigger(("binary",), linkage=("copied", "static"))

    assert bool(trigger.causes_in(used("binary", linkage=linkage))) is (linkage in ("copied", "static", None))


def test_an_offer_for_physical_products_is_not_due_for_a_download() -> None:
    trigger = Trigger(("binary",), medium=("physical",))

    assert trigger.causes_in(used("binary", medium="physical")) == ("binary",)
    assert trigger.causes_in(used("binary", medium="download")) == ()


def test_a_row_for_a_kind_of_material_holds_for_that_kind_alone() -> None:
    trigger = Trigger(("any-sharing",), kind=("data", "document"))

    assert trigger.causes_in(used("network", kind="data")) == ("any-sharing",)
    assert trigger.causes_in(used("network", kind="code")) == ()
    assert trigger.describe() == "any-sharing; kind data, document"


def test_a_row_for_commercial_use_falls_away_without_it() -> None:
    trigger = Trigger(("always-passive",), commercial_only=True)

    assert trigger.causes_in(used(commercial=True))
    assert not trigger.causes_in(used(commercial=False))


@pytest.mark.parametrize(("has_notice_file", "holds"), [(True, True), (None, True), (False, False)])
def test_only_a_notice_file_that_is_known_to_be_absent_needs_no_reproduction(
    has_notice_file: bool | None, holds: bool
) -> None:
    trigger = Trigger(("binary",), if_notice_file=True)

    assert bool(trigger.causes_in(used("binary", has_notice_file=has_notice_file))) is holds


def test_the_trigger_is_told_with_the_deliveries_that_brought_it_about() -> None:
    trigger = Trigger(("source", "binary"), modified_only=True, linkage=("static",), medium=("physical",))

    causes = trigger.causes_in(used("binary", "network", modified=True, linkage="static", medium="physical"))

    assert trigger.describe(causes) == "binary; modified; linkage static; medium physical"


@over(sorted(CATALOGUE.duties))
def test_what_is_not_known_never_removes_a_duty(license_id: str) -> None:
    expression = parse(license_id)

    @cache
    def due(delivery: frozenset[Delivery], modified: bool | None, linkage: Linkage | None) -> set[str]:
        usage = Usage(delivery, modified=modified, linkage=linkage)
        return {duty.key for duty in duties_of(expression, usage, CATALOGUE)}

    for delivery, modified, linkage in product(DELIVERIES, (True, False), LINKAGES):
        known = due(delivery, modified, linkage)
        for less_known in ((None, None), (modified, None), (None, linkage)):
            assert known <= due(delivery, *less_known), (delivery, modified, linkage, less_known)


@over(sorted(CATALOGUE.duties))
def test_what_is_not_shipped_brings_passive_duties_only(license_id: str) -> None:
    expression = parse(license_id)
    not_shipped = Usage(frozenset(("source", "binary", "network")), modified=True, linkage="static", shipped=False)
    tool = Usage(frozenset(("source", "binary", "network")), modified=True, linkage="dev-tool")

    for usage in (not_shipped, tool):
        assert {duty.trigger.split(";")[0] for duty in duties_of(expression, usage, CATALOGUE)} <= {"always-passive"}
