"""The NOTICE of a release as a value: what must accompany the product, with nothing left for a renderer to decide."""

from dataclasses import dataclass
from typing import Literal

from msgspec import Struct

from shared.contracts.decisions import OrganizationFacts

_LEAST_YEARS = 3
TextSource = Literal["component", "catalogue", "catalogue-without-holder"]
StatementKind = Literal["library-use", "source-availability", "written-offer", "acknowledgement", "cryptography"]


@dataclass(frozen=True, slots=True)
class SourceOffer:
    """A standing offer to send source code on request (GPL-2.0 §3(b), LGPL-2.1 §6(c), GPL-3.0 §6(b)).

    Raises ValueError below the three years that all of these clauses ask for.
    """

    address: str
    url: str | None = None
    years: int = 3

    def __post_init__(self) -> None:
        if self.years < _LEAST_YEARS:
            raise ValueError(f"a written offer must be valid for at least three years, not {self.years}")


@dataclass(frozen=True, slots=True)
class Organization:
    """Who delivers the product, and whom to ask about open source (ISO/IEC 5230 §3.2.1)."""

    name: str | None = None
    open_source_contact: str | None = None
    source_offer: SourceOffer | None = None


def known_organization(told: OrganizationFacts | None, otherwise: Organization) -> Organization:
    """The organisation as the API was told; what it was not told is taken from `otherwise`.

    An offer of fewer years than the licences ask for is none.
    """
    if told is None:
        return otherwise
    offer = told.source_offer
    valid = SourceOffer(offer.address, offer.url, offer.years) if offer and offer.years >= _LEAST_YEARS else None
    return Organization(
        name=told.name or otherwise.name,
        open_source_contact=told.open_source_contact or otherwise.open_source_contact,
        source_offer=valid or otherwise.source_offer,
    )


class ComponentReference(Struct, frozen=True, gc=False):
    """A component as statements and open points name it."""

    name: str
    version: str | None
    purl: str | None
    source: str | None = None


# Nothing in these leads back to them: there is no cycle to search for.
class NoticeComponent(Struct, frozen=True, gc=False):
    """A shipped component. `license` is the effective one (None = open), `chosen_from` the offer it was chosen in.

    `notices` and `texts` are ids of `Notice.notices` and `Notice.texts`; `modified`: None = unknown.
    """

    name: str
    version: str | None
    purl: str | None
    supplier: str | None
    license: str | None
    chosen_from: str | None
    copyright: tuple[str, ...]
    notices: tuple[str, ...]
    texts: tuple[str, ...]
    modified: bool | None
    source: str | None


@dataclass(frozen=True, slots=True)
class NoticeText:
    """A complete licence or exception text, printed once. `license`: the ids it is the text of, joined by ", ".

    `source` "catalogue-without-holder": the listed text less its blank for the holder, whose copyright notices stand
    with the components.
    """

    id: str
    license: str
    text: str
    source: TextSource


@dataclass(frozen=True, slots=True)
class UpstreamNotice:
    """The content of an upstream NOTICE file, word for word."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence that a licence demands, with the components it is about; or that on cryptography, about the product."""

    kind: StatementKind
    text: str
    components: tuple[ComponentReference, ...]


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """Something that must be settled before the document is final, and for which components."""

    kind: str
    message: str
    components: tuple[ComponentReference, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """The whole document. `documents`: part name and SHA-256 of the SBOM it comes from.

    `header`: what the project wants to say at the beginning, as plain text. `included_scopes`: those whose components
    are listed although they are not delivered as a rule.
    """

    project: str
    version: str
    organization: Organization
    generator: str
    documents: tuple[tuple[str, str], ...]
    components: tuple[NoticeComponent, ...]
    statements: tuple[Statement, ...]
    texts: tuple[NoticeText, ...]
    notices: tuple[UpstreamNotice, ...]
    open_points: tuple[OpenPoint, ...]
    header: str | None = None
    included_scopes: tuple[str, ...] = ()

    @property
    def status(self) -> Literal["draft", "final"]:
        """`final` if and only if no point is open."""
        return "draft" if self.open_points else "final"
