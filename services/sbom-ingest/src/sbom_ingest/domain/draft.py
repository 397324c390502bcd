"""What a reader collects from one document, in the order of the document, before anything is decided."""

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

from msgspec.structs import replace

from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import Ignored, Refusal, Refused, over_limit
from shared.contracts.documents import DocumentWarning, Format, Root, Serialization
from shared.contracts.inventory import Component, ExtractedLicense
from shared.errors import ErrorAt

Edge = tuple[int, int]
MAX_FAULTS = 20


@dataclass(slots=True)
class Texts:
    """The long texts of a document, each once, under the SHA-256 (hex) of its UTF-8 bytes."""

    limits: Limits
    by_key: dict[str, str] = field(default_factory=dict)
    _keys: dict[str, str] = field(default_factory=dict)

    def add(self, text: str, pointer: str) -> str:
        """Keep `text` and return its key; refuses what is longer than `limits.text_bytes`."""
        known = self._keys.get(text)
        if known is not None:
            return known
        encoded = text.encode()
        if len(encoded) > self.limits.text_bytes:
            raise over_limit("text", f"a text may have {self.limits.text_bytes} bytes at most", pointer)
        key = sha256(encoded).hexdigest()
        self._keys[text] = key
        self.by_key[key] = text
        return key


@dataclass(slots=True)
class Draft:
    """The facts of one document as they stand in it.

    `dependencies` and `containments` are (from, to) positions in `components`, -1 for the root. A containment (an
    SPDX package within another, a nested CycloneDX component) becomes an edge only where no dependency leads.
    `root_position` is the place of the root among `components`, where the format lists it there too (SPDX).
    """

    format: Format
    serialization: Serialization
    spec_version: str | None
    limits: Limits
    texts: Texts = field(init=False)
    root: Root = field(default_factory=Root)
    root_position: int | None = None
    components: list[Component] = field(default_factory=list)
    dependencies: list[Edge] = field(default_factory=list)
    containments: list[Edge] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    warnings: list[DocumentWarning] = field(default_factory=list)
    extracted_licenses: list[ExtractedLicense] = field(default_factory=list)
    tool: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    created: str | None = None
    generation_context: list[str] = field(default_factory=list)
    services: int = 0
    files: int = 0
    faults: list[ErrorAt] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.texts = Texts(self.limits)

    def warn(self, code: str, message: str, pointer: str) -> None:
        """Note something that is wrong with a document that is taken all the same."""
        self.warnings.append(DocumentWarning(code, message, pointer))

    def note_fault(self, refused: Refused) -> None:
        """Keep what breaks the specification, so that one answer names several places; other refusals go on."""
        if refused.refusal.kind != "breaks-specification":
            raise refused
        self.faults.extend(refused.refusal.errors)
        if len(self.faults) >= MAX_FAULTS:
            self.refuse_faults()

    def refuse_faults(self) -> None:
        """Refuse the document if a fault was noted."""
        if self.faults:
            first = self.faults[0]
            detail = f"{first.pointer or 'the document'}: {first.message}"
            raise Refused(Refusal("breaks-specification", detail, tuple(self.faults[:MAX_FAULTS])))

    def tell_places(self, place: Callable[[str], str]) -> None:
        """Put every place that was noted so far in other terms; `place` translates one."""
        for position, component in enumerate(self.components):  # one by one: no second list of them all is needed
            self.components[position] = _told(component, place)
        self.warnings = [replace(warning, pointer=place(warning.pointer)) for warning in self.warnings]
        self.ignored = [Ignored(place(each.pointer), each.reason) for each in self.ignored]

    def check_elements(self, count: int) -> None:
        """Refuse a document of more than `limits.elements` elements."""
        if count > self.limits.elements:
            raise over_limit("elements", f"a document may have {self.limits.elements} elements at most")

    def check_relationships(self, count: int) -> None:
        """Refuse a document of more than `limits.relationships` relationships."""
        if count > self.limits.relationships:
            raise over_limit("relationships", f"a document may have {self.limits.relationships} relationships at most")

    def check_field(self, value: str, pointer: str) -> None:
        """Refuse a field of an element that is longer than `limits.field_bytes`."""
        longest = self.limits.field_bytes
        if len(value) > longest or (4 * len(value) > longest and len(value.encode()) > longest):
            raise over_limit("field", f"a field of a component may have {longest} bytes at most", pointer)


def _told(component: Component, place: Callable[[str], str]) -> Component:
    licenses = [replace(claim, pointer=place(claim.pointer)) for claim in component.licenses]
    return replace(component, pointer=place(component.pointer), licenses=licenses)
