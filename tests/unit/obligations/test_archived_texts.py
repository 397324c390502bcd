"""Texts by the digest of the file that they came with."""

from obligations.domain.archived_texts import by_digest, digests_of, for_components, without_texts
from obligations.domain.attributions import AttributedText, Attribution
from tests.support.decided import a_component, a_release, own_text

SHA256, SHA1 = "ab" * 32, "cd" * 20
GIVEN = Attribution(purl="pkg:npm/a@4.17.21", license_texts=(AttributedText(text="MIT text"),))


def test_what_was_given_for_a_component_is_found_by_its_digest_under_another_name() -> None:
    first = a_release(a_component("MIT", name="a", hashes={"SHA-256": SHA256.upper()}))
    other = a_component("MIT", name="renamed", hashes={"sha-256": SHA256})

    archive = by_digest(first, [GIVEN])
    [found] = for_components([other], archive)

    assert (found.name, found.purl) == ("renamed", "pkg:npm/renamed@4.17.21")
    assert found.license_texts == GIVEN.license_texts


def test_digests_of_which_two_files_can_be_made_are_not_trusted() -> None:
    assert list(digests_of(a_component("MIT", hashes={"SHA-1": SHA1, "MD5": "0" * 32}))) == []


def test_only_delivered_components_without_a_text_are_looked_up() -> None:
    hashes = {"SHA-256": SHA256}
    release = a_release(
        a_component("MIT", name="lacking", hashes=hashes),
        a_component("MIT", name="has one", hashes=hashes, texts=[own_text("t")]),
        a_component("MIT", name="not delivered", hashes=hashes, shipped=False),
        a_component("MIT", name="no digest"),
        texts={"t": "text"},
    )

    assert [each.name for each in without_texts(release)] == ["lacking"]


def test_an_attribution_without_a_text_is_not_archived() -> None:
    release = a_release(a_component("MIT", name="a", hashes={"SHA-256": SHA256}))

    assert by_digest(release, [Attribution(purl="pkg:npm/a@4.17.21", copyright=("(c) A",))]) == {}
