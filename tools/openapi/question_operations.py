"""Questions about licences and export without a release, the export dossier, and the reviewers' queue."""

from typing import Any, Final, Literal

from msgspec import Struct

from obligations.application.answer_question import ObligationQuestion
from policy_eval.domain.compatibility_facts import CompatibilityVerdict
from policy_eval.domain.export.situation import Classification, Situation
from policy_eval.domain.findings import FindingKind, Route, Severity
from policy_eval.entrypoints.compatibility import _Question
from policy_eval.entrypoints.licenses import _Values
from shared.contracts.decisions import Verdict
from tools.openapi.described import JSON, TEXT, Answer, Operation, lists, shows, takes
from tools.openapi.shapes import Subject


class Normalised(Struct, frozen=True):
    """What a licence string means."""

    input: str
    expression: str | None
    status: Literal["exact", "alias", "text", "ambiguous", "unknown"]
    candidates: list[str]
    why: str


class NormalisedAll(Struct, frozen=True):
    """The answers in the order of the input."""

    items: list[Normalised]


class Duty(Struct, frozen=True):
    """A duty that is triggered."""

    id: str
    license: str
    clause: str | None
    trigger: str
    scope: Literal["files", "library", "component", "whole-work", "service-stack"] | None
    kind: Literal["active", "passive"]
    alternative_to: str | None


class LicenseDoubt(Struct, frozen=True):
    """A licence whose duties nobody has analysed."""

    id: str
    license: str | None


class LicenseDuties(Struct, frozen=True):
    """What a licence asks in a usage."""

    expression: str | None
    chosen: str | None
    category: str
    verdicts: dict[str, Verdict]
    obligations: list[Duty]
    questions: list[LicenseDoubt]


class Compatibility(Struct, frozen=True):
    """Whether work under one licence may go into work under another."""

    verdict: CompatibilityVerdict
    why: str
    source: str
    branch: str | None
    alternatives: list[str]


class CryptoFound(Struct, frozen=True):
    """Cryptography that was found, or said to be there."""

    subject: str
    detected: bool
    kind: str
    functions: list[str]
    algorithms: list[str]
    source: Literal["reviewer", "supplier", "cbom", "scanner", "knowledge-base", "inherited", "name"]
    confidence: str
    path: list[str]
    text: str | None = None
    pointer: str | None = None


class ExportVerdict(Struct, frozen=True):
    """The verdict of a jurisdiction."""

    verdict: Literal[
        "not-controlled", "published-not-subject", "exception-available", "review", "notification-first",
        "needs-classification", "unclassified", "licence-required", "prohibited",
    ]  # fmt: skip
    code: str | None
    rule: str
    reference: str
    data_date: str
    why: str


class ExportAnswer(Struct, frozen=True):
    """What may be exported where."""

    findings: list[CryptoFound]
    verdicts: dict[str, ExportVerdict]
    block_release: bool
    evidence_needed: list[str]


class ExportTable(Struct, frozen=True):
    """A table of countries; `stale`: nobody compared it with the law in the last 90 days."""

    table: str
    title: str
    owner: str
    source: str
    verified_at: str | None
    stale: bool
    compared_with: str | None
    members: list[str]


class DossierRelease(Struct, frozen=True):
    """The release of a dossier."""

    id: str
    project: str
    version: str
    context: str


class UnknownComponent(Struct, frozen=True):
    """A component of whose cryptography nothing is known."""

    name: str
    purl: str | None


class Dossier(Struct, frozen=True):
    """The export dossier of a release."""

    release: DossierRelease
    evaluation: str
    evaluated_at: str
    as_of: str
    destinations: list[str]
    verdicts: dict[str, ExportVerdict]
    block_release: bool
    open_points: list[str]
    items: list[CryptoFound]
    items_total: int
    unknown: list[UnknownComponent]
    unknown_total: int
    classifications: list[Classification]
    notifications: list[dict[str, Any]]
    statement: dict[str, Any]
    stale_tables: list[str]
    crypto_notice: str
    self_classification: list[dict[str, str]]
    retention: str
    inputs: dict[str, Any]
    shipment: str | None = None


class QueueExample(Struct, frozen=True):
    """A release in which a question is open."""

    release: str
    project: str
    version: str
    evaluation: str
    subject: Subject


class OpenQuestion(Struct, frozen=True):
    """A question, how many releases its answer would settle, and how long it waits.

    `due_at` null where the organisation sets no time for whom it waits for; with several of them it is the earliest.
    """

    question: str
    fingerprint: str
    releases: int
    example: QueueExample
    rule: str
    severity: Severity
    route: Route | None
    kind: FindingKind
    license: str | None
    how_to_fix: str
    waiting_since: str
    due_at: str | None
    overdue: bool
    escalated_to: Route | None
    escalated_at: str | None
    escalated_by: Literal["timer"] | None


_DOSSIER_QUERY: Final = ("destination", "as_of", "shipment", "evaluation", "wait")
_DOSSIER: Final = Operation(
    (Answer(200, {JSON: Dossier, "text/markdown": TEXT, "text/html": TEXT}),),
    ("format=json|markdown|html", *_DOSSIER_QUERY),
)

QUESTION_OPERATIONS: Final[dict[tuple[str, str], Operation]] = {
    ("GET", "/api/v1/licenses/{license_id}"): shows(dict[str, Any]),
    ("POST", "/api/v1/licenses/normalize"): takes(_Values, NormalisedAll),
    ("POST", "/api/v1/licenses/obligations"): takes(ObligationQuestion, LicenseDuties),
    ("POST", "/api/v1/licenses/compatibility"): takes(_Question, Compatibility),
    ("POST", "/api/v1/export/classify"): takes(Situation, ExportAnswer),
    ("GET", "/api/v1/export-tables"): lists(ExportTable),
    ("GET", "/api/v1/releases/{release_id}/export"): _DOSSIER,
    ("GET", "/api/v1/projects/{project}/releases/{version}/export"): _DOSSIER,
    ("GET", "/api/v1/projects/{project}/releases/{version}/export-page"): Operation(
        (Answer(200, {"text/markdown": TEXT, "text/html": TEXT}),), ("format=markdown|html", *_DOSSIER_QUERY)
    ),
    ("GET", "/api/v1/export-reports/self-classification"): Operation(
        (Answer(200, {"text/csv": TEXT}),), ("year",), required_query=("year",)
    ),
    ("GET", "/api/v1/export-reports/semi-annual"): Operation(
        (Answer(200, {"text/csv": TEXT}),), ("year", "half=1|2"), required_query=("year", "half=1|2")
    ),
    ("GET", "/api/v1/findings"): lists(
        OpenQuestion,
        "project",
        "route=project|ospo|legal|export",
        "severity=hint|warning|error",
        "kind=license|export|compatibility|quality",
        "overdue",
        "sort=severity|due_at",
    ),
}
