"""The enriched SBOM, read back by the libraries of the SPDX project and of CycloneDX."""

import json
from pathlib import Path
from random import Random
from typing import Any

import cyclonedx.schema
import jsonschema_rs
import pytest
from cyclonedx.model.bom import Bom
from spdx_tools.spdx.model.spdx_no_assertion import SpdxNoAssertion
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

from obligations.adapters.renderers.cyclonedx_sbom import render_cyclonedx
from obligations.adapters.renderers.spdx_rdf import render_spdx_rdf
from obligations.adapters.renderers.spdx_serialisations import (
    render_spdx_json,
    render_spdx_tag_value,
    render_spdx_xml,
    render_spdx_yaml,
)
from obligations.application import export_sbom
from obligations.domain.enriched_sbom import EnrichedSbom, Origin, enrich
from shared.contracts.decisions import DecidedRelease
from shared.errors import OverLimit
from tests.support.decided import a_component, a_release, own_text

ORIGIN = Origin("01936f0e-8f00-7a00-8000-000000000001", "2026-11-28T10:00:00.123Z", "Licet 0.1.0")
SPDX = {
    ".spdx.json": render_spdx_json,
    ".spdx.yaml": render_spdx_yaml,
    ".spdx.xml": render_spdx_xml,
    ".spdx.rdf.xml": render_spdx_rdf,
    ".spdx": render_spdx_tag_value,
}
HOSTILE = 'evil </text> <x> & " \x1b[31m \u202e ]]> \x0b %0A'
RELEASE = a_release(
    a_component("MIT", name="lodash", hashes={"sha256": "ab" * 32, "sha-1": "cd" * 20}, supplier="Acme & Söhne"),
    a_component(
        "(MIT OR Apache-2.0) AND GPL-2.0-only WITH Classpath-exception-2.0",
        name="several",
        texts=[own_text("mit"), own_text("own", "LicenseRef-own")],
        copyright=["(c) 2020 A <a@example.org>", "© 2021 Ö"],
        notices=["n"],
    ),
    a_component(
        "LicenseRef-own", name="own", texts=[own_text("own", "LicenseRef-own")], source_url=None, modified=True
    ),
    a_component(None, name=HOSTILE, version=None, purl=None, copyright=[HOSTILE], shipped=False, source_url=HOSTILE),
    texts={"mit": "MIT text\n\nwith lines", "own": "own <text>\n& more", "n": "This product\nincludes " + HOSTILE},
    edges=[(-1, 0), (0, 1), (1, 2)],
)


def sbom_of(release: DecidedRelease) -> EnrichedSbom:
    return enrich(release, ORIGIN)


def read_back(ending: str, folder: Path) -> Any:
    path = folder / f"sbom{ending}"
    path.write_bytes(SPDX[ending](sbom_of(RELEASE)))
    return parse_file(str(path))


@pytest.mark.parametrize("ending", SPDX)
def test_the_library_of_the_spdx_project_reads_every_serialisation(ending: str, tmp_path: Path) -> None:
    document = read_back(ending, tmp_path)

    packages = {each.name: each for each in document.packages}
    assert len(packages) == 5
    several, lodash = packages["several"], packages["lodash"]
    assert str(several.license_concluded) == str(packages["several"].license_declared)
    assert "GPL-2.0-only WITH Classpath-exception-2.0" in str(several.license_concluded)
    assert several.copyright_text == "(c) 2020 A <a@example.org>\n© 2021 Ö"
    assert sorted(several.attribution_texts)[:2] == ["MIT text\n\nwith lines", packages_notice(several)]
    assert "own <text>\n& more" in several.attribution_texts
    assert {each.algorithm.name: each.value for each in lodash.checksums} == {"SHA256": "ab" * 32, "SHA1": "cd" * 20}
    assert str(lodash.supplier) == "Organization: Acme & Söhne"
    assert [each.locator for each in lodash.external_references] == ["pkg:npm/lodash@4.17.21"]
    assert isinstance(packages["own"].download_location, SpdxNoAssertion)
    assert [(each.license_id, each.extracted_text) for each in document.extracted_licensing_info] == [
        ("LicenseRef-own", "own <text>\n& more")
    ]
    depends = [each for each in document.relationships if each.relationship_type.name == "DEPENDS_ON"]
    assert len(depends) == 3


def cyclonedx_errors(document: Any) -> Any:
    """What the schema that CycloneDX's own library ships says against the document."""
    folder = Path(cyclonedx.schema.__file__).parent / "_res"
    schemas = {
        name: json.loads((folder / f"{name}.SNAPSHOT.schema.json").read_bytes()) for name in ("spdx", "jsf-0.82")
    }
    names = {"spdx": "spdx.SNAPSHOT.schema.json", "jsf-0.82": "jsf-0.82.SNAPSHOT.schema.json"}
    registry = jsonschema_rs.Registry(
        [(f"http://cyclonedx.org/schema/{names[name]}", schemas[name]) for name in schemas]
    )
    schema = json.loads((folder / "bom-1.6.SNAPSHOT.schema.json").read_bytes())
    return jsonschema_rs.validator_for(schema, registry=registry).iter_errors(document)


def packages_notice(package: Any) -> str:
    [notice] = [each for each in package.attribution_texts if each.startswith("This product")]
    return str(notice)


def test_the_document_is_valid_by_the_rules_of_the_spdx_project(tmp_path: Path) -> None:
    document = read_back(".spdx.json", tmp_path)

    messages = [each.validation_message for each in validate_full_spdx_document(document)]

    assert [each for each in messages if "download_location" not in each] == []


def test_json_gives_hostile_strings_back_unchanged_and_the_others_show_them() -> None:
    said = json.loads(render_spdx_json(sbom_of(RELEASE)))

    assert HOSTILE in [each["name"] for each in said["packages"]]
    for ending in (".spdx.xml", ".spdx.rdf.xml", ".spdx"):
        printed = SPDX[ending](sbom_of(RELEASE)).decode()
        assert not {"\x1b", "\u202e", "\x0b"} & set(printed)
        assert "\\x1b[31m" in printed


def test_cyclonedx_is_valid_and_carries_what_was_decided() -> None:
    written = render_cyclonedx(sbom_of(RELEASE)).decode()
    components = {each["name"]: each for each in json.loads(written)["components"]}

    assert [str(each) for each in cyclonedx_errors(json.loads(written))] == []
    assert len(Bom.from_json(json.loads(written)).components) == 4
    assert components["lodash"]["licenses"] == [{"license": {"id": "MIT", "acknowledgement": "concluded"}}]
    own = components["own"]["licenses"][0]["license"]
    assert (own["name"], own["text"]["content"]) == ("LicenseRef-own", "own <text>\n& more")
    assert components["several"]["licenses"][0]["expression"].startswith("(MIT OR Apache-2.0)")
    assert [each["text"] for each in components["several"]["evidence"]["copyright"]] == [
        "(c) 2020 A <a@example.org>",
        "© 2021 Ö",
    ]
    assert {"name": "licet:notice", "value": RELEASE.texts["n"]} in components["several"]["properties"]
    assert components[HOSTILE]["scope"] == "excluded"


@pytest.mark.parametrize("render", [render_cyclonedx, *SPDX.values()])
def test_the_order_of_components_never_changes_a_byte(render: Any) -> None:
    order = list(range(len(RELEASE.components)))
    Random(7).shuffle(order)
    place = {old: new for new, old in enumerate(order)} | {-1: -1}
    shuffled = a_release(
        *(RELEASE.components[old] for old in order),
        texts=RELEASE.texts,
        edges=[(place[source], place[target]) for source, target in reversed(RELEASE.edges)],
    )

    assert render(sbom_of(shuffled)) == render(sbom_of(RELEASE))


def test_texts_that_would_be_too_long_together_are_not_written_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_sbom, "MOST_CHARACTERS", 10_000)
    components = [a_component(name=f"c{number}", texts=[own_text("t")], notices=["n"]) for number in range(10)]

    fitting = export_sbom.enriched(a_release(*components, texts={"t": "x" * 990, "n": "y" * 10}), ORIGIN)
    with pytest.raises(OverLimit) as refused:
        export_sbom.enriched(a_release(*components, texts={"t": "x" * 990, "n": "y" * 11}), ORIGIN)

    assert len(fitting.components) == 10
    assert refused.value.limit == "texts"
