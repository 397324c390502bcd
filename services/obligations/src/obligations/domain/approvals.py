"""What people approve of a release: its NOTICE, and that nothing stands against giving it to the public."""

import hashlib
from typing import Annotated, Any, Final, Literal

from msgspec import Meta, Struct, json, structs

ApprovalKind = Literal["notice", "outbound-ip-check"]
_Text = Annotated[str, Meta(min_length=1, max_length=4000)]
_Digest = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
Documents = Annotated[dict[str, _Digest], Meta(min_length=1, max_length=1000)]


class NoticeApproval(Struct, frozen=True, forbid_unknown_fields=True):
    """Approves the NOTICE whose text has this digest, as it was read."""

    sha256: _Digest
    comment: _Text | None = None


class Point(Struct, frozen=True, forbid_unknown_fields=True):
    """The answer to one point of the check, and what it rests on."""

    result: Literal["cleared", "not-applicable", "blocked"]
    statement: _Text


class OutboundCheck(Struct, frozen=True, forbid_unknown_fields=True):
    """The outbound IP check (domain model §6.1, step 10) of what these documents, part → SHA-256, are the SBOMs of.

    `third_party_content` is all that is no code of one's own, images and fonts too.
    """

    documents: Documents
    ownership: Point
    third_party_content: Point
    trademarks: Point
    patents: Point
    export: Point
    comment: _Text | None = None

    @property
    def blocked(self) -> int:
        """How many points stand against the release."""
        return sum(getattr(self, name).result == "blocked" for name in POINTS)


POINTS: Final = ("ownership", "third_party_content", "trademarks", "patents", "export")


class Approval(Struct, frozen=True):
    """An approval on record. `subject`: the SHA-256 of what it is for, so that it holds for nothing else."""

    id: str
    project: str
    release: str
    kind: ApprovalKind
    subject: str
    by: str
    at: str
    body: NoticeApproval | OutboundCheck

    def shown(self) -> dict[str, Any]:
        """The approval as the API shows it."""
        about = {"id": self.id, "release": self.release, "approved_by": self.by, "approved_at": self.at}
        return about | structs.asdict(self.body)


def documents_digest(documents: dict[str, str]) -> str:
    """The SHA-256 over a release's documents, by part: another one as soon as one of them is."""
    return hashlib.sha256(json.encode(sorted(documents.items()))).hexdigest()
