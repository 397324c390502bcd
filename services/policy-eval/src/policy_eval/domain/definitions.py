"""The licences that a document defines itself, each once."""

from hashlib import sha256

import msgspec

from shared.contracts.inventory import ExtractedLicense, Inventory


def with_whole_definitions(inventory: Inventory) -> Inventory:
    """The inventory with one definition for each id: its texts are those of all, one after the other.

    ScanCode writes a licence that it found several times as often into SPDX, each time with the text that it found;
    RDF has them together. What any of them says must not be lost.
    """
    by_id: dict[str, list[ExtractedLicense]] = {}
    for each in inventory.extracted_licenses:
        by_id.setdefault(each.id.lower(), []).append(each)
    if len(by_id) == len(inventory.extracted_licenses):
        return inventory
    texts = dict(inventory.texts)
    whole = [_whole(several, texts) if len(several) > 1 else several[0] for several in by_id.values()]
    return msgspec.structs.replace(inventory, extracted_licenses=whole, texts=texts)


def _whole(several: list[ExtractedLicense], texts: dict[str, str]) -> ExtractedLicense:
    """One definition that says what several do; adds its text to `texts`."""
    written = dict.fromkeys(texts[each.text] for each in several if each.text in texts)
    name = next((each.name for each in several if each.name), None)
    if not written:
        return ExtractedLicense(several[0].id, name)
    text = "\n\n".join(written)
    key = sha256(text.encode()).hexdigest()
    texts[key] = text
    return ExtractedLicense(several[0].id, name, key)
