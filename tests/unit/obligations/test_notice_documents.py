"""Whole NOTICE files for the licence families, byte for byte. `tests/data/notices/README.md` tells how to renew them."""

import json
import os
from pathlib import Path

import jsonschema_rs
import pytest

from obligations.adapters.catalogue_files import load_obligation_catalogue
from obligations.adapters.renderers.html_notice import render_html
from obligations.adapters.renderers.json_notice import read_json, render_json
from obligations.adapters.renderers.markdown_notice import render_markdown
from obligations.adapters.renderers.text_notice import render_text
from obligations.domain.compile_notice import compile_notice
from obligations.domain.notice import Notice, Organization, SourceOffer
from shared.contracts.decisions import DecidedRelease
from tests.support.decided import a_component, a_context, a_release, own_text, text_of_holder

CATALOGUE = load_obligation_catalogue()
GOLDEN = Path(__file__).parents[2] / "data" / "notices"
OFFER = SourceOffer("Example GmbH, Open Source Office, Example Street 1, 12345 Example", "https://example.org/source")

FAMILIES: dict[str, tuple[DecidedRelease, SourceOffer | None]] = {
    "permissive": (
        a_release(
            a_component("MIT", name="lodash", copyright=["Copyright OpenJS Foundation and other contributors"]),
            a_component("MIT", name="minimist", copyright=[], texts=[own_text("mit")]),
            a_component("BSD-3-Clause", name="click", version="8.1.7", purl="pkg:pypi/click@8.1.7"),
            a_component("ISC", name="glob", supplier="Jane Roe"),
            a_component("0BSD", name="tslib", copyright=[]),
            a_component(
                "MIT", name="dual", chosen_from="MIT OR BSD-3-Clause", texts=[own_text("mit"), own_text("bsd")]
            ),
            texts={
                "mit": text_of_holder("MIT", "Copyright (c) 2013 James Doe"),
                "bsd": text_of_holder("BSD-3-Clause", "Copyright (c) 2013, Dual Authors."),
            },
        ),
        None,
    ),
    "apache": (
        a_release(
            a_component("Apache-2.0", name="with-notice", notices=["n"], notice_status="present"),
            a_component("Apache-2.0", name="without-notice", modified=True),
            a_component("Apache-2.0 WITH LLVM-exception", name="compiler-rt", linkage="static"),
            texts={
                "n": "Apache Example\nCopyright 2010 The Example Foundation\n\nThis product includes\n\tsoftware.\n"
            },
        ),
        None,
    ),
    "file-and-module-copyleft": (
        a_release(
            a_component("MPL-2.0", name="certifi", copyright=[]),
            a_component("EPL-2.0", name="jetty", linkage="separate"),
        ),
        None,
    ),
    "lgpl": (
        a_release(
            a_component("LGPL-2.1-or-later", name="glib", linkage="dynamic"),
            a_component("LGPL-3.0-only", name="gmp", linkage="dynamic"),
        ),
        OFFER,
    ),
    "gpl-with-offer": (
        a_release(
            a_component("GPL-2.0-only WITH Classpath-exception-2.0", name="jdk", linkage="dynamic"),
            a_component("GPL-2.0-or-later", name="busybox", linkage="separate", source_url=None),
            context=a_context(medium="physical"),
        ),
        OFFER,
    ),
    "network": (a_release(a_component("EUPL-1.2", name="ref"), context=a_context("network", "source")), None),
    "content": (
        a_release(
            a_component("CC-BY-4.0", name="icons", kind="image", type="file", supplier="Ärger & Söhne"),
            a_component("OFL-1.1", name="Noto", kind="font"),
        ),
        None,
    ),
    "open-points": (
        a_release(
            a_component(None, name="mystery"),
            a_component("MIT", name="nobody", copyright=[]),
            a_component("curl", name="curl"),
            a_component("LicenseRef-vendor", name="vendor", texts=[own_text("vendor")]),
            a_component("BSD-4-Clause", name="old", verdict="deny", notice_status=None),
            a_component("Zlib", name="choice", effective_license="Zlib OR MIT"),
            a_component("ISC", name="evil\x1b[2J\u202egnp.exe\n======", copyright=["(c) \x07 2020\n===\nnone"]),
            texts={
                "vendor": "==========\nCOMPONENTS (0)\n==========\n\x1b]0;owned\x07 \u202e no \x0c page\r\nlast\rline"
            },
        ),
        None,
    ),
}

RENDERERS = {"txt": render_text, "markdown": render_markdown, "html": render_html, "json": render_json}


def notice_of(family: str) -> Notice:
    release, offer = FAMILIES[family]
    organization = Organization("Example GmbH", "oss@example.org", offer)
    return compile_notice(release, CATALOGUE, organization, "Licet 0.1.0")


@pytest.mark.parametrize("ending", RENDERERS)
@pytest.mark.parametrize("family", FAMILIES)
def test_the_notice_of_a_licence_family_is_as_accepted(family: str, ending: str) -> None:
    golden = GOLDEN / f"{family}.{ending}"
    printed = RENDERERS[ending](notice_of(family))

    if os.environ.get("LICET_ACCEPT_NOTICES"):
        golden.write_bytes(printed)
    assert printed == golden.read_bytes()


@pytest.mark.parametrize("family", FAMILIES)
def test_only_the_notice_with_open_points_is_a_draft(family: str) -> None:
    assert notice_of(family).status == ("draft" if family == "open-points" else "final")


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
