"""What people put on file about licences, such as curations and waivers, and who did what with them when.

Nothing is overwritten or deleted: a record is proposed where another person must approve it, is in effect, and is ended.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal, get_args

import msgspec
from msgspec import Meta, Struct, field

from shared.contracts.decisions import Audience, Delivery, Kind, Medium
from shared.contracts.inventory import Linkage, Scope

DecisionKind = Literal[
    "confirmation", "context", "curation", "exclusion", "license-choice", "license-classification", "waiver"
]
DecisionState = Literal["proposed", "in-effect", "ended"]
APPROVED: Final[tuple[DecisionKind, ...]] = ("waiver", "license-classification")
"""What can need another person's approval: a waiver always, and a classification where a policy takes two people."""
REVIEWED: Final = frozenset({"curation", "waiver"})
"""What is looked at again by somebody else than its author."""

Line = Annotated[str, Meta(min_length=1, max_length=2000)]
Name = Annotated[str, Meta(min_length=1, max_length=255)]
Remark = Annotated[str, Meta(max_length=2000)]
WaiverReason = Literal[
    "cant-fix",
    "dynamic-linkage",
    "example-of",
    "false-positive",
    "license-acquired",
    "not-distributed",
    "not-modified",
    "patent-grant",
    "replacement-planned",
    "risk-accepted",
    "other",
]
"""Why a finding is accepted: other terms were obtained, the facts differ from the SBOM, or it is a risk for a time."""
REASONS: Final[tuple[str, ...]] = get_args(WaiverReason)


class CurationSource(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where a reviewer saw what a curation says: a file, a commit, an address; and who wrote and reviewed it there."""

    file: Line | None = None
    commit: Line | None = None
    url: Line | None = None
    author: Line | None = None
    reviewer: Line | None = None


class CurationBody(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The licence of a package as a reviewer found it; `declared` are the declared strings that it was made for.

    In place of `license`, `mapping` says what single declared strings mean: an SPDX expression each, or NONE for nothing.
    """

    purl: Line
    reason: Line
    license: Line | None = None
    mapping: Annotated[dict[Line, Line], Meta(min_length=1, max_length=100)] | None = None
    versions: Line | None = None
    declared: Annotated[list[str], Meta(max_length=1000)] | str | None = None
    source: CurationSource | None = None


class ChoiceBody(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The branch to take of an expression: for a package, for a project, or for all."""

    license: Line
    chosen: Line
    reason: Line
    project: Name | None = None
    purl: Line | None = None


ExclusionReason = Literal["build-tool", "documentation", "example", "not-used", "provided-by-platform", "test", "other"]
"""Why something is no part of what is delivered."""


class ConfirmationBody(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """That the licences which a document states of a package without an operator all apply: `license` joins them by AND."""

    purl: Line
    license: Line
    reason: Line
    versions: Line | None = None
    project: Name | None = None


class ExclusionBody(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """That a package is no part of what is delivered; with `license`, only what of it is under that licence."""

    purl: Line
    reason: ExclusionReason
    comment: Remark = ""
    license: Line | None = None
    versions: Line | None = None
    project: Name | None = None


class ClassificationBody(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The category of a licence, alone or with an exception, in place of the catalogue's."""

    license: Line
    category: Name
    reason: Line


class ContextBody(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How a project's releases use and deliver things (domain model §1): a field that is None says nothing.

    `version` is that of one release, `context` the usage context in which it holds. With `scope` or `purl` it is about the
    components of a scope or of a package alone. `outbound` may be `none`.
    """

    project: Name
    reason: Line
    version: Name | None = None
    context: Name | None = None
    scope: Scope | None = None
    purl: Line | None = None
    versions: Line | None = None
    delivery: list[Delivery] | None = None
    outbound: Line | None = None
    user_product: bool | None = None
    medium: Medium | None = None
    commercial: bool | None = None
    linkage: Linkage | None = None
    modified: bool | None = None
    shipped: bool | None = None
    kind: Kind | None = None
    audience: Audience | None = None
    advertising: bool | None = None
    interactive_ui: bool | None = None


OF_DELIVERY: Final = (
    "delivery", "user_product", "medium", "commercial", "advertising", "interactive_ui", "outbound", "audience",
)  # fmt: skip
OF_USAGE: Final = ("linkage", "modified", "shipped", "kind")


class WaiverBody(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Findings that are accepted until a day: those that agree with every field that is given, never by their text.

    `risk`: what may come of it; `conditions`: on which it is accepted; `review_date`: when somebody looks at it again.
    `version` is that of one release, `scope` and `linkage` those of the component, as the evaluation judged it.
    """

    reason: WaiverReason
    comment: Remark = ""
    expires_at: Name | None = None
    rule: Name | None = None
    license: Line | None = None
    purl: Line | None = None
    versions: Line | None = None
    project: Name | None = None
    context: Name | None = None
    version: Name | None = None
    scope: Scope | None = None
    linkage: Linkage | None = None
    risk: Remark = ""
    conditions: Remark = ""
    review_date: date | None = None


Body = ConfirmationBody | ContextBody | CurationBody | ExclusionBody | ChoiceBody | ClassificationBody | WaiverBody
BODIES: Final[dict[DecisionKind, type[Any]]] = {
    "confirmation": ConfirmationBody,
    "context": ContextBody,
    "curation": CurationBody,
    "exclusion": ExclusionBody,
    "license-choice": ChoiceBody,
    "license-classification": ClassificationBody,
    "waiver": WaiverBody,
}


NEWER_FIELDS: Final[dict[DecisionKind, tuple[str, ...]]] = {
    "curation": ("source",),
    "waiver": ("version", "scope", "linkage", "risk", "conditions", "review_date"),
}
"""What versions of Licet before these fields refuse to read (ADR 36)."""


class DecisionRecord(Struct, frozen=True, omit_defaults=True):
    """One record; `body` is the JSON of one of `BODIES`. Times are RFC 3339, people are principals.

    `scope`: the patterns of projects in which it holds, none wider than those of its author's key. `approved_roles`:
    the roles of the approver, which say what the approval can settle.
    """

    id: str
    kind: DecisionKind
    state: DecisionState
    scope: list[str]
    created_at: str
    created_by: str
    body: msgspec.Raw
    approved_at: str | None = None
    approved_by: str | None = None
    approved_roles: list[str] = field(default_factory=list)
    ended_at: str | None = None
    ended_by: str | None = None

    def content(self) -> Any:
        """The body, read."""
        return msgspec.json.decode(self.body, type=BODIES[self.kind])

    @property
    def is_newer(self) -> bool:
        """Whether its body has one of the `NEWER_FIELDS`."""
        newer = NEWER_FIELDS.get(self.kind, ())
        return bool(newer) and not msgspec.json.decode(self.body, type=dict[str, msgspec.Raw]).keys().isdisjoint(newer)


class Review(Struct, frozen=True):
    """Somebody else than its author has looked at a decision again; `review_date` is when to look next."""

    decision_id: str
    at: str
    by: str
    comment: str
    review_date: date | None = None


def next_review(waiver: WaiverBody, reviews: Sequence[Review]) -> date | None:
    """The day of a waiver's next review, as its last one says, or else as it was asked for; None where no day was said."""
    return reviews[-1].review_date if reviews else waiver.review_date


def is_expired(record: DecisionRecord, now: datetime) -> bool:
    """Whether the record is a waiver that has ended by itself."""
    if record.kind != "waiver":
        return False
    expires_at = record.content().expires_at
    return expires_at is not None and datetime.fromisoformat(expires_at) <= now
