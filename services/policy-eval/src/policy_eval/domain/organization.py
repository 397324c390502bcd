"""What the organisation says of itself: notices print it, and choices follow its order of preference."""

from typing import Annotated

from msgspec import Meta, Struct, field

from shared.contracts.decisions import OfferOfSource, OrganizationFacts

Line = Annotated[str, Meta(min_length=1, max_length=500)]


class SourceOffer(Struct, frozen=True, forbid_unknown_fields=True):
    """The standing offer of source code; three years are the least that licences ask for (GPL-2.0 §3(b))."""

    address: Annotated[str, Meta(min_length=1, max_length=2000)]
    url: Line | None = None
    years: Annotated[int, Meta(ge=3, le=100)] = 3


class Organization(Struct, frozen=True, forbid_unknown_fields=True):
    """All of it; `preferred_licenses`, the most wanted first, go before those that the policy prefers."""

    name: Line | None = None
    open_source_contact: Line | None = None
    source_offer: SourceOffer | None = None
    preferred_licenses: Annotated[list[Line], Meta(max_length=1000)] = field(default_factory=list)

    def facts(self) -> OrganizationFacts | None:
        """What notices need of it; None where nothing is said."""
        offer = self.source_offer
        told = OfferOfSource(offer.address, offer.url, offer.years) if offer else None
        if not (self.name or self.open_source_contact or told):
            return None
        return OrganizationFacts(self.name, self.open_source_contact, told)
