"""What reading a document ends in: a result, or a refusal that says what to do next."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from shared.contracts.documents import Buckets, DocumentWarning, Format, Quality, Root, Serialization
from shared.errors import ErrorAt

RefusalKind = Literal["not-an-sbom", "unsupported-encoding", "breaks-specification", "over-limit"]

TITLES: dict[RefusalKind, str] = {
    "not-an-sbom": "Not an SBOM that can be read",
    "unsupported-encoding": "Unsupported encoding",
    "breaks-specification": "The SBOM breaks its specification",
    "over-limit": "A limit was passed",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a document is not taken. `errors` point into the document; `limit` names the limit that was passed."""

    kind: RefusalKind
    detail: str
    errors: tuple[ErrorAt, ...] = ()
    limit: str | None = None

    @property
    def title(self) -> str:
        """The kind in words, the same for each refusal of a kind."""
        return TITLES[self.kind]

    def told(self, place: Callable[[str], str]) -> "Refusal":
        """The same refusal with its places in other terms; `place` translates one."""
        if not self.errors:
            return self
        errors = tuple(ErrorAt(place(error.pointer), error.message) for error in self.errors)
        return replace(self, detail=_at(errors[0].pointer, errors[0].message), errors=errors)


class Refused(Exception):
    """Ends the reading of a document from any depth; carries the refusal. It never leaves `readers.read`."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.detail)
        self.refusal = refusal


def not_an_sbom(detail: str) -> Refused:
    """The refusal of bytes that are no SBOM, or none that can be read."""
    return Refused(Refusal("not-an-sbom", detail))


def breaks_specification(pointer: str, message: str) -> Refused:
    """The refusal of an SBOM whose fault at `pointer` could change the outcome."""
    return Refused(Refusal("breaks-specification", _at(pointer, message), (ErrorAt(pointer, message),)))


def over_limit(limit: str, message: str, pointer: str | None = None) -> Refused:
    """The refusal of a document that passes the limit of this name, at `pointer` where one place does."""
    if pointer is None:
        return Refused(Refusal("over-limit", message, limit=limit))
    return Refused(Refusal("over-limit", _at(pointer, message), (ErrorAt(pointer, message),), limit))


def _at(pointer: str, message: str) -> str:
    return f"{pointer or 'the document'}: {message}"


@dataclass(frozen=True, slots=True)
class Ignored:
    """An element that is counted and not used, with its place and the reason."""

    pointer: str
    reason: str


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What the API tells of a document, without what storing adds (id, part, digest, time)."""

    format: Format
    spec_version: str | None
    serialization: Serialization
    tool: list[str]
    root: Root
    buckets: Buckets
    services: int
    files: int
    quality: Quality


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What is told of a document that was read; `inventory_sha256` is the digest of its encoded `Inventory`."""

    facts: DocumentFacts
    inventory_sha256: str
    warnings: list[DocumentWarning]
    ignored: list[Ignored]
