"""One NOTICE over several releases: what they have in common stands in it once, and in the order of a single one."""

from obligations.adapters.catalogue_files import load_obligation_catalogue
from obligations.domain.compile_notice import compile_notice
from obligations.domain.notice import Notice, Organization
from obligations.domain.product_notice import product_notice
from shared.contracts.decisions import DecidedComponent
from tests.support.decided import a_component, a_release, own_text

CATALOGUE = load_obligation_catalogue()
EXCEPTIONS = frozenset(each.id for each in CATALOGUE.licenses.exceptions)


def notice_of(project: str, *components: DecidedComponent, **facts: object) -> Notice:
    release = a_release(*components, project=project, **facts)
    return compile_notice(release, CATALOGUE, Organization(), "Licet 0")


def product(*notices: Notice) -> Notice:
    return product_notice(notices, None, None, EXCEPTIONS)


def test_a_text_that_two_releases_know_by_different_ids_is_printed_once() -> None:
    only, later = a_component("GPL-2.0-only", name="only"), a_component("GPL-2.0-or-later", name="later")

    made = product(notice_of("a", only), notice_of("b", later))

    assert [each.license for each in made.texts] == ["GPL-2.0-only, GPL-2.0-or-later"]
    assert [each.texts for each in made.components] == [("text-1",), ("text-1",)]


def test_texts_stand_by_licence_and_an_exception_after_its_own() -> None:
    jdk = a_component("GPL-2.0-only WITH Classpath-exception-2.0", name="jdk")

    made = product(
        notice_of("a", a_component("MIT"), a_component("GPL-2.0-only", name="git")),
        notice_of("b", jdk, a_component("Apache-2.0", name="ant")),
    )

    assert [each.license for each in made.texts] == ["Apache-2.0", "GPL-2.0-only", "Classpath-exception-2.0", "MIT"]
    numbers = {each.name: each.texts for each in made.components}
    assert numbers["jdk"] == ("text-2", "text-3")


def test_what_a_product_says_is_what_its_releases_say_together() -> None:
    texts = {"notice": "Ant\n", "own": "All rights granted. Copyright Ant"}
    ant = a_component("LicenseRef-ant", name="ant", notices=["notice"], texts=[own_text("own")])
    one = notice_of("a", ant, a_component("MIT"), texts=texts)

    made = product(one, one, notice_of("b", a_component("MIT", name="other")))

    assert product(one).components == one.components
    assert (product(one).texts, product(one).notices) == (one.texts, one.notices)
    assert [each.name for each in made.components] == ["ant", "lodash", "other"]
    assert [each.text for each in made.notices] == ["Ant\n"]
    assert {each.kind for each in made.open_points} == {each.kind for each in one.open_points}
