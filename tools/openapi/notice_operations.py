"""What people add to notices: templates, signatures, attributions, own analyses of licences."""

from typing import Final, Literal

from msgspec import Struct

from obligations.application.give_attributions import AttributionBundle
from obligations.application.template_ports import StoredTemplate
from obligations.domain.approvals import NoticeApproval, OutboundCheck, Point
from obligations.domain.own_analyses import OwnAnalysis
from tools.openapi.described import BYTES, JSON, TEXT, Answer, Operation, lists, shows, takes


class LicenseAnalysis(Struct, frozen=True):
    """A version of an organisation's own analysis; `analysis` null where this version withdraws it."""

    license: str
    version: int
    created_by: str
    created_at: str
    withdrawn: bool
    analysis: OwnAnalysis | None


class NoticeTemplates(Struct, frozen=True):
    """All versions of all kinds of a project."""

    items: list[StoredTemplate]


class UnusedFile(Struct, frozen=True):
    """A file of an archive that nothing was made of."""

    file: str
    reason: str


class Taken(Struct, frozen=True):
    """What was handed in, and the evaluation that counts with it; `archived`: for how many digests of files."""

    id: str
    components: int
    sha256: str
    evaluation: str
    archived: int
    unused: list[UnusedFile]
    unused_total: int


_ANALYSES: Final = "/api/v1/license-analyses"
_ANALYSIS: Final = f"{_ANALYSES}/{{license_id}}"
_TEMPLATE: Final = "/api/v1/notice-templates/{kind}"
_SIGNED: Final = ("format=text|markdown|html|json", "group=component|license", "evaluation", "wait")
_ARCHIVES: Final = (
    "application/zip",
    "application/x-tar",
    "application/gzip",
    "application/x-bzip2",
    "application/x-xz",
)


class _Approved(Struct, frozen=True):
    id: str
    release: str
    approved_by: str
    approved_at: str
    comment: str | None


class ApprovedNotice(_Approved, frozen=True, kw_only=True):
    """The approval of the NOTICE whose text has this digest; `release` is the one that it was given for."""

    sha256: str


class FiledCheck(_Approved, frozen=True, kw_only=True):
    """An outbound IP check of a release with these documents, part → SHA-256; `release` is the one it was filed for."""

    documents: dict[str, str]
    ownership: Point
    third_party_content: Point
    trademarks: Point
    patents: Point
    export: Point


class NoticeApprovalState(Struct, frozen=True):
    """The digest of the text of the NOTICE as it is now, and the approval of it."""

    release: str
    sha256: str
    notice_status: Literal["draft", "final"]
    approval: ApprovedNotice | None


class OutboundCheckState(Struct, frozen=True):
    """The documents of the release as they are now, whether it goes to the public, and the check of it."""

    release: str
    documents: dict[str, str]
    is_public: bool
    approval: FiledCheck | None


_APPROVAL: Final = "/api/v1/releases/{release_id}/notice/approval"
_OUTBOUND: Final = "/api/v1/releases/{release_id}/outbound-ip-check"

NOTICE_OPERATIONS: Final[dict[tuple[str, str], Operation]] = {
    ("GET", _ANALYSES): lists(LicenseAnalysis),
    ("GET", _ANALYSIS): shows(LicenseAnalysis, "version"),
    ("PUT", _ANALYSIS): takes(OwnAnalysis, LicenseAnalysis, status=201),
    ("DELETE", _ANALYSIS): shows(LicenseAnalysis, refusals=(409,)),
    ("GET", f"{_ANALYSIS}/versions"): lists(LicenseAnalysis),
    ("GET", "/api/v1/notice-templates"): shows(
        NoticeTemplates, "project", required_query=("project",), refusals=(404,)
    ),
    ("GET", _TEMPLATE): Operation(
        (Answer(200, {"text/plain": TEXT}),), ("project", "version"), required_query=("project",)
    ),
    ("PUT", _TEMPLATE): Operation(
        (Answer(201, {JSON: StoredTemplate}),), ("project",), required_query=("project",), body={"text/plain": TEXT}
    ),
    ("GET", "/api/v1/releases/{release_id}/notice/signature"): Operation(
        (Answer(200, {"application/octet-stream": BYTES}, "`X-Notice-Key` is the digest of the key."),), _SIGNED
    ),
    ("GET", _APPROVAL): shows(NoticeApprovalState, "wait", refusals=(409,)),
    ("POST", _APPROVAL): takes(NoticeApproval, ApprovedNotice, "wait", status=201),
    ("DELETE", _APPROVAL): Operation((Answer(204),), refusals=(409,)),
    ("GET", _OUTBOUND): shows(OutboundCheckState, "wait", refusals=(409,)),
    ("POST", _OUTBOUND): takes(OutboundCheck, FiledCheck, "wait", status=201),
    ("DELETE", _OUTBOUND): Operation((Answer(204),), refusals=(409,)),
    ("GET", "/api/v1/notice-key"): Operation(
        (Answer(200, {"application/x-pem-file": TEXT}),), ("sha256",), refusals=(404,)
    ),
    ("POST", "/api/v1/releases/{release_id}/attributions"): Operation(
        (Answer(200, {JSON: Taken}, "`wait` was given, and all stages have ended."), Answer(202, {JSON: Taken})),
        ("purl", "wait"),
        body={JSON: AttributionBundle, **dict.fromkeys(_ARCHIVES, BYTES)},
        refusals=(413,),
    ),
}
