"""What is asked of a release: its verdict, components, duties and NOTICE."""

from typing import Any, Final, Literal

from msgspec import Struct

from obligations.application.make_product_notice import ProductQuestion
from obligations.domain.derive import AffectedComponent
from obligations.domain.life import Change, Comment, Status
from obligations.domain.notice_checks import Check
from obligations.domain.source_bundle import SourceToGive
from policy_eval.domain.trace import Step
from shared.contracts.decisions import Verdict
from shared.contracts.inventory import Linkage, Scope
from tools.openapi.described import BYTES, JSON, TEXT, Answer, Operation, Page, Schema, lists, shows, takes
from tools.openapi.shapes import Evaluation, Finding, FindingHead, GateAnswer, ListedEvidence, ShownEvidence, Subject

_RELEASE: Final = "/api/v1/releases/{release_id}"
_NAMED: Final = "/api/v1/projects/{project}/releases/{version}"
Kind = Literal["active", "passive"]


class Started(Struct, frozen=True):
    """An evaluation that has begun."""

    release: str
    evaluation: str


class Component(Struct, frozen=True):
    """A component as it was decided; `modified` null = not known; `paths` are the five shortest from the root."""

    purl: str | None
    name: str
    version: str | None
    group: str | None
    part: str
    type: str
    scope: Scope
    occurrences: int
    declared: list[str]
    license: str | None
    effective_license: str | None
    license_source: str | None
    category: str
    verdict: Verdict
    linkage: Linkage | None
    modified: bool | None
    copyright: list[str]
    hashes: dict[str, str]
    direct: bool
    paths: list[list[str]]


class TraceStep(Struct, frozen=True):
    """A step of a decision: what it saw, and whose word it rests on."""

    step: Step | Literal["waiver"]
    saw: str
    source: str | None
    version: str | None
    author: str | None


class Explained(Struct, frozen=True):
    """How the verdict on a component came about."""

    purl: str | None
    name: str
    version: str | None
    part: str
    declared: list[str]
    license: str | None
    effective_license: str | None
    license_source: str | None
    category: str
    verdict: Verdict
    trace: list[TraceStep]
    findings: list[FindingHead]


class Explanation(Struct, frozen=True):
    """The components of this purl or name; `components` is how many there are, `items` the first of them."""

    release: str
    evaluation: str
    items: list[Explained]
    components: int


class ComparedComponent(Struct, frozen=True):
    """A component in a comparison."""

    purl: str | None
    name: str
    version: str | None
    license: str | None


class _Obligation(Struct, frozen=True):
    id: str
    obligation: str
    title: str
    kind: Kind
    license: str | None
    clause: str | None
    trigger: str
    scope: str | None
    alternative_to: str | None


class ComparedObligation(_Obligation, frozen=True, omit_defaults=True):
    """A duty in a comparison; what causes it more or less is told of those that changed."""

    components_added: list[AffectedComponent] = []
    components_removed: list[AffectedComponent] = []


class ComparedComponents(Struct, frozen=True):
    """Components that only the release has, only the base has, and those that are not the same."""

    added: list[ComparedComponent]
    removed: list[ComparedComponent]
    changed: list[dict[str, Any]]


class ComparedLicenses(Struct, frozen=True):
    """Licences that only the release has, and only the base."""

    added: list[str]
    removed: list[str]


class ComparedFinding(Struct, frozen=True):
    """A finding in a comparison."""

    fingerprint: str
    rule: str
    severity: str
    kind: str
    subject: Subject
    license: str | None
    route: str | None
    message: str
    how_to_fix: str


class ComparedFindings(Struct, frozen=True):
    """Findings that only the release has, only the base has, and how many both have."""

    added: list[ComparedFinding]
    removed: list[ComparedFinding]
    unchanged: int


class ComparedObligations(Struct, frozen=True):
    """Duties that only the release has, only the base has, and those that other components cause."""

    added: list[ComparedObligation]
    removed: list[ComparedObligation]
    changed: list[ComparedObligation]


class Difference(Struct, frozen=True):
    """What has changed since the base; a list that is longer than `limit` is cut, and told in `truncated`."""

    release: str
    evaluation: str
    base: str
    base_evaluation: str
    components: ComparedComponents
    licenses: ComparedLicenses
    findings: ComparedFindings
    obligations: ComparedObligations
    limit: int
    truncated: dict[str, int]


class Obligation(_Obligation, frozen=True, kw_only=True):
    """A duty, and what people and the NOTICE have done for it; send `etag` as If-Match with a change."""

    what_to_do: str
    components: list[AffectedComponent]
    status: Status
    evidence: list[ShownEvidence]
    fulfilled_by: Literal["notice"] | None
    fulfilment_by: str | None
    fulfilment_at: str | None
    inherited_from: str | None
    assignee: str | None
    due_date: str | None
    reason: str | None
    verified_by: str | None
    verified_at: str | None
    comments: list[Comment]
    changed_at: str | None
    changed_by: str | None
    changed_from: Status | None
    etag: str


class ObligationChange(Struct, frozen=True):
    """Who changed a duty, when, why, from what to what; by `system`: a new derivation did."""

    number: int
    at: str
    by: str
    reason: str | None
    before: Any
    after: Any


class Checks(Struct, frozen=True):
    """The checks of a NOTICE."""

    status: Literal["draft", "final"]
    checks: list[Check]


class Source(SourceToGive, frozen=True, kw_only=True):
    """A source to give, and the day until which it must be kept."""

    keep_until: str


_UNCHANGED: Final = Answer(304, says="The caller has it already.")
_NOTICE: Final = {"text/plain": TEXT, "text/markdown": TEXT, "text/html": TEXT, JSON: Schema({"type": "object"})}
_NOTICE_QUERY: Final = (
    *("format=text|markdown|html|json", "group", "include", "template", "require", "evaluation", "wait"),
)
_NOTICE_OF_RELEASE: Final = Operation(
    (Answer(200, _NOTICE, "`X-Notice-Status` is draft or final."), _UNCHANGED),
    _NOTICE_QUERY,
    headers=("If-None-Match",),
)
_SBOM_FORMS: Final = "cyclonedx-json|spdx-json|spdx-tag-value|spdx-yaml|spdx-xml|spdx-rdf"
_SBOM_MEDIA: Final = (
    *("application/vnd.cyclonedx+json", "application/spdx+json", "application/yaml", "application/xml"),
    *("application/rdf+xml", "text/spdx"),
)

RELEASE_OPERATIONS: Final[dict[tuple[str, str], Operation]] = {
    ("GET", f"{_RELEASE}/evaluations"): lists(Evaluation),
    ("POST", f"{_RELEASE}/evaluations"): Operation(
        (Answer(200, {JSON: Started}, "`wait` was given, and all stages have ended."), Answer(202, {JSON: Started})),
        ("wait",),
    ),
    ("GET", f"{_RELEASE}/findings"): lists(Finding, "evaluation", "step", "wait"),
    ("GET", f"{_RELEASE}/components"): lists(Component, "purl", "lacks", "evaluation", "wait"),
    ("GET", f"{_RELEASE}/diff"): shows(
        Difference, "base", "evaluation", "base_evaluation", "wait", required_query=("base",)
    ),
    ("GET", f"{_RELEASE}/explain"): shows(Explanation, "purl", "name", "evaluation", "wait"),
    ("GET", f"{_RELEASE}/gate"): Operation(
        (
            Answer(
                200,
                {
                    JSON: GateAnswer,
                    "application/sarif+json": Schema({"type": "object"}),
                    "application/xml": TEXT,
                    "text/markdown": TEXT,
                },
                "In the form that `Accept` likes best: JSON, SARIF 2.1.0, JUnit or a summary.",
            ),
        ),
        ("fail_on", "baseline", "destination", "as_of", "shipment", "evaluation", "wait"),
    ),
    ("GET", f"{_RELEASE}/obligations"): lists(
        Obligation,
        "status=open|planned|fulfilled|verified|not-triggered|waived",
        "kind=active|passive",
        *("license", "purl", "evaluation", "wait"),
    ),
    ("GET", f"{_RELEASE}/obligations/{{obligation_id}}"): shows(Obligation),
    ("PATCH", f"{_RELEASE}/obligations/{{obligation_id}}"): takes(
        Change, Obligation, headers=("If-Match",), refusals=(409, 412, 428)
    ),
    ("GET", f"{_RELEASE}/evidence"): lists(ListedEvidence, "wait"),
    ("GET", f"{_RELEASE}/obligations/{{obligation_id}}/changes"): lists(ObligationChange),
    ("GET", f"{_RELEASE}/notice"): _NOTICE_OF_RELEASE,
    ("GET", f"{_NAMED}/notice"): _NOTICE_OF_RELEASE,
    ("GET", f"{_RELEASE}/notice/checks"): shows(Checks, "evaluation", "wait"),
    ("GET", f"{_RELEASE}/sources"): Operation(
        (Answer(200, {JSON: Page[Source], "text/csv": TEXT}),),
        ("format=json|csv", "evaluation", "wait", "limit", "page_token"),
    ),
    ("GET", f"{_RELEASE}/sbom"): Operation(
        (Answer(200, dict.fromkeys(_SBOM_MEDIA, BYTES)), _UNCHANGED),
        (f"format={_SBOM_FORMS}", "evaluation", "wait"),
        headers=("If-None-Match",),
    ),
    ("POST", "/api/v1/notices"): Operation(
        (Answer(200, _NOTICE), _UNCHANGED),
        ("format=text|markdown|html|json", "group=component|license", "template", "require"),
        body={JSON: ProductQuestion},
        headers=("If-None-Match",),
    ),
}
