"""What the gateway and sbom-ingest answer."""

from typing import Any, Final, Literal

from msgspec import Struct

from gateway.domain.audit import Outcome
from gateway.entrypoints.audit import AUDIT_PARAMETERS
from gateway.entrypoints.http import RELEASE_PARAMETERS
from gateway.entrypoints.keys import _NewKey, _Rotation
from sbom_ingest.domain.outcome import Ignored
from sbom_ingest.domain.quality import Gap
from shared.contracts.documents import Document, DocumentWarning
from tools.openapi.described import BYTES, JSON, TEXT, Answer, Operation, Page, Schema, lists, shows, takes
from tools.openapi.shapes import Key, KeyWithSecret, ListedRelease, Project, Release, ReleaseSteps, Submitted


class StoredDocument(Document, frozen=True, kw_only=True):
    """A stored document, and the id of its release."""

    release: str


class Token(Struct, frozen=True):
    """What a client of Dependency-Track asks with until its document is worked off."""

    token: str


class TokenState(Struct, frozen=True):
    """Whether a document is still worked on."""

    processing: bool
    status: Literal["processing", "done", "failed"]


class TrackedProject(Struct, frozen=True):
    """A release as Dependency-Track shows a project; `lastBomImport` in milliseconds since 1970."""

    uuid: str
    name: str
    version: str
    active: bool
    lastBomImport: int  # noqa: N815 - the name that Dependency-Track gave


class Bom(Struct, frozen=True):
    """A document as clients of Dependency-Track send it, in base64."""

    bom: str
    projectName: str | None = None  # noqa: N815 - as Dependency-Track writes it
    projectVersion: str | None = None  # noqa: N815 - as Dependency-Track writes it
    project: str | None = None
    autoCreate: bool | None = None  # noqa: N815 - as Dependency-Track writes it


class AuditEntry(Struct, frozen=True):
    """Who did what, when, why, with what outcome; `before` and `after`: what changed, `versions`: of policies and facts."""

    seq: int
    at: str
    subject: str
    address: str
    action: str
    path: str
    project: str | None
    outcome: Outcome
    status: int
    request_id: str
    before: Any
    after: Any
    reason: str | None
    versions: dict[str, Any] | None
    hash: str


class DeadLetter(Struct, frozen=True):
    """A message that was given up on."""

    id: str
    service: str
    consumer: str
    message_id: str
    type: str
    release: str
    reason: str
    attempts: int
    dead_at: str
    replayed_at: str | None
    message: str


class Replayed(Struct, frozen=True, omit_defaults=True):
    """What came of a message that was tried again."""

    id: str
    outcome: Literal["handled", "failed"]
    reason: str = ""


class Version(Struct, frozen=True):
    """The version of Licet."""

    name: str
    version: str


_SENT: Final = {
    "application/json": Schema({"type": "object"}),
    "application/octet-stream": BYTES,
    "multipart/form-data": Schema(
        {
            "type": "object",
            "properties": {
                name: {"type": "string"} for name in ("sbom", "project", "version", "part", "context", "policy", "wait")
            },
            "required": ["sbom"],
        }
    ),
}
_TRACKED: Final = Operation(
    (Answer(200, {JSON: Token}),),
    body={JSON: Bom, "multipart/form-data": Schema({"type": "object", "properties": {"bom": {"type": "string"}}})},
    refusals=(404, 409),
)
_EVENT: Final = Schema(
    {
        "type": "object",
        "properties": {"event": {"enum": ["release", "settled"]}, "data": {"type": "string"}},
        "description": "`data` is JSON with `release`, `stages`, `gate` and `problems`.",
    }
)
_LATER: Final = Answer(202, {JSON: Submitted}, "Stored; its stages follow. `Location` is the release.")
_UNCHANGED: Final = Answer(304, says="The caller has it already.")

GATEWAY_OPERATIONS: Final[dict[tuple[str, str], Operation]] = {
    ("POST", "/api/v1/sboms"): Operation(
        (Answer(200, {JSON: Submitted}, "Known already, or all stages have ended within `wait`."), _LATER),
        ("project", "version", "part", "context", "policy", "wait"),
        body=_SENT,
    ),
    ("GET", "/api/v1/sboms/{document_id}"): shows(StoredDocument),
    ("GET", "/api/v1/sboms/{document_id}/raw"): Operation(
        (Answer(200, {"application/octet-stream": BYTES}, "The bytes as they were sent."), _UNCHANGED),
        headers=("If-None-Match",),
    ),
    ("GET", "/api/v1/sboms/{document_id}/warnings"): lists(DocumentWarning),
    ("GET", "/api/v1/sboms/{document_id}/ignored"): lists(Ignored),
    ("GET", "/api/v1/sboms/{document_id}/gaps"): lists(Gap),
    ("POST", "/api/v1/bom"): _TRACKED,
    ("PUT", "/api/v1/bom"): _TRACKED,
    ("GET", "/api/v1/bom/token/{document_id}"): shows(TokenState),
    ("GET", "/api/v1/event/token/{document_id}"): shows(TokenState),
    ("GET", "/api/v1/project/lookup"): shows(TrackedProject, "name", "version", refusals=(404,)),
    ("GET", "/api/v1/project/{release_id}"): shows(TrackedProject),
    ("GET", "/api/v1/releases"): lists(
        ListedRelease, *(each for each in RELEASE_PARAMETERS if each not in ("limit", "page_token"))
    ),
    ("GET", "/api/v1/projects"): lists(Project),
    ("GET", "/api/v1/releases/{release_id}"): Operation(
        (Answer(200, {JSON: Release}), _UNCHANGED), headers=("If-None-Match",)
    ),
    ("GET", "/api/v1/releases/{release_id}/steps"): Operation(
        (Answer(200, {JSON: ReleaseSteps}), _UNCHANGED), headers=("If-None-Match",)
    ),
    ("DELETE", "/api/v1/releases/{release_id}"): Operation((Answer(204),), refusals=(409,)),
    ("POST", "/api/v1/releases/{release_id}/restore"): shows(Release),
    ("GET", "/api/v1/releases/{release_id}/events"): Operation(
        (Answer(200, {"text/event-stream": _EVENT}, "`release` at each change, `settled` at the end; each with JSON."),)
    ),
    ("GET", "/api/v1/projects/{project}/releases/{version}"): Operation(
        (Answer(200, {JSON: Release}), _UNCHANGED), headers=("If-None-Match",)
    ),
    ("POST", "/api/v1/keys"): takes(_NewKey, KeyWithSecret, status=201),
    ("GET", "/api/v1/keys"): lists(Key),
    ("GET", "/api/v1/keys/{key_id}"): shows(Key),
    ("DELETE", "/api/v1/keys/{key_id}"): Operation((Answer(204),), refusals=(409,)),
    ("POST", "/api/v1/keys/{key_id}/rotate"): takes(_Rotation, KeyWithSecret, status=201, needs_body=False),
    ("GET", "/api/v1/audit"): Operation(
        (Answer(200, {JSON: Page[AuditEntry], "application/x-ndjson": TEXT, "text/csv": TEXT}),),
        tuple("format=json|jsonl|csv" if each == "format" else each for each in AUDIT_PARAMETERS),
    ),
    ("GET", "/api/v1/dead-letters"): lists(DeadLetter, "service=gateway|policy-eval|obligations"),
    ("POST", "/api/v1/dead-letters/{letter_id}/replay"): shows(Replayed),
    ("GET", "/api/v1/version"): shows(Version),
    ("GET", "/metrics"): Operation((Answer(200, {"text/plain": TEXT}, "Prometheus."),)),
}
