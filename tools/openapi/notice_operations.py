"""What people add to notices: templates, signatures, attributions, own analyses of licences."""

from typing import Final

from msgspec import Struct

from obligations.application.give_attributions import AttributionBundle
from obligations.application.template_ports import StoredTemplate
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
