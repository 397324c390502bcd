"""What an SPDX 3 package keeps of a CycloneDX component in its extension is read as it is in CycloneDX."""

import json
from typing import Any

import pytest

from shared.contracts.inventory import Component
from tests.support.small_graphs import expression, package, relationship, spdx3
from tests.support.small_sboms import only_component, warnings_of

PLACE = "/@graph/{}/extension/0/extension_cdxProperty/{}"


def extended(**members: Any) -> dict[str, Any]:
    """A package whose extension has these members of a component, as cdxgen writes them."""
    entries = [
        {
            "type": "extension_CdxPropertyEntry",
            "extension_cdxPropName": name.replace("__", "."),
            "extension_cdxPropValue": value if isinstance(value, str) else json.dumps(value),
        }
        for name, value in members.items()
    ]
    extension = [{"type": "extension_CdxPropertiesExtension", "extension_cdxProperty": entries}]
    return package("root", extension=extension)


def component(*elements: dict[str, Any]) -> Component:
    return only_component(spdx3(*elements))


def position(document: bytes) -> int:
    graph = json.loads(document)["@graph"]
    return next(number for number, each in enumerate(graph) if each["type"] == "software_Package")


def test_licences_are_declared_at_the_property_that_holds_them() -> None:
    document = spdx3(extended(bomRef="a", licenses=[{"license": {"id": "MIT"}}, {"license": {"name": "Own"}}]))

    found = only_component(document).licenses

    place = PLACE.format(position(document), 1)
    assert [(each.value, each.kind, each.origin, each.pointer) for each in found] == [
        ("MIT", "id", "declared", place),
        ("Own", "name", "declared", place),
    ]


def test_evidence_is_observed_with_its_copyright() -> None:
    evidence = {"licenses": [{"license": {"id": "ISC"}}], "copyright": [{"text": "(c) Jane Roe"}]}

    found = component(extended(evidence=evidence))

    assert [(each.value, each.origin) for each in found.licenses] == [("ISC", "observed")]
    assert found.copyright == ["(c) Jane Roe"]


def test_group_parties_and_scope_are_those_of_the_component() -> None:
    marked = {"properties__cdx:npm:package:development": "true"}

    found = component(extended(group="@acme", author="Jane Roe", scope="optional", **marked))

    assert (found.group, found.scope, found.scope_written) == ("@acme", "dev", "cdx:npm:package:development=true")
    assert [(each.role, each.name) for each in found.parties] == [("author", "Jane Roe")]


def test_what_relationships_say_is_not_told_twice() -> None:
    licensed = relationship("root", "hasDeclaredLicense", "license")

    found = component(extended(licenses=[{"expression": "MIT"}]), expression("license", "MIT"), licensed)

    assert [(each.value, each.origin) for each in found.licenses] == [("MIT", "declared")]


@pytest.mark.parametrize(
    "written", ["MIT", "[" * 100_000, '{"license": 1}', '[{"license": {}}]', '[{"expression": 7}]']
)
def test_properties_that_are_not_of_cyclonedx_cost_a_warning(written: str) -> None:
    document = spdx3(extended(licenses=written))

    assert only_component(document).licenses == []
    assert warnings_of(document) == [("field-ignored", PLACE.format(position(document), 0))]


def test_warnings_of_licences_lead_to_the_property() -> None:
    document = spdx3(extended(licenses=[{"license": {"id": "mit"}}]))

    assert warnings_of(document) == [("license-id-case", PLACE.format(position(document), 0))]


def test_an_extension_may_stand_alone() -> None:
    alone = extended(group="@acme")
    alone["extension"] = alone["extension"][0]

    assert component(alone).group == "@acme"


def test_extensions_of_others_say_nothing() -> None:
    assert component(package("root", extension=["urn:other"])).group is None
    assert warnings_of(spdx3(package("root", extension=["urn:other"]))) == []
