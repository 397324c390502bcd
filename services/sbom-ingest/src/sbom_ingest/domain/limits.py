"""How much of a document is read before it is refused."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of reading one document; the defaults are those that the API documents.

    `depth` counts nested objects and lists; `elements` components, packages or files; `relationships` single edges;
    `entries` what one list inside of an element may have, of hashes or licences for one, and the members of an object;
    `field_bytes` bounds any one field of an element and `text_bytes` a licence or notice text, both in UTF-8 bytes.
    Beyond `warnings` of them, warnings are counted and no longer kept.
    `yaml_bytes` and `yaml_events` (keys, values, beginnings and ends) bound a YAML document, which takes longer to read.
    The elements, with what is said of several at once written out for each, may have `inventory_base_bytes` and
    `inventory_factor` times the document. The time limit is `seconds` for documents up to `seconds_cover_bytes`, and
    `seconds_per_mib` for each further MiB.
    """

    depth: int = 64
    elements: int = 200_000
    relationships: int = 1_000_000
    entries: int = 100_000
    field_bytes: int = 1 * MIB
    text_bytes: int = 8 * MIB
    warnings: int = 100_000
    yaml_bytes: int = 16 * MIB
    yaml_events: int = 2_000_000
    inventory_base_bytes: int = 32 * MIB
    inventory_factor: int = 8
    seconds: float = 4.0
    seconds_cover_bytes: int = 8 * MIB
    seconds_per_mib: float = 0.25

    def may_be_passed_in(self, size: int) -> bool:
        """Whether an element of `size` bytes may have a field or list over the limits: most are not looked at again."""
        return size > min(self.field_bytes, self.entries)

    def inventory_bytes(self, size: int) -> int:
        """How many bytes the elements of a document of `size` bytes may have, each with all that is said of it.

        200,000 elements of one letter have 30 MiB; what is said of each element alone hardly grows beyond that.
        """
        return self.inventory_base_bytes + self.inventory_factor * size

    def reading_seconds(self, size: int) -> float:
        """The wall time in seconds within which a document of `size` bytes must have been read."""
        further = max(0, size - self.seconds_cover_bytes)
        return self.seconds + self.seconds_per_mib * further / MIB
