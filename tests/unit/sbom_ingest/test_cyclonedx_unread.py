"""What a CycloneDX document has beside components, services and dependencies is told, with its count."""

import json

import pytest

from sbom_ingest.adapters.readers.cyclonedx_unread import UNREAD
from tests.support.small_sboms import cyclonedx, result_of

HEAD = '<bom xmlns="http://cyclonedx.org/schema/bom/1.6">'
JSON = cyclonedx({"name": "a"}, citations=[{}, {}], vulnerabilities=[{}] * 3, formulation=[], definitions={"a": []})
XML = (
    f"{HEAD}<citations><citation/><citation><x/></citation></citations><components/>"
    "<vulnerabilities><vulnerability/><vulnerability/><vulnerability/></vulnerabilities><formulation/>"
    "<definitions><standards><standard/><standard/></standards></definitions></bom>"
).encode()


def ignored(document: bytes) -> list[tuple[str, str]]:
    """The message and place of each warning of members that are ignored."""
    return [(each.message, each.pointer) for each in result_of(document).warnings if each.code == "members-ignored"]


@pytest.mark.parametrize(("document", "root"), [(JSON, ""), (XML, "/bom")], ids=["json", "xml"])
def test_members_that_are_not_read_are_told_with_the_count_of_their_entries(document: bytes, root: str) -> None:
    assert ignored(document) == [
        ("the entries of `citations` are not read: 2", f"{root}/citations"),
        ("the entries of `definitions` are not read: 1", f"{root}/definitions"),
        ("the entries of `vulnerabilities` are not read: 3", f"{root}/vulnerabilities"),
    ]


@pytest.mark.parametrize("name", UNREAD)
def test_every_member_that_is_not_read_is_told_in_json_and_xml(name: str) -> None:
    message = f"the entries of `{name}` are not read: 1"

    assert ignored(cyclonedx(**{name: [{}]})) == [(message, f"/{name}")]
    assert ignored(f"{HEAD}<components/><{name}><entry/></{name}></bom>".encode()) == [(message, f"/bom/{name}")]


def test_members_that_cyclonedx_does_not_have_are_told_in_one_warning() -> None:
    message = "members that CycloneDX does not have are not read: 2, such as 'own'"

    assert ignored(cyclonedx(own=[], words="text")) == [(message, "")]
    assert ignored(f"{HEAD}<components/><words>text</words><own><a/></own></bom>".encode()) == [(message, "/bom")]


def test_an_unread_member_of_another_kind_is_told_and_does_no_harm() -> None:
    assert ignored(cyclonedx(signature="text", citations=None)) == [
        ("the entries of `signature` are not read: 1", "/signature")
    ]


def test_a_document_of_nothing_else_has_no_such_warning() -> None:
    document = json.loads(cyclonedx({"name": "a"})) | {
        "$schema": "x",
        "metadata": {},
        "services": [],
        "dependencies": [],
    }

    assert ignored(json.dumps(document).encode()) == []


def test_an_unread_element_that_stands_twice_in_xml_is_counted_in_all() -> None:
    document = f"{HEAD}<properties><property/></properties><properties><property/></properties></bom>"

    assert ignored(document.encode()) == [("the entries of `properties` are not read: 2", "/bom/properties")]
