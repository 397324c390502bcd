"""What is asked: an item, what is known of it, where it goes and on which day. Everything may be left out."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from policy_eval.domain.export.terms import CryptoFunction, CryptoKind

# What is asked is foreign: without these limits one question could keep a service busy.
Text = Annotated[str, Meta(max_length=10_000)]
Texts = Annotated[tuple[Text, ...], Meta(max_length=1_000)]

Form = Literal["source", "object", "product"]
Method = Literal["self", "reviewer", "supplier", "ccats", "authority", "kb-default"]


class CryptoStatement(Struct, frozen=True, forbid_unknown_fields=True):
    """What the asker says of the item's own cryptography; None = not said."""

    kind: CryptoKind | None = None
    functions: Annotated[tuple[CryptoFunction, ...], Meta(max_length=100)] | None = None
    standard: bool | None = None
    algorithms: Texts | None = None


class AskedComponent(Struct, frozen=True, forbid_unknown_fields=True):
    """A component of the item by its package URL."""

    purl: Text
    published: bool | None = None


class Classification(Struct, frozen=True, forbid_unknown_fields=True):
    """A classification, of the component with this purl or of the whole item. Dates are RFC 3339 dates or times.

    `list_version` is the control list that the code was looked up in: a day on which it was in force, or its name.
    """

    code: Text
    jurisdiction: Text | None = None
    purl: Text | None = None
    basis: Text | None = None
    method: Method | None = None
    by: Text | None = None
    date: Text | None = None
    valid_from: Text | None = None
    valid_to: Text | None = None
    list_version: Text | None = None
    reason: Text | None = None
    evidence: Any = None


class Notification(Struct, frozen=True, forbid_unknown_fields=True):
    """A notification or report that was sent to an authority."""

    type: Text | None = None
    sent_at: Text | None = None
    recipients: Texts | Text | None = None
    url: Text | None = None
    evidence: Any = None


class Note3(Struct, frozen=True, forbid_unknown_fields=True):
    """The four answers that Note 3 to Category 5 Part 2 (mass market) asks for; None = not answered."""

    retail: bool | None = None
    user_can_change_crypto: bool | None = None
    needs_supplier_support: bool | None = None
    details_available: bool | None = None


class Screening(Struct, frozen=True):
    """The result of comparing the parties with the sanctions lists, the list that was hit, on which day and by whom."""

    result: Text | bool | None = None
    list: Text | None = None
    date: Text | None = None
    by: Text | None = None


class Situation(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole question. `as_of` None = today; `sbom` is the document as it was sent."""

    jurisdictions: Texts | None = None
    origin: Text | None = None
    destinations: Texts | None = None
    as_of: Text | None = None
    form: Form | None = None
    published: bool | None = None
    access_restricted: bool | None = None
    source_url: Text | None = None
    corresponding_source_published: bool | None = None
    license: Text | None = None
    description: Text | None = None
    primary_function: Text | None = None
    crypto: CryptoStatement | None = None
    components: Annotated[tuple[AskedComponent, ...], Meta(max_length=200_000)] | None = None
    sbom: Raw | UnsetType = UNSET
    classifications: Annotated[tuple[Classification, ...], Meta(max_length=10_000)] | None = None
    notifications: Annotated[tuple[Notification, ...], Meta(max_length=10_000)] | None = None
    note3: Note3 | None = None
    screening: Screening | None = None
    end_use: Any = None

    @property
    def is_published(self) -> bool:
        """Whether the item can be had by anybody, without restriction on passing it on."""
        return self.published is True and self.access_restricted is not True
