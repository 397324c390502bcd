"""Questions about licences and export without a release; what people decide; policies."""

from datetime import date
from typing import Any, Final

from msgspec import Struct

from policy_eval.application.change_ports import State as Progress
from policy_eval.application.exchange_ort import Imported
from policy_eval.application.keep_response_times import GivenResponseTimes
from policy_eval.application.policy_ports import PolicyHead
from policy_eval.domain.decision_records import (
    ChoiceBody,
    ClassificationBody,
    ConfirmationBody,
    ContextBody,
    CurationBody,
    ExclusionBody,
    WaiverBody,
)
from policy_eval.domain.export.records import FiledNotification, Shipment, Statement, Verification
from policy_eval.domain.export.situation import Classification
from policy_eval.domain.organization import Organization
from policy_eval.domain.policy_cases import CaseResult
from policy_eval.domain.policy_problems import PolicyProblem
from policy_eval.entrypoints.decisions import Reviewed
from policy_eval.entrypoints.policies import _Activate
from policy_eval.entrypoints.reevaluations import Wanted
from shared.contracts.response_times import ResponseTimes
from tools.openapi.described import BYTES, JSON, TEXT, Answer, Operation, Schema, lists, shows, takes
from tools.openapi.shapes import GateVerdict, filed, for_project, recorded


class Mail(Struct, frozen=True):
    """The mail of a notification."""

    to: list[str]
    subject: str
    text: str


class Reevaluation(Struct, frozen=True):
    """A request to evaluate again; `policy`, `project`, `release` null = any; `total` null until all are counted."""

    id: str
    reason: str
    requested_at: str
    requested_by: str
    policy: str | None
    project: str | None
    state: Progress
    total: int | None
    done: int
    unchanged: int
    failed: int
    release: str | None


class ListedPolicy(PolicyHead, frozen=True, kw_only=True):
    """The active version of a policy, and the number of the newest."""

    newest_version: int


class StoredPolicy(PolicyHead, frozen=True, kw_only=True):
    """A version of a policy, and whether it is the active one."""

    active: bool


class PublishedPolicy(StoredPolicy, frozen=True, kw_only=True):
    """A version of a policy; `activation_asked_by` are those who wait for somebody else to agree, where that takes two."""

    activation_asked_by: list[str]


class WaiverUses(Struct, frozen=True):
    """In how many releases, for how many findings."""

    releases: int
    findings: int


class ShownReview(Struct, frozen=True):
    """Who looked at a decision again, when, what they saw, and when to look next."""

    at: str
    by: str
    comment: str
    review_date: date | None


class PolicyReport(Struct, frozen=True):
    """What is wrong in a policy, and how its own tests go."""

    valid: bool
    problems: list[PolicyProblem]
    tests: list[CaseResult]


class PolicyChange(Struct, frozen=True, omit_defaults=True):
    """A release that a policy would judge otherwise; `would_be` null where it could not be tried, which `problem` says."""

    release: str
    project: str
    version: str
    context: str
    evaluation: str
    verdict: GateVerdict
    would_be: GateVerdict | None
    findings_added: int = 0
    findings_removed: int = 0
    problem: str = ""


class DryRun(Struct, frozen=True):
    """A page of what a policy would change; `examined` are the releases that were tried for it."""

    examined: int
    items: list[PolicyChange]
    next_page_token: str | None


_OF_REVIEWS: Final = (("reviewed_at", str | None), ("reviewed_by", str | None), ("reviews", list[ShownReview]))
_OF_WAIVER: Final = (*_OF_REVIEWS, ("requested_by", str), ("settles", list[str]), ("warnings", list[str]))
Curation = recorded("Curation", CurationBody, *_OF_REVIEWS)
Waiver = recorded("Waiver", WaiverBody, *_OF_WAIVER)
ListedWaiver = recorded(
    "ListedWaiver", WaiverBody, *_OF_WAIVER, ("expired", bool), ("review_due", bool), ("uses", WaiverUses)
)
LicenseClassification = recorded("LicenseClassification", ClassificationBody)
_DECISIONS: Final[dict[str, tuple[type[Struct], Any]]] = {
    "curations": (CurationBody, Curation),
    "confirmations": (ConfirmationBody, recorded("Confirmation", ConfirmationBody)),
    "contexts": (ContextBody, recorded("StatedContext", ContextBody)),
    "exclusions": (ExclusionBody, recorded("Exclusion", ExclusionBody)),
    "license-choices": (ChoiceBody, recorded("LicenseChoice", ChoiceBody)),
    "license-classifications": (ClassificationBody, LicenseClassification),
    "waivers": (WaiverBody, Waiver),
}
FiledClassification = filed("FiledClassification", Classification)
_RECORDS: Final[dict[str, tuple[Any, Any]]] = {
    "export-classifications": (for_project("NewClassification", Classification), FiledClassification),
    "notifications": (
        for_project("NewNotification", FiledNotification),
        filed("ShownNotification", FiledNotification, ("mail", Mail), ("due_again", list[str])),
    ),
    "export-statements": (for_project("NewStatement", Statement), filed("FiledStatement", Statement)),
    "export-shipments": (for_project("NewShipment", Shipment), filed("FiledShipment", Shipment)),
    "export-verifications": (Verification, filed("FiledVerification", Verification)),
}
_POLICY_FILE: Final = {"application/yaml": TEXT, JSON: Schema({"type": "object"})}
_POLICY: Final = "/api/v1/policies/{name}"


def _of_decisions(name: str, body: Any, shown: Any) -> dict[tuple[str, str], Operation]:
    path = f"/api/v1/{name}"
    return {
        ("GET", path): lists(shown),
        ("POST", path): takes(body, shown, status=201, refusals=(404,)),
        ("DELETE", f"{path}/{{decision_id}}"): shows(shown, "reason", refusals=(409,)),
    }


def _of_records(name: str, body: Any, shown: Any) -> dict[tuple[str, str], Operation]:
    path = f"/api/v1/{name}"
    return {
        ("GET", path): lists(shown, *(() if name == "export-verifications" else ("project",))),
        ("POST", path): takes(body, shown, status=201, refusals=(404,)),
        ("DELETE", f"{path}/{{record_id}}"): shows(shown, "reason", refusals=(409,)),
    }


_MORE: Final[dict[tuple[str, str], Operation]] = {
    ("GET", "/api/v1/reevaluations"): lists(Reevaluation),
    ("POST", "/api/v1/reevaluations"): takes(Wanted, Reevaluation, status=202),
    ("GET", "/api/v1/organization"): shows(Organization),
    ("PUT", "/api/v1/organization"): takes(Organization, Organization),
    ("GET", "/api/v1/response-times"): shows(ResponseTimes),
    ("PUT", "/api/v1/response-times"): takes(GivenResponseTimes, ResponseTimes, refusals=(409,)),
    ("POST", "/api/v1/waivers/{decision_id}/approve"): shows(Waiver),
    ("POST", "/api/v1/license-classifications/{decision_id}/approve"): shows(LicenseClassification),
    ("POST", "/api/v1/waivers/{decision_id}/review"): takes(Reviewed, Waiver),
    ("POST", "/api/v1/curations/{decision_id}/review"): takes(Reviewed, Curation),
    ("POST", "/api/v1/export-classifications/{record_id}/approve"): shows(FiledClassification),
}


def _import(*query: str) -> Operation:
    return Operation((Answer(200, {JSON: Imported}),), query, body={"application/yaml": BYTES}, refusals=(404,))


_IMPORTS: Final[dict[tuple[str, str], Operation]] = {
    ("POST", "/api/v1/curations/import"): _import(),
    ("POST", "/api/v1/license-choices/import"): _import("project"),
    ("POST", "/api/v1/license-classifications/import"): _import("category"),
}
_POLICIES: Final[dict[tuple[str, str], Operation]] = {
    ("GET", "/api/v1/policies"): lists(ListedPolicy),
    ("GET", "/api/v1/policies/schema"): Operation(
        (Answer(200, {"application/schema+json": Schema({"type": "object"})}),)
    ),
    ("GET", _POLICY): Operation((Answer(200, _POLICY_FILE),), ("version",)),
    ("PUT", _POLICY): Operation(
        (Answer(201, {JSON: PublishedPolicy}),), ("activate",), body=_POLICY_FILE, refusals=(409,)
    ),
    ("GET", f"{_POLICY}/versions"): lists(StoredPolicy),
    ("POST", f"{_POLICY}/activate"): takes(_Activate, PublishedPolicy),
    ("POST", "/api/v1/policies/validate"): Operation((Answer(200, {JSON: PolicyReport}),), body=_POLICY_FILE),
    ("POST", f"{_POLICY}/dry-run"): Operation(
        (Answer(200, {JSON: DryRun}),), ("limit", "page_token"), body=_POLICY_FILE
    ),
}

DECISION_OPERATIONS: Final[dict[tuple[str, str], Operation]] = (
    _MORE
    | _IMPORTS
    | _POLICIES
    | {
        key: each
        for name, (body, shown) in _DECISIONS.items()
        for key, each in _of_decisions(name, body, shown).items()
    }
    | {("GET", "/api/v1/waivers"): lists(ListedWaiver, "unused", "broad", "review_due")}
    | {key: each for name, (body, shown) in _RECORDS.items() for key, each in _of_records(name, body, shown).items()}
)
