"""A licence that a document defines several times has one definition, which loses nothing."""

from policy_eval.domain.definitions import with_whole_definitions
from shared.contracts.inventory import ExtractedLicense
from tests.support.builders import an_inventory

TEXTS = {"one": "Do as you like.", "two": "Ask me."}


def test_the_texts_of_several_definitions_are_one_after_the_other():
    several = [ExtractedLicense("LicenseRef-a", text="one"), ExtractedLicense("LicenseRef-A", "A", text="two")]

    inventory = with_whole_definitions(an_inventory(extracted_licenses=several, texts=TEXTS))

    [whole] = inventory.extracted_licenses
    assert (whole.id, whole.name) == ("LicenseRef-a", "A")
    assert inventory.texts[whole.text] == "Do as you like.\n\nAsk me."
    assert TEXTS.items() <= inventory.texts.items()


def test_definitions_without_text_keep_their_name():
    several = [ExtractedLicense("LicenseRef-a"), ExtractedLicense("LicenseRef-a", "A")]

    assert with_whole_definitions(an_inventory(extracted_licenses=several)).extracted_licenses == [
        ExtractedLicense("LicenseRef-a", "A")
    ]


def test_an_inventory_that_defines_each_once_stays_as_it_is():
    inventory = an_inventory(extracted_licenses=[ExtractedLicense("LicenseRef-a"), ExtractedLicense("LicenseRef-b")])

    assert with_whole_definitions(inventory) is inventory
