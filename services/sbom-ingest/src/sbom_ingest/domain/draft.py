"""What a reader collects from one document, in the order of the document, before anything is decided."""

from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import BinaryIO

from msgspec.structs import force_setattr, replace

from sbom_ingest.domain.component_store import ComponentStore
from sbom_ingest.domain.edges import Edges
from sbom_ingest.domain.identity import synthetic_identity
from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import Ignored, Refusal, Refused, over_limit
from sbom_ingest.domain.texts import Texts
from shared.contracts.documents import DocumentWarning, Format, Root, Serialization
from shared.contracts.inventory import Completeness, Component, ExtractedLicense, StatedChoice
from shared.errors import ErrorAt

MAX_FAULTS = 20


class Faulty(Refused):
    """The refusal for faults that were noted, whose places are in the terms of the document already."""


@dataclass(slots=True)
class Draft:
    """The facts of one document as they stand in it.

    What grows with the document is kept in streams that `new_stream` makes, each readable and writable. `place` puts
    every place that is noted into the terms of the document. `dependencies` and `containments` are between positions in
    `components`, -1 for the root. A containment (an SPDX package within another, a nested CycloneDX component) becomes
    an edge only where no dependency leads. `root_position` is the place of the root among `components`, where the format
    lists it there too (SPDX). `provides` are edges to the cryptographic assets that a component implements.
    """

    format: Format
    serialization: Serialization
    spec_version: str | None
    limits: Limits
    new_stream: Callable[[], BinaryIO] = BytesIO
    place: Callable[[str], str] | None = None
    texts: Texts = field(init=False)
    components: ComponentStore = field(init=False)
    dependencies: Edges = field(default_factory=Edges)
    containments: Edges = field(default_factory=Edges)
    root: Root = field(default_factory=Root)
    root_position: int | None = None
    ignored: list[Ignored] = field(default_factory=list)
    warnings: list[DocumentWarning] = field(default_factory=list)
    warnings_left_out: int = 0
    extracted_licenses: list[ExtractedLicense] = field(default_factory=list)
    tool: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    created: str | None = None
    generation_context: list[str] = field(default_factory=list)
    provides: Edges = field(default_factory=Edges)
    completeness: list[Completeness] = field(default_factory=list)
    choices: list[StatedChoice] = field(default_factory=list)
    services: int = 0
    files: int = 0
    faults: list[ErrorAt] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.texts = Texts(self.limits, self.new_stream())
        self.components = ComponentStore(self.new_stream())

    def warn(self, code: str, message: str, pointer: str) -> None:
        """Note something that is wrong with a document that is taken all the same."""
        if len(self.warnings) < self.limits.warnings:
            self.warnings.append(DocumentWarning(code, message, self.place(pointer) if self.place else pointer))
        else:
            self.warnings_left_out += 1

    def listed_warnings(self) -> list[DocumentWarning]:
        """All warnings, the last of which says how many more there were."""
        if not self.warnings_left_out:
            return self.warnings
        message = (
            f"{self.warnings_left_out} more warnings are not listed: put right what is, and send the document again"
        )
        return [*self.warnings, DocumentWarning("warnings-left-out", message, "")]

    def add(self, component: Component) -> int:
        """Add an element, with a synthetic identity where it has no package URL; returns its position."""
        if component.purl is None:
            component = replace(component, identity=synthetic_identity(component))
        if self.place:
            _tell(component, self.place)
        return self.components.append(component)

    def ignore(self, pointer: str, reason: str) -> None:
        """Count an element that is not used."""
        self.ignored.append(Ignored(self.place(pointer) if self.place else pointer, reason))

    def state(self, told: Completeness) -> None:
        """Note how complete the parts and dependencies of elements are said to be."""
        self.completeness.append(replace(told, pointer=self.place(told.pointer)) if self.place else told)

    def note_fault(self, refused: Refused) -> None:
        """Keep what breaks the specification, so that one answer names several places; other refusals go on."""
        if refused.refusal.kind != "breaks-specification":
            raise refused
        refusal = refused.refusal.told(self.place) if self.place else refused.refusal
        self.faults.extend(refusal.errors)
        if len(self.faults) >= MAX_FAULTS:
            self.refuse_faults()

    def refuse_faults(self) -> None:
        """Refuse the document if a fault was noted."""
        if self.faults:
            first = self.faults[0]
            detail = f"{first.pointer or 'the document'}: {first.message}"
            raise Faulty(Refusal("breaks-specification", detail, tuple(self.faults[:MAX_FAULTS])))

    def check_elements(self, count: int) -> None:
        """Refuse a document of more than `limits.elements` elements."""
        if count > self.limits.elements:
            raise over_limit("elements", f"a document may have {self.limits.elements} elements at most")

    def check_references(self, count: int, pointer: str) -> None:
        """Refuse a list of references to elements that is longer than a document may have elements."""
        most = self.limits.elements
        if count > most:
            message = f"a document may have {most} elements at most, and this list refers to {count}"
            raise over_limit("elements", message, pointer)

    def check_entries(self, count: int, pointer: str) -> None:
        """Refuse a list inside of an element of more than `limits.entries` entries."""
        most = self.limits.entries
        if count > most:
            message = (
                f"a list inside of an element may have {most} entries at most, not {count}; leave out some of them"
            )
            raise over_limit("entries", message, pointer)

    def check_relationships(self, count: int) -> None:
        """Refuse a document of more than `limits.relationships` relationships."""
        if count > self.limits.relationships:
            raise over_limit("relationships", f"a document may have {self.limits.relationships} relationships at most")

    def check_field(self, value: str, pointer: str) -> None:
        """Refuse a field of an element that is longer than `limits.field_bytes`."""
        longest = self.limits.field_bytes
        if len(value) > longest or (4 * len(value) > longest and len(value.encode()) > longest):
            raise over_limit("field", f"a field of a component may have {longest} bytes at most", pointer)


def _tell(component: Component, place: Callable[[str], str]) -> None:
    """Put the places into the terms of the document, in the component itself: it is new, and nobody else has it."""
    force_setattr(component, "pointer", place(component.pointer))
    for claim in component.licenses:
        force_setattr(claim, "pointer", place(claim.pointer))
    for each in component.statements:
        force_setattr(each, "pointer", place(each.pointer))
