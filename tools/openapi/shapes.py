"""The shapes of answers that the services build as dictionaries, and of those that several answers share."""

from typing import Annotated, Any, Final, Literal

from msgspec import Meta, Struct, defstruct, structs

from gateway.domain.access import Role
from obligations.domain.evidence import TYPES
from policy_eval.domain.decision_records import DecisionState
from policy_eval.domain.export.records import State
from policy_eval.domain.findings import FindingKind, Route, Severity
from shared.contracts.documents import Document
from shared.contracts.events import Counts, Gate, PolicyVersion
from shared.contracts.steps import Actor, Inherited, StepName, StepState

StageStatus = Literal["pending", "running", "done", "failed"]
GateVerdict = Literal["pass", "warn", "fail"]


class StageProblem(Struct, frozen=True):
    """Why a stage failed."""

    type: str
    title: str
    detail: str


class ReleaseHead(Struct, frozen=True):
    """What identifies a release."""

    id: str
    project: str
    version: str
    context: str
    url: str


class Stages(Struct, frozen=True):
    """How far a release is."""

    ingested: StageStatus
    evaluated: StageStatus
    obligations: StageStatus


class Submitted(Struct, frozen=True):
    """What came of a document that was sent. `replayed`: it was there already, and nothing was evaluated again."""

    release: ReleaseHead
    document: Document
    stages: Stages
    problems: dict[str, StageProblem]
    gate: Gate | None
    replayed: bool


class _Shown(Struct, frozen=True):
    id: str
    project: str
    version: str
    context: str
    url: str
    created_at: str
    documents: list[Document]
    document: Document | None
    stages: Stages
    problems: dict[str, StageProblem]
    evaluations: int
    first_open_step: StepName | None


class Release(_Shown, frozen=True, kw_only=True):
    """A release; `document` is the first of `documents`, of which there is a current one per part."""

    gate: Gate | None


class VerdictAlone(Struct, frozen=True):
    """A verdict without its counts."""

    verdict: GateVerdict


class ListedRelease(_Shown, frozen=True, kw_only=True):
    """A release in a list."""

    gate: VerdictAlone | None


class ShownRemark(Struct, frozen=True):
    """So many of something; `url` lists them, `scope` is the usage scope they are in where they are counted by scope."""

    what: str
    count: int
    scope: str | None
    url: str


class ShownStep(Struct, frozen=True):
    """A validation step. `missing` keeps it open, `noted` does not; `next` are who acts, the nearest first.

    `reopened_by`: what changed when it became open again; `inherited`: answers that an earlier release had already.
    """

    number: int
    name: StepName
    asks: str
    state: StepState
    next: list[Actor]
    missing: list[ShownRemark]
    noted: list[ShownRemark]
    reopened_by: list[str]
    inherited: list[Inherited]


class ReleaseSteps(Struct, frozen=True):
    """The validation steps of a release in their order, and the first that is open: null where none is."""

    release: ReleaseHead
    first_open_step: StepName | None
    steps: list[ShownStep]


class Project(Struct, frozen=True):
    """A project, and how many releases it has."""

    name: str
    releases: int


class Key(Struct, frozen=True):
    """An API key without its secret; `previous_until`: until when the secret before the last rotation works."""

    id: str
    name: str
    prefix: str | None
    roles: list[Role]
    projects: list[str]
    created_at: str
    expires_at: str | None
    revoked_at: str | None
    last_used_at: str | None
    previous_until: str | None


class KeyWithSecret(Key, frozen=True, kw_only=True):
    """An API key with its secret, which is shown this once."""

    key: str


class Subject(Struct, frozen=True):
    """What a finding is about."""

    purl: str | None
    name: str
    version: str | None


class ShownWaiver(Struct, frozen=True):
    """The waiver that a finding is under."""

    id: str
    reason: str
    expires_at: str | None
    approved_by: str | None


class FindingHead(Struct, frozen=True):
    """A finding as explanations show it."""

    fingerprint: str
    rule: str
    severity: Severity
    kind: FindingKind
    subject: Subject
    license: str | None
    route: Route | None
    message: str
    how_to_fix: str
    waived: ShownWaiver | None


class Finding(FindingHead, frozen=True, kw_only=True, omit_defaults=True):
    """A finding; `baseline` is there where a gate was asked with one."""

    id: str
    paths: list[list[str]]
    inherited_from: str | None
    baseline: Literal["new", "unchanged"] = "new"


class Evaluation(Struct, frozen=True):
    """An evaluation as lists show it."""

    release: str
    evaluation: str
    verdict: GateVerdict
    policy: PolicyVersion
    counts: Counts
    evaluated_at: str


class Baseline(Struct, frozen=True):
    """What a gate was compared with."""

    release: str
    version: str
    evaluation: str


class GateAnswer(Evaluation, frozen=True, kw_only=True):
    """The verdict; `findings` are the 1,000 worst of `findings_total`."""

    findings: list[Finding]
    findings_total: int
    inputs: dict[str, Any]
    url: str
    baseline: Baseline | None = None


_TEXT_OR_NULL: Final = {"type": ["string", "null"]}
_OF_EVIDENCE: Final[dict[str, Any]] = {
    "type": {"enum": list(TYPES)},
    **{f"{act}_{when}": _TEXT_OR_NULL for act in ("added", "verified") for when in ("by", "at")},
}
_OF_LISTED: Final[dict[str, Any]] = _OF_EVIDENCE | {"obligation_ids": {"type": "array", "items": {"type": "string"}}}


def _with_more(fields: dict[str, Any]) -> dict[str, Any]:
    """The JSON Schema of an object that has these fields, and maybe others."""
    return {"properties": fields, "required": list(fields), "additionalProperties": True}


ShownEvidence = Annotated[
    dict[str, Any],
    Meta(
        description="What proves that a duty is fulfilled, with the fields that were given beside `type`.",
        extra_json_schema=_with_more(_OF_EVIDENCE),
    ),
]
ListedEvidence = Annotated[
    dict[str, Any],
    Meta(
        description="The same, with the duties that it is given for.",
        extra_json_schema=_with_more(_OF_LISTED),
    ),
]


def recorded(name: str, body: type[Struct], *more: tuple[str, Any]) -> Any:
    """Return the shape of a decision on file whose content is `body`."""
    about = [("id", str), ("state", DecisionState), ("created_at", str), ("created_by", str)]
    acts = [(f"{act}_{when}", str | None) for act in ("approved", "ended") for when in ("at", "by")]
    return _with_content(name, [*about, *acts, *more, ("projects", list[str])], body)


def filed(name: str, body: type[Struct], *more: tuple[str, Any]) -> Any:
    """Return the shape of a record for export whose content is `body`."""
    about = [("id", str), ("project", str), ("state", State), ("created_at", str), ("created_by", str)]
    acts = [(f"{act}_{when}", str | None) for act in ("approved", "withdrawn") for when in ("at", "by")]
    return _with_content(name, [*about, *acts, *more], body)


def _with_content(name: str, fields: list[tuple[str, Any]], body: type[Struct]) -> Any:
    content = [(each.name, each.type) for each in structs.fields(body)]
    return defstruct(name, [*fields, *content], frozen=True, namespace={"__doc__": (body.__doc__ or "").split("\n")[0]})


def for_project(name: str, body: type[Struct]) -> Any:
    """Return the shape of a request to file `body` for a project."""
    content = [(each.name, each.type, each.default) for each in structs.fields(body) if not each.required]
    required = [(each.name, each.type) for each in structs.fields(body) if each.required]
    return defstruct(name, [("project", str), *required, *content], frozen=True, forbid_unknown_fields=True)
