"""Roles, project patterns, and the one table of what each endpoint asks of its caller."""

from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Literal


class Role(StrEnum):
    """What a key or token may be used for, in the projects that its patterns name."""

    SUBMITTER = "submitter"
    VIEWER = "viewer"
    RELEASE_MANAGER = "release-manager"
    REVIEWER = "reviewer"
    LEGAL = "legal"
    EXPORT_OFFICER = "export-officer"
    POLICY_ADMIN = "policy-admin"
    AUDITOR = "auditor"
    ADMIN = "admin"


EVERYONE = frozenset(Role)
SUBMITTERS = frozenset({Role.SUBMITTER, Role.RELEASE_MANAGER, Role.ADMIN})
ADMINS = frozenset({Role.ADMIN})
OFFICERS = frozenset({Role.EXPORT_OFFICER, Role.ADMIN})
POLICY_ADMINS = frozenset({Role.POLICY_ADMIN, Role.ADMIN})
FULFILLERS = SUBMITTERS | {Role.REVIEWER, Role.LEGAL}
RELEASE_MANAGERS = frozenset({Role.RELEASE_MANAGER, Role.ADMIN})
AUDITORS = frozenset({Role.AUDITOR, Role.ADMIN})
REVIEWERS = frozenset({Role.REVIEWER, Role.LEGAL, Role.ADMIN})
APPROVERS = REVIEWERS | {Role.EXPORT_OFFICER}
WAIVERS = SUBMITTERS | APPROVERS
REEVALUATORS = frozenset({Role.POLICY_ADMIN, Role.ADMIN})
EVALUATORS = SUBMITTERS | {Role.REVIEWER, Role.LEGAL, Role.POLICY_ADMIN}

Scope = Literal["installation", "list", "submission", "release", "archived-release", "document", "project"]
Stage = Literal["evaluated", "obligations"]
Upstream = Literal["gateway", "sbom-ingest", "policy-eval", "obligations"]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One row: who may call it, what decides about the project, who answers, and which stage must be done before.

    An answer with a secret is shown once and never kept. `second_release` is the query parameter that names another
    release, of which the same is asked as of the one in the path. `only_asks` marks a POST that is a question and changes
    nothing, which the audit trail then leaves out.

    Scopes: `installation` - roles alone; `list` - only what is of the caller's projects is shown or
    touched; `submission` - the
    service checks the project that the document or the query names; `release`, `document`, `project` - the path names it,
    `archived-release` - it names one that was archived.
    """

    method: str
    path: str
    roles: frozenset[Role]
    scope: Scope
    answered_by: Upstream
    summary: str
    after: Stage | None = None
    answers_with_secret: bool = False
    second_release: str | None = None
    only_asks: bool = False

    @property
    def changes(self) -> bool:
        """Whether a request may change something, and so belongs on record."""
        return self.method != "GET" and not self.only_asks


_RELEASE = "/api/v1/releases/{release_id}"
_PROJECT_RELEASE = "/api/v1/projects/{project}/releases/{version}"


def _export_records(path: str, what: str) -> tuple[Endpoint, ...]:
    """The rows of one kind of records for export: the service shows and takes those of the caller's projects."""
    return (
        Endpoint("GET", path, EVERYONE, "list", "policy-eval", f"{what}."),
        Endpoint("POST", path, OFFICERS, "installation", "policy-eval", f"{what}: file one."),
        Endpoint("DELETE", f"{path}/{{record_id}}", OFFICERS, "installation", "policy-eval", f"{what}: withdraw one."),
    )


def _decisions(path: str, what: str, makers: frozenset[Role]) -> tuple[Endpoint, ...]:
    """The rows of one kind of decisions: the service shows and takes those that hold in the caller's projects."""
    return (
        Endpoint("GET", path, EVERYONE, "list", "policy-eval", f"{what}."),
        Endpoint("POST", path, makers, "installation", "policy-eval", f"{what}: record one."),
        Endpoint("DELETE", f"{path}/{{decision_id}}", makers, "installation", "policy-eval", f"{what}: end one."),
    )


ENDPOINTS = (
    Endpoint("POST", "/api/v1/sboms", SUBMITTERS, "submission", "sbom-ingest", "Send an SBOM."),
    Endpoint("GET", "/api/v1/sboms/{document_id}", EVERYONE, "document", "sbom-ingest", "A stored document."),
    Endpoint("GET", "/api/v1/sboms/{document_id}/raw", EVERYONE, "document", "sbom-ingest", "Its bytes, unchanged."),
    Endpoint("GET", "/api/v1/sboms/{document_id}/warnings", EVERYONE, "document", "sbom-ingest", "All its warnings."),
    Endpoint("GET", "/api/v1/sboms/{document_id}/ignored", EVERYONE, "document", "sbom-ingest", "What was not used."),
    Endpoint("GET", "/api/v1/sboms/{document_id}/gaps", EVERYONE, "document", "sbom-ingest", "What components lack."),
    Endpoint("POST", "/api/v1/bom", SUBMITTERS, "submission", "gateway", "Send an SBOM as to Dependency-Track."),
    Endpoint("PUT", "/api/v1/bom", SUBMITTERS, "submission", "gateway", "The same."),
    Endpoint("GET", "/api/v1/bom/token/{document_id}", EVERYONE, "document", "gateway", "Is it still worked on?"),
    Endpoint("GET", "/api/v1/event/token/{document_id}", EVERYONE, "document", "gateway", "The same."),
    Endpoint("GET", "/api/v1/project/lookup", EVERYONE, "list", "gateway", "A release, as of Dependency-Track."),
    Endpoint("GET", "/api/v1/project/{release_id}", EVERYONE, "release", "gateway", "The same, by its id."),
    Endpoint("GET", "/api/v1/releases", EVERYONE, "list", "gateway", "Releases, the newest first."),
    Endpoint("GET", "/api/v1/projects", EVERYONE, "list", "gateway", "Projects."),
    Endpoint("GET", _RELEASE, EVERYONE, "release", "gateway", "A release: documents, stages, gate."),
    Endpoint("DELETE", _RELEASE, RELEASE_MANAGERS, "release", "gateway", "Archive a release."),
    Endpoint("POST", f"{_RELEASE}/restore", RELEASE_MANAGERS, "archived-release", "gateway", "Bring it back."),
    Endpoint("GET", f"{_RELEASE}/events", EVERYONE, "release", "gateway", "Its stages as they end, as a stream."),
    Endpoint("GET", _PROJECT_RELEASE, EVERYONE, "project", "gateway", "A release by its names."),
    Endpoint("GET", f"{_PROJECT_RELEASE}/notice", EVERYONE, "project", "obligations", "Its NOTICE.", "obligations"),
    Endpoint("GET", f"{_RELEASE}/evaluations", EVERYONE, "release", "policy-eval", "Its evaluations."),
    Endpoint("POST", f"{_RELEASE}/evaluations", EVALUATORS, "release", "policy-eval", "Evaluate it again."),
    Endpoint("GET", f"{_RELEASE}/components", EVERYONE, "release", "policy-eval", "Its components.", "evaluated"),
    Endpoint(
        *("GET", f"{_RELEASE}/diff", EVERYONE, "release", "gateway"),
        summary="What has changed since the release `base`.",
        after="obligations",
        second_release="base",
    ),
    Endpoint("GET", f"{_RELEASE}/findings", EVERYONE, "release", "policy-eval", "All its findings.", "evaluated"),
    Endpoint(
        *("GET", f"{_RELEASE}/explain", EVERYONE, "release", "policy-eval"),
        summary="How the verdict on a component came about.",
        after="evaluated",
    ),
    Endpoint("GET", "/api/v1/findings", EVERYONE, "list", "policy-eval", "The reviewers' queue over all releases."),
    Endpoint("GET", f"{_RELEASE}/gate", EVERYONE, "release", "policy-eval", "Its verdict.", "evaluated"),
    Endpoint("GET", f"{_RELEASE}/obligations", EVERYONE, "release", "obligations", "Its duties.", "obligations"),
    Endpoint("GET", f"{_RELEASE}/obligations/{{obligation_id}}", EVERYONE, "release", "obligations", "One of them."),
    Endpoint(
        *("PATCH", f"{_RELEASE}/obligations/{{obligation_id}}", FULFILLERS, "release", "obligations"),
        summary="Change its status, evidence, assignee, due date; comment.",
    ),
    Endpoint(
        *("GET", f"{_RELEASE}/obligations/{{obligation_id}}/changes", EVERYONE, "release", "obligations"),
        summary="Who changed it, when, from what to what.",
    ),
    Endpoint("GET", f"{_RELEASE}/notice", EVERYONE, "release", "obligations", "Its NOTICE.", "obligations"),
    Endpoint(
        *("GET", f"{_RELEASE}/notice/checks", EVERYONE, "release", "obligations"),
        summary="The fifteen checks of its NOTICE.",
        after="obligations",
    ),
    Endpoint(
        *("POST", f"{_RELEASE}/attributions", FULFILLERS, "release", "obligations"),
        summary="Hand in licence texts, NOTICE contents, copyright notices.",
        after="obligations",
    ),
    Endpoint(
        *("GET", f"{_RELEASE}/sbom", EVERYONE, "release", "obligations"),
        summary="Its SBOM with what was decided.",
        after="obligations",
    ),
    Endpoint("GET", f"{_RELEASE}/sources", EVERYONE, "release", "obligations", "Sources to give.", "obligations"),
    Endpoint(
        *("POST", "/api/v1/notices", EVERYONE, "submission", "obligations"),
        summary="One NOTICE over several releases.",
        only_asks=True,
    ),
    Endpoint(
        *("POST", "/api/v1/licenses/obligations", EVERYONE, "installation", "obligations"),
        summary="What a licence asks in a usage.",
        only_asks=True,
    ),
    Endpoint("GET", "/api/v1/licenses/{license_id}", EVERYONE, "installation", "obligations", "Facts on a licence."),
    Endpoint(
        *("POST", "/api/v1/licenses/normalize", EVERYONE, "installation", "policy-eval"),
        summary="What licence strings mean, as SPDX expressions.",
        only_asks=True,
    ),
    Endpoint(
        *("POST", "/api/v1/licenses/compatibility", EVERYONE, "installation", "policy-eval"),
        summary="Whether work under one licence may go into work under another.",
        only_asks=True,
    ),
    Endpoint(
        *("POST", "/api/v1/export/classify", EVERYONE, "installation", "policy-eval"),
        summary="What may be exported where, without a stored release.",
        only_asks=True,
    ),
    Endpoint("GET", f"{_RELEASE}/export", EVERYONE, "release", "policy-eval", "Its export dossier.", "evaluated"),
    Endpoint("GET", f"{_PROJECT_RELEASE}/export", EVERYONE, "project", "policy-eval", "Its dossier.", "evaluated"),
    Endpoint(
        *("GET", f"{_PROJECT_RELEASE}/export-page", EVERYONE, "project", "policy-eval"),
        summary="What a project can tell the public of its export status.",
        after="evaluated",
    ),
    Endpoint("GET", "/api/v1/export-tables", EVERYONE, "installation", "policy-eval", "The tables of countries."),
    *(
        Endpoint(
            "GET", f"/api/v1/export-reports/{name}", OFFICERS, "list", "policy-eval", f"The {name} report, as CSV."
        )
        for name in ("self-classification", "semi-annual")
    ),
    Endpoint(
        *("GET", "/api/v1/reevaluations", REEVALUATORS | {Role.AUDITOR}, "list", "policy-eval"),
        summary="Requests to evaluate all releases again, and their progress.",
    ),
    Endpoint(
        *("POST", "/api/v1/reevaluations", REEVALUATORS, "submission", "policy-eval"),
        summary="Evaluate again what a change of policy or facts touches.",
    ),
    *_export_records("/api/v1/export-classifications", "Classifications for export"),
    Endpoint(
        *("POST", "/api/v1/export-classifications/{record_id}/approve", OFFICERS, "installation", "policy-eval"),
        summary="Put a classification into effect that somebody else proposed.",
    ),
    *_export_records("/api/v1/notifications", "Notifications and reports to authorities"),
    *_export_records("/api/v1/export-shipments", "What was delivered to whom, for the semi-annual report"),
    *_export_records("/api/v1/export-statements", "What projects say of their releases for export"),
    *_export_records("/api/v1/export-verifications", "Comparisons of the tables of countries with the law"),
    *_decisions("/api/v1/curations", "Licences of packages as reviewers found them", REVIEWERS),
    *_decisions("/api/v1/license-choices", "Branches to take of licence expressions", REVIEWERS),
    *_decisions("/api/v1/waivers", "Findings that are accepted until a day", WAIVERS),
    Endpoint(
        *("POST", "/api/v1/waivers/{decision_id}/approve", APPROVERS, "installation", "policy-eval"),
        summary="Put a waiver into effect that somebody else asked for.",
    ),
    Endpoint("GET", "/api/v1/organization", EVERYONE, "installation", "policy-eval", "Who delivers the products."),
    Endpoint(
        *("PUT", "/api/v1/organization", REVIEWERS | {Role.POLICY_ADMIN}, "installation", "policy-eval"),
        summary="Say who delivers the products, offers source, prefers which licences.",
    ),
    Endpoint("GET", "/api/v1/policies", EVERYONE, "installation", "policy-eval", "Policies with their versions."),
    Endpoint("GET", "/api/v1/policies/schema", EVERYONE, "installation", "policy-eval", "Their JSON Schema."),
    Endpoint("GET", "/api/v1/policies/{name}", EVERYONE, "installation", "policy-eval", "A policy, as JSON or YAML."),
    Endpoint(
        *("POST", "/api/v1/policies/validate", EVERYONE, "installation", "policy-eval"),
        summary="What is wrong in a policy, and how its own tests go.",
        only_asks=True,
    ),
    Endpoint(
        *("POST", "/api/v1/policies/{name}/dry-run", POLICY_ADMINS, "list", "policy-eval"),
        summary="What a policy would change in the releases that use it, before it does.",
        only_asks=True,
    ),
    Endpoint("PUT", "/api/v1/policies/{name}", POLICY_ADMINS, "installation", "policy-eval", "Its next version."),
    Endpoint("GET", "/api/v1/policies/{name}/versions", EVERYONE, "installation", "policy-eval", "Its versions."),
    Endpoint(
        *("POST", "/api/v1/policies/{name}/activate", POLICY_ADMINS, "installation", "policy-eval"),
        summary="Make one of its versions the active one.",
    ),
    Endpoint("POST", "/api/v1/keys", ADMINS, "list", "gateway", "Make an API key.", answers_with_secret=True),
    Endpoint("GET", "/api/v1/keys", ADMINS, "list", "gateway", "All API keys."),
    Endpoint("GET", "/api/v1/keys/{key_id}", ADMINS, "list", "gateway", "An API key, without its secret."),
    Endpoint("DELETE", "/api/v1/keys/{key_id}", ADMINS, "list", "gateway", "Revoke an API key."),
    Endpoint(
        *("POST", "/api/v1/keys/{key_id}/rotate", ADMINS, "list", "gateway", "Give a key a new secret."),
        answers_with_secret=True,
    ),
    Endpoint("GET", "/api/v1/audit", AUDITORS, "list", "gateway", "Who did what, and who was turned away."),
    Endpoint("GET", "/api/v1/dead-letters", ADMINS, "installation", "gateway", "Messages that were given up on."),
    Endpoint("POST", "/api/v1/dead-letters/{letter_id}/replay", ADMINS, "installation", "gateway", "Try one again."),
    Endpoint("GET", "/api/v1/version", EVERYONE, "installation", "gateway", "The version of Licet."),
    Endpoint("GET", "/metrics", ADMINS, "installation", "gateway", "The gateway's metrics."),
)

OPEN = frozenset({"/healthz", "/readyz", "/docs", "/api/v1/openapi.json"})
"""What answers without credentials."""


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated caller."""

    subject: str
    roles: frozenset[Role]
    projects: tuple[str, ...]
    expires_at: str | None = None

    def may(self, endpoint: Endpoint) -> bool:
        """Whether one of the caller's roles is enough for the endpoint."""
        return bool(self.roles & endpoint.roles)

    @property
    def sees_everything(self) -> bool:
        """Whether no project is hidden from the caller."""
        return any(set(each) == {"*"} for each in self.projects)

    def sees(self, project: str) -> bool:
        """Whether the project matches one of the caller's patterns (`*` matches any text, `/` included)."""
        return any(fnmatchcase(project, pattern) for pattern in self.projects)

    def covers(self, pattern: str) -> bool:
        """Whether the caller sees every project that the pattern could match, as far as the two texts tell."""
        return any(_is_within(pattern, own) for own in self.projects)


def _is_within(pattern: str, own: str) -> bool:
    if pattern == own or set(own) == {"*"}:
        return True
    if not set(pattern) & set("*?["):
        return fnmatchcase(pattern, own)
    # `*` takes in whatever the other pattern has at its place; brackets and `?` would have to be compared as sets.
    return not set(own) & set("?[") and "[" not in pattern and fnmatchcase(pattern, own)
