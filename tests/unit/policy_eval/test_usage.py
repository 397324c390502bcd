"""How a component is used, as far as the document and its package type tell."""

import pytest

from policy_eval.domain.usage import linked_os_packages, purl_type, usage_of
from shared.contracts.documents import Root
from tests.support.builders import a_component, an_inventory

BASH = {"name": "bash", "purl": "pkg:deb/debian/bash@5.2?distro=debian-12"}


@pytest.mark.parametrize(
    ("purl", "linkage"),
    [
        ("pkg:npm/left-pad@1.3.0", "package"),
        ("pkg:pypi/requests@2", "package"),
        ("pkg:maven/a/b@1", "package"),
        ("pkg:golang/golang.org/x/net@v0.1", "static"),
        ("pkg:cargo/serde@1", "static"),
        ("pkg:deb/debian/bash@5", "separate"),
        ("pkg:rpm/fedora/bash@5", "separate"),
        ("pkg:apk/alpine/busybox@1", "separate"),
        (None, "package"),
        ("Gantry", "package"),
    ],
)
def test_the_package_type_tells_the_usual_linkage(purl, linkage):
    assert usage_of(a_component(purl=purl)).linkage == linkage


@pytest.mark.parametrize(
    ("name", "linkage"),
    [("debian:bookworm:libstdc++6", "separate"), ("group:name:jar", "package"), ("debian", "package")],
)
def test_xray_names_debian_s_packages_without_a_purl(name, linkage):
    assert usage_of(a_component(name=name, purl=None)).linkage == linkage


@pytest.mark.parametrize(
    ("scope", "shipped"),
    [("runtime", True), ("optional", True), ("dev", False), ("test", False), ("build", False), ("excluded", False)],
)
def test_the_scope_tells_whether_a_component_is_shipped(scope, shipped):
    assert usage_of(a_component(scope=scope)).shipped is shipped


def test_what_the_document_says_of_linkage_goes_before_the_package_type():
    assert usage_of(a_component(purl="pkg:cargo/serde@1", linkage="dynamic")).linkage == "dynamic"


def test_copied_code_counts_as_modified_and_silence_as_not_modified():
    assert usage_of(a_component(linkage="copied", modified=False)).modified is True
    assert usage_of(a_component(modified=None)).modified is False


def test_an_os_package_that_an_application_component_depends_on_is_linked():
    inventory = an_inventory(a_component(), a_component(**BASH), a_component(**BASH), edges=[(0, 1), (1, 2)])

    linked = linked_os_packages(inventory)

    assert linked == {1}
    assert usage_of(inventory.components[1], linked_by_application=True).linkage == "dynamic"


@pytest.mark.parametrize(
    ("root", "linked"),
    [(Root(type="application"), {0}), (Root(type="container"), set()), (Root(type="device"), set()), (Root(), set())],
)
def test_a_root_links_os_packages_only_where_it_is_an_application(root, linked):
    inventory = an_inventory(a_component(**BASH), edges=[(-1, 0)], root=root)

    assert linked_os_packages(inventory) == linked


def test_an_image_or_an_operating_system_links_nothing():
    image = a_component(name="debian", purl="pkg:oci/debian@sha256:0", type="container")
    system = a_component(name="debian", purl=None, type="operating-system")
    inventory = an_inventory(image, system, a_component(**BASH), edges=[(0, 2), (1, 2)])

    assert linked_os_packages(inventory) == set()


def test_the_type_of_a_purl_is_read_without_regard_to_case():
    assert purl_type("PKG:NPM/left-pad") == "npm"
    assert purl_type("pkg://deb/debian/bash") == "deb"
