"""What obligations answers beside a release: templates and signatures of notices, own analyses of licences."""

from typing import Final

from msgspec import Struct

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


_ANALYSES: Final = "/api/v1/license-analyses"
_ANALYSIS: Final = f"{_ANALYSES}/{{license_id}}"
_TEMPLATE: Final = "/api/v1/notice-templates/{kind}"
_SIGNED: Final = ("format=text|markdown|html|json", "group=component|license", "evaluation", "wait")
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
        (Answer(200, {"application/octet-stream": BYTES}),), _SIGNED
    ),
    ("GET", "/api/v1/notice-key"): Operation((Answer(200, {"application/x-pem-file": TEXT}),), refusals=(404,)),
}
