"""What a CycloneDX XML document says arrives as from JSON, and its places are told as XPaths."""

import json
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import Refusal
from shared.contracts.documents import Root
from shared.contracts.inventory import Component, Inventory
from tests.support.cyclonedx_xml import a_bom, a_bom_of, as_xml
from tests.support.examples import examples
from tests.support.reading import Read, read
from tests.support.small_sboms import (
    cyclonedx,
    edges_by_name,
    inventory_of,
    only_component,
    refusal_of,
    result_of,
    warnings_of,
)

FULL = {
    "type": "framework",
    "bom-ref": "a",
    "supplier": {"name": "Acme"},
    "group": "@acme",
    "name": "a & <b>",
    "version": "1.0",
    "scope": "optional",
    "hashes": [{"alg": "SHA-256", "content": "ab" * 32}, {"alg": "MD5", "content": "0" * 32}],
    "licenses": [
        {
            "license": {
                "id": "MIT",
                "acknowledgement": "concluded",
                "text": {"content": " a text\n\n", "encoding": None},
            }
        },
        {"license": {"name": "Some licence", "url": "https://example.org/license"}},
    ],
    "copyright": "Copyright 2020 Zoë",
    "purl": "pkg:npm/%40acme/a@1.0?x=y&z=w",
    "modified": True,
    "pedigree": {"patches": [{"type": "backport"}]},
    "externalReferences": [{"type": "vcs", "url": "https://example.org/a.git"}, {"type": "website", "url": "w"}],
    "properties": [{"name": "licet:notice", "value": "  a notice\n"}, {"name": "licet:linkage", "value": "static"}],
    "components": [{"type": "library", "name": "part", "licenses": [{"expression": "MIT OR ISC"}]}],
    "evidence": {"licenses": [{"license": {"name": "Seen"}}], "copyright": [{"text": "Copyright 1999 B"}]},
}
DOCUMENT = {
    "metadata": {
        "timestamp": "2026-01-01T00:00:00Z",
        "tools": {"components": [{"type": "application", "name": "t", "version": "2"}]},
        "component": {"type": "application", "bom-ref": "root", "name": "shop", "version": "3"},
    },
    "services": [{"bom-ref": "s", "name": "s", "data": [{"flow": "inbound", "classification": "PII"}]}],
    "dependencies": [{"ref": "root", "dependsOn": ["a", "s"]}, {"ref": "b", "dependsOn": []}],
}
del FULL["licenses"][0]["license"]["text"]["encoding"]


def without_places(inventory: Inventory) -> Inventory:
    def bare(component: Component) -> Component:
        licenses = [replace(claim, pointer="") for claim in component.licenses]
        return replace(component, pointer="", licenses=licenses)

    return replace(inventory, serialization="json", components=[bare(each) for each in inventory.components])


def element_at(document: bytes, xpath: str) -> Element:
    steps = xpath.removeprefix("/bom/").split("/")
    wanted = "/".join(step if step.startswith(("@", "*")) else f"{{*}}{step}" for step in steps)
    found = fromstring(document).findall(wanted)
    assert len(found) == 1, xpath
    return found[0]


def test_the_same_document_as_xml_and_as_json_gives_the_same_inventory() -> None:
    document = cyclonedx(FULL, {"name": "b", "bom-ref": "b"}, **DOCUMENT)

    result = result_of(as_xml(document))

    assert without_places(inventory_of(result)) == without_places(inventory_of(document))
    assert (result.facts.serialization, result.facts.services, result.warnings) == ("xml", 1, [])


@examples(60)
@given(
    st.lists(
        st.fixed_dictionaries(
            {"name": st.sampled_from(["x", "y", "Zoë"])},
            optional={
                "version": st.sampled_from(["", "1"]),
                "licenses": st.sampled_from([FULL["licenses"], [{"expression": "MIT"}], []]),
                "scope": st.sampled_from(["required", "excluded"]),
                "components": st.lists(st.just({"type": "file", "name": "part"}), max_size=2),
                "copyright": st.just("© me"),
            },
        ),
        max_size=5,
    )
)
def test_whatever_components_there_are_both_forms_agree(components: list[dict[str, Any]]) -> None:
    document = cyclonedx(*components)

    assert without_places(inventory_of(as_xml(document))) == without_places(inventory_of(document))


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7"])
def test_each_version_is_known_by_its_namespace(version: str) -> None:
    facts = result_of(a_bom_of("<version>1</version>", version=version)).facts

    assert (facts.format, facts.serialization, facts.spec_version) == ("cyclonedx", "xml", version)


def test_a_prefix_for_the_namespace_changes_nothing() -> None:
    document = (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<!-- made by hand -->\n'
        b'<c:bom xmlns:c="http://cyclonedx.org/schema/bom/1.4"><c:components>'
        b'<c:component type="library"><c:name>a</c:name></c:component></c:components></c:bom>'
    )

    assert only_component(document).name == "a"


@pytest.mark.parametrize(
    ("root", "words"),
    [
        ('<bom xmlns="http://cyclonedx.org/schema/bom/12"/>', "version '12'"),
        ('<bom xmlns="http://cyclonedx.org/schema/bom/1.8"/>', "1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7"),
        ("<bom/>", "no version"),
    ],
)
def test_a_namespace_of_no_known_version_is_refused(root: str, words: str) -> None:
    refusal = refusal_of(root.encode())

    assert refusal.kind == "not-an-sbom"
    assert words in refusal.detail


def test_every_xpath_leads_to_what_it_names() -> None:
    document = as_xml(cyclonedx(FULL, FULL | {"name": "b", "bom-ref": "b", "licenses": [{"expression": "ISC"}]}))

    inventory = inventory_of(document)

    for component in inventory.components:
        assert element_at(document, component.pointer).findtext("{*}name") == component.name
        for claim in component.licenses:
            assert claim.value in "".join(element_at(document, claim.pointer).itertext())
    assert inventory.components[1].pointer == "/bom/components/component[1]/components/component[1]"
    assert [claim.pointer for claim in inventory.components[2].licenses] == [
        "/bom/components/component[2]/licenses/expression[1]",
        "/bom/components/component[2]/evidence/licenses/license[1]",
    ]


def test_licenses_and_expressions_may_stand_side_by_side_in_1_7() -> None:
    licenses = """<licenses>
        <expression acknowledgement="concluded">MIT</expression>
        <license><id>ISC</id></license>
        <expression-detailed expression="MIT OR LicenseRef-x">
            <details license-identifier="LicenseRef-x"><text>the text</text><url>u</url></details>
            <licensing><purchaseOrder>1</purchaseOrder></licensing>
        </expression-detailed>
        <license><id>Zlib</id></license></licenses>"""

    inventory = inventory_of(a_bom_of(licenses, version="1.7"))

    claims = inventory.components[0].licenses
    path = "/bom/components/component[1]/licenses"
    assert [(claim.value, claim.origin, claim.pointer) for claim in claims] == [
        ("MIT", "concluded", f"{path}/expression[1]"),
        ("ISC", "declared", f"{path}/license[1]"),
        ("MIT OR LicenseRef-x", "declared", f"{path}/expression-detailed[1]/@expression"),
        ("Zlib", "declared", f"{path}/license[2]"),
    ]
    assert inventory.texts[claims[2].text or ""] == "the text"
    assert refusal_of(a_bom_of(licenses)).errors[0].pointer == path


def test_a_license_of_version_1_0_may_have_several_ids() -> None:
    licenses = "<licenses><license><id>MIT</id><id>ISC</id></license><license><name>Other</name></license></licenses>"

    component = only_component(a_bom_of(licenses, version="1.0"))

    assert [(claim.value, claim.kind, claim.pointer[-10:]) for claim in component.licenses] == [
        ("MIT", "id", "license[1]"),
        ("Other", "name", "license[2]"),
        ("ISC", "id", "license[1]"),
    ]
    refusal = refusal_of(a_bom_of(licenses, version="1.4"))
    assert refusal.errors[0].pointer == "/bom/components/component[1]/licenses/*[1]/id"


@pytest.mark.parametrize(
    ("inside", "pointer"),
    [
        ("<components><component><name>a</name></component></components>", "/bom/components/component[1]"),
        ('<components><component type="foo"/></components>', "/bom/components/component[1]/@type"),
        ('<components><component type="file"><name>a</name><name>a</name></component></components>', "…/name"),
        ('<components><component type="file"><name>a<b/></name></component></components>', "…/name"),
        (
            '<components><component type="file"><name>a</name><hashes><hash>0</hash></hashes></component></components>',
            "…",
        ),
        ("<components/><components/>", "/bom/components"),
        ("<components><library/></components>", "/bom/components/component[1]"),
        ("<metadata><licenses><license/></licenses></metadata>", "/bom/metadata/licenses/license[1]"),
        ("<metadata><licenses><licence/></licenses></metadata>", "/bom/metadata/licenses/*[1]"),
        ('<services><service><data><classification flow="up"/></data></service></services>', "//@flow"),
        (
            '<services><service/><service><services><service><data><dataflow><classification flow="up"/></dataflow>'
            "</data></service></services></service></services>",
            "/bom/services/service[2]/services/service[1]/data/*[1]//@flow",
        ),
    ],
)
def test_what_could_change_the_outcome_is_refused_with_its_place(inside: str, pointer: str) -> None:
    refusal = refusal_of(a_bom(inside))

    assert refusal.kind == "breaks-specification"
    [error] = refusal.errors
    assert error.pointer.endswith(pointer.removeprefix("…"))
    assert refusal.detail.startswith(f"{error.pointer}: ")


def test_several_faults_are_named_at_once() -> None:
    refusal = refusal_of(a_bom('<components><component type="x"/><component/></components>'))

    places = [error.pointer for error in refusal.errors]
    assert places == ["/bom/components/component[1]/@type", "/bom/components/component[2]"]


def test_a_serial_number_that_is_no_uuid_is_refused() -> None:
    assert refusal_of(a_bom("", attributes='serialNumber="1"')).errors[0].pointer == "/bom/@serialNumber"


@pytest.mark.parametrize(
    ("inside", "code", "pointer"),
    [
        ("<modified>perhaps</modified>", "field-ignored", "/modified"),
        ("<scope>sometimes</scope>", "unknown-scope", "/scope"),
        ("<purl>left-pad</purl>", "malformed-purl", "/purl"),
        ("<copyright>a<b/></copyright>", "field-ignored", "/copyright"),
        ("<licenses><license><id>mit</id></license></licenses>", "license-id-case", "/licenses/license[1]/id"),
        ("<licenses><license><name/></license></licenses>", "empty-license", "/licenses/*[1]"),
    ],
)
def test_what_is_harmless_costs_a_warning(inside: str, code: str, pointer: str) -> None:
    [(found, place)] = warnings_of(a_bom_of(inside))

    assert (found, place) == (code, f"/bom/components/component[1]{pointer}")


def test_dependencies_may_be_nested_and_stand_before_the_components() -> None:
    dependencies = """<dependencies>
        <dependency ref="a"><dependency ref="b"><dependency ref="c"/><provides ref="a"/></dependency></dependency>
        <dependency ref="b"><dependency ref="nowhere"/><dependency ref="b"/></dependency></dependencies>"""
    components = "".join(
        f'<component type="library" bom-ref="{name}"><name>{name}</name></component>' for name in ("a", "b", "c")
    )
    document = a_bom(f"{dependencies}<components>{components}</components>")

    assert edges_by_name(inventory_of(document)) == [("a", "b"), ("b", "c")]
    assert warnings_of(document) == [
        ("dangling-reference", "/bom/dependencies/dependency[2]/dependency[1]"),
        ("self-dependency", "/bom/dependencies/dependency[2]/dependency[2]"),
    ]


def test_a_dependency_on_nothing_names_the_attribute() -> None:
    document = a_bom('<dependencies><dependency ref="x"/></dependencies>')

    assert warnings_of(document) == [("dangling-reference", "/bom/dependencies/dependency[1]/@ref")]


@pytest.mark.parametrize(
    "tools",
    [
        "<tools><tool><vendor>v</vendor><name>t</name><version>1</version></tool><tool><name>u</name></tool></tools>",
        '<tools><components><component type="application"><name>t</name><version>1</version></component></components>'
        "<services><service><name>u</name></service></services></tools>",
    ],
)
def test_tools_of_the_old_and_the_new_form_are_named(tools: str) -> None:
    facts = result_of(a_bom(f"<metadata>{tools}</metadata>")).facts

    assert (facts.tool, facts.root) == (["t 1", "u"], Root())


def test_extensions_are_left_out_and_told() -> None:
    extension = '<e:x xmlns:e="urn:e"><name>no</name></e:x>'
    inside = f'<components>{extension}<component type="library">{extension}<name>a</name></component></components>'

    document = a_bom(inside + extension)

    assert only_component(document).name == "a"
    assert warnings_of(document) == [("extension-ignored", "/bom")]


def test_white_space_of_the_layout_is_no_part_of_a_value() -> None:
    component = only_component(
        a_bom_of("<version>\n  1\n</version><licenses><expression>\n MIT\n </expression></licenses>")
    )

    assert (component.version, component.licenses[0].value) == ("1", "MIT")


def test_comments_and_character_data_sections_are_parts_of_a_text() -> None:
    assert only_component(a_bom_of("<version>1<!-- x -->.<![CDATA[2<3]]>&amp;&#52;</version>")).version == "1.2<3&4"


def test_latin_1_that_is_declared_is_read_with_a_warning() -> None:
    document = '<?xml version="1.0" encoding="ISO-8859-1"?>' + a_bom_of("<group>Zoë</group>").decode()

    assert only_component(document.encode("latin-1")).group == "Zoë"
    assert warnings_of(document.encode("latin-1")) == [("encoding", "")]


def test_utf_16_may_say_so_in_the_declaration() -> None:
    document = '<?xml version="1.0" encoding="UTF-16"?>' + a_bom_of("<group>Zoë</group>").decode()

    assert only_component(document.encode("utf-16")).group == "Zoë"


def test_an_encoding_that_is_not_read_is_named() -> None:
    document = '<?xml version="1.0" encoding="Shift_JIS"?>' + a_bom_of("<group>日本</group>").decode()

    refusal = refusal_of(document.encode("shift_jis"))

    assert (refusal.kind, "shift_jis" in refusal.detail) == ("unsupported-encoding", True)


@pytest.mark.parametrize(
    ("document", "limits", "limit", "pointer"),
    [
        (a_bom_of("", ""), Limits(elements=1), "elements", None),
        (a_bom_of(f"<version>{'1' * 101}</version>"), Limits(field_bytes=100), "field", None),
        (
            a_bom_of(f"<version>{'1' * 1001}</version>"),
            Limits(field_bytes=1000),
            "field",
            "/bom/components/component[1]",
        ),
        (
            a_bom_of(f"<licenses><license><id>MIT</id><text>{'t' * 101}</text></license></licenses>"),
            Limits(text_bytes=100),
            "text",
            "/bom/components/component[1]/licenses/license[1]/text",
        ),
        (
            a_bom('<dependencies><dependency ref="a"><dependency ref="b"/></dependency></dependencies>'),
            Limits(relationships=0),
            "relationships",
            None,
        ),
    ],
)
def test_each_limit_refuses_what_passes_it(document: bytes, limits: Limits, limit: str, pointer: str | None) -> None:
    refusal = refusal_of(document, limits)

    assert (refusal.kind, refusal.limit) == ("over-limit", limit)
    assert pointer is None or [error.pointer for error in refusal.errors] == [pointer]


@examples(300)
@given(st.data())
def test_a_damaged_document_ends_in_a_result_or_a_refusal(data: st.DataObject) -> None:
    document = as_xml(cyclonedx(FULL, **DOCUMENT))
    pieces = document.replace(b"<", b"\0<").replace(b">", b">\0").split(b"\0")
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(pieces) - 1))
        pieces[place] = data.draw(st.sampled_from([b"", b"x", b"<name>", b"<a/>", b"&amp;", pieces[place] * 2]))

    outcome = read(b"".join(pieces), Limits())

    match outcome:
        case Read():
            buckets = outcome.facts.buckets
            assert buckets.elements == buckets.components + buckets.duplicates + buckets.ignored
            assert all(pointer.startswith("/bom") for pointer in json.loads(json.dumps(_places(outcome))))
        case Refusal():
            assert outcome.kind in ("breaks-specification", "not-an-sbom")


def _places(result: Read) -> list[str]:
    inventory = inventory_of(result)
    claims = [claim.pointer for component in inventory.components for claim in component.licenses]
    return [component.pointer for component in inventory.components] + claims
