"""Whole documents of the licence families, byte for byte. `tests/data/notices/README.md` tells how to renew them."""

import json
from pathlib import Path

import jsonschema_rs
import pytest

from obligations.adapters.renderers.json_notice import read_json, render_json
from obligations.adapters.renderers.text_notice import render_text
from tests.support.license_families import FAMILIES, documents_of, notice_of

GOLDEN = Path(__file__).parents[2] / "data" / "notices"
DRAFTS = {"open-points", "proprietary", "choice"}


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("family", FAMILIES)
def test_every_document_of_a_licence_family_is_as_accepted_in_any_order_of_components(
    family: str, backwards: bool
) -> None:
    for ending, printed in documents_of(family, backwards):
        assert printed == (GOLDEN / f"{family}.{ending}").read_bytes(), ending


@pytest.mark.parametrize("family", FAMILIES)
def test_only_notices_with_open_points_are_drafts(family: str) -> None:
    assert notice_of(family).status == ("draft" if family in DRAFTS else "final")


def test_every_open_point_is_told_for_its_components() -> None:
    points = {(point.kind, each.name) for point in notice_of("open-points").open_points for each in point.components}

    assert points == {
        ("license-unresolved", "mystery"),
        ("license-unresolved", "choice"),
        ("copyright-notice-unknown", "nobody"),
        ("license-text-missing", "curl"),
        ("license-text-missing", "old"),
        ("license-not-analysed", "vendor"),
        ("denied", "old"),
    }


@pytest.mark.parametrize("family", FAMILIES)
def test_json_says_the_same_as_the_value(family: str) -> None:
    notice = notice_of(family)

    said = json.loads(render_json(notice))

    assert said["status"] == notice.status
    assert [each["name"] for each in said["components"]] == [each.name for each in notice.components]
    assert [each["text"] for each in said["texts"]] == [each.text for each in notice.texts]
    assert [each["text"] for each in said["notices"]] == [each.text for each in notice.notices]
    known = {each["id"] for each in (*said["texts"], *said["notices"])}
    assert {each for one in said["components"] for each in (*one["texts"], *one["notices"])} <= known
    assert render_json(notice).isascii()


@pytest.mark.parametrize("family", FAMILIES)
def test_json_is_read_back_as_the_same_notice(family: str) -> None:
    notice = notice_of(family)

    assert render_text(read_json(render_json(notice))) == render_text(notice)


@pytest.mark.parametrize("family", FAMILIES)
def test_json_keeps_to_its_published_schema(family: str) -> None:
    schema = json.loads((Path(__file__).parents[3] / "docs" / "notice.schema.json").read_bytes())
    validator = jsonschema_rs.validator_for(schema)

    assert [str(error) for error in validator.iter_errors(json.loads(render_json(notice_of(family))))] == []
    assert not validator.is_valid({"status": "final"})
