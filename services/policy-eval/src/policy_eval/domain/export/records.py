"""What officers put on file for a project: classifications, notifications, statements; and what of it counts now.

Nothing is overwritten: a record is proposed, approved by somebody else where that is asked for, and withdrawn; it stays
on file for the time that evidence must be kept (EU: Reg. (EU) 2021/821 Art. 27; US: 15 CFR §762.6).
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct, structs

from policy_eval.domain.export.situation import (
    Classification,
    CryptoStatement,
    Form,
    Note3,
    Notification,
    Screening,
    Situation,
    Text,
    Texts,
)
from policy_eval.domain.export.statements import kind_of

Kind = Literal["classification", "notification", "statement", "shipment", "verification"]
State = Literal["proposed", "in-effect", "withdrawn"]
CHANGES_NO_VERDICT: Final = frozenset({"shipment", "verification"})
NEEDS_APPROVAL: Final = frozenset({"classification"})


class FiledNotification(Struct, frozen=True, forbid_unknown_fields=True):
    """A notification with the digest of the non-standard cryptography that it told of."""

    type: Text | None = None
    sent_at: Text | None = None
    recipients: Texts | Text | None = None
    url: Text | None = None
    evidence: Any = None
    crypto_digest: Text | None = None


class ReportRow(Struct, frozen=True, forbid_unknown_fields=True):
    """What the annual self-classification report tells of a product beside its classification (Supp. 8 to part 742)."""

    product: Text | None = None
    model: Text | None = None
    manufacturer: Text | None = None
    item_type: Text | None = None
    submitter: Text | None = None
    telephone: Text | None = None
    email: Text | None = None
    address: Text | None = None
    non_us_components: Text | None = None
    non_us_locations: Text | None = None


class Statement(Struct, frozen=True, forbid_unknown_fields=True):
    """What a project says of its releases for export; fields as in a question (`Situation`)."""

    form: Form | None = None
    published: bool | None = None
    access_restricted: bool | None = None
    source_url: Text | None = None
    corresponding_source_published: bool | None = None
    license: Text | None = None
    description: Text | None = None
    primary_function: Text | None = None
    origin: Text | None = None
    crypto: CryptoStatement | None = None
    note3: Note3 | None = None
    screening: Screening | None = None
    end_use: Any = None
    reason: Text | None = None
    evidence: Any = None
    report: ReportRow | None = None


class Shipment(Struct, frozen=True, forbid_unknown_fields=True):
    """Something was delivered: on which day, where, to whom, how much; what 15 CFR §740.17(e)(1) asks to report.

    `recipient_type` distributor: it passes the item on, to the `end_user` where that is known.
    `screening` is that of the parties of this delivery.
    """

    shipped_at: Text
    destination: Text
    recipient: Text
    address: Text | None = None
    recipient_type: Literal["distributor", "end-user"] = "end-user"
    item: Text | None = None
    quantity: Text | None = None
    end_user: Text | None = None
    screening: Screening | None = None
    end_user_address: Text | None = None
    reason: Text | None = None
    evidence: Any = None


class Verification(Struct, frozen=True, forbid_unknown_fields=True):
    """A table of places was compared with the law on that day."""

    table: Text
    verified_at: Text
    source: Text | None = None


Body = Classification | FiledNotification | Statement | Shipment | Verification
BODIES: Final[dict[Kind, type[Any]]] = {
    "classification": Classification,
    "notification": FiledNotification,
    "statement": Statement,
    "shipment": Shipment,
    "verification": Verification,
}


class Record(Struct, frozen=True, omit_defaults=True):
    """One record; `body` is the JSON of one of `BODIES`. Times are RFC 3339, people are principals."""

    id: str
    kind: Kind
    project: str
    state: State
    created_at: str
    created_by: str
    body: msgspec.Raw
    approved_at: str | None = None
    approved_by: str | None = None
    withdrawn_at: str | None = None
    withdrawn_by: str | None = None

    def content(self) -> Any:
        """The body, read."""
        return msgspec.json.decode(self.body, type=BODIES[self.kind])


@dataclass(frozen=True, slots=True)
class ProjectExport:
    """What counts of a project now: the newest statement, approved classifications, notifications, deliveries."""

    statement: Statement
    classifications: tuple[Classification, ...]
    notifications: tuple[FiledNotification, ...]
    shipments: tuple[Shipment, ...] = ()

    def screened(self, shipment: Shipment) -> "ProjectExport":
        """The same for one delivery: the screening of its parties, where it has one, in place of the project's."""
        if shipment.screening is None:
            return self
        return replace(self, statement=structs.replace(self.statement, screening=shipment.screening))

    def situation(self, is_public: bool, jurisdictions: Sequence[str], destinations: Sequence[str]) -> Situation:
        """The question that is asked of a release; `is_public`: its context publishes it, unless stated otherwise."""
        stated = {name: getattr(self.statement, name) for name in _STATED}
        published = is_public if self.statement.published is None else self.statement.published
        current = [each for each in self.notifications if not _tells_of_other_crypto(each, self.statement)]
        return Situation(
            **{**stated, "published": published},
            jurisdictions=tuple(jurisdictions),
            destinations=tuple(destinations) or None,
            classifications=self.classifications,
            notifications=tuple(_sent(each) for each in current),
        )


_STATED: Final = tuple(name for name in Statement.__struct_fields__ if name in Situation.__struct_fields__)


def project_export(records: Iterable[Record]) -> ProjectExport:
    """What counts of these records of one project, which are in the order in which they were made."""
    contents = [each.content() for each in records if each.state == "in-effect"]
    statements = [each for each in contents if isinstance(each, Statement)]
    return ProjectExport(
        statement=statements[-1] if statements else Statement(),
        classifications=tuple(each for each in contents if isinstance(each, Classification)),
        notifications=tuple(each for each in contents if isinstance(each, FiledNotification)),
        shipments=tuple(each for each in contents if isinstance(each, Shipment)),
    )


def crypto_digest(crypto: CryptoStatement | None) -> str | None:
    """By what a change of non-standard cryptography is seen; None where there is none."""
    if crypto is None or crypto.standard is not False:
        return None
    facts = (sorted(crypto.functions or ()), sorted(crypto.algorithms or ()))
    return hashlib.sha256(msgspec.json.encode(facts)).hexdigest()


def due_again(notification: FiledNotification, statement: Statement) -> list[str]:
    """Why a notification must be sent again: the URL or the non-standard cryptography is another now."""
    reasons: list[str] = []
    if not _is_publication_mail(notification):
        return reasons
    if statement.source_url and notification.url and statement.source_url != notification.url:
        reasons.append(f"the source is now at {statement.source_url}")
    if _tells_of_other_crypto(notification, statement):
        reasons.append("the non-standard cryptography has changed")
    return reasons


def _tells_of_other_crypto(notification: FiledNotification, statement: Statement) -> bool:
    """Whether there is non-standard cryptography now of which the authorities were not told by it."""
    now = crypto_digest(statement.crypto)
    return now is not None and notification.crypto_digest != now and _is_publication_mail(notification)


def _is_publication_mail(filed: FiledNotification) -> bool:
    return kind_of(_sent(filed)) == "publication-mail"


def _sent(filed: FiledNotification) -> Notification:
    fields = {name: value for name, value in structs.asdict(filed).items() if name != "crypto_digest"}
    return Notification(**fields)
