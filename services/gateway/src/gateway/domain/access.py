"""Roles, project patterns, and the one table of what each endpoint asks of its caller."""

from dataclasses import dataclass
from fnmatch import fnmatchcase

from gateway.domain.decision_endpoints import DECISION_ENDPOINTS
from gateway.domain.inquiry_endpoints import INQUIRY_ENDPOINTS
from gateway.domain.notice_endpoints import NOTICE_ENDPOINTS
from gateway.domain.roles import (
    ADMINS,
    ANALYSTS,
    AUDITORS,
    EVALUATORS,
    EVERYONE,
    FULFILLERS,
    OFFICERS,
    RELEASE_MANAGERS,
    SUBMITTERS,
    Endpoint,
    Role,
)
from gateway.domain.webhook_endpoints import WEBHOOK_ENDPOINTS

__all__ = ["ADMINS", "ENDPOINTS", "EVALUATORS", "EVERYONE", "OPEN", "SUBMITTERS", "Caller", "Endpoint", "Role"]


_RELEASE = "/api/v1/releases/{release_id}"
_PROJECT_RELEASE = "/api/v1/projects/{project}/releases/{version}"


def _export_records(path: str, what: str) -> tuple[Endpoint, ...]:
    """The rows of one kind of records for export: the service shows and takes those of the caller's projects."""
    return (
        Endpoint("GET", path, EVERYONE, "list", "policy-eval", f"{what}."),
        Endpoint("POST", path, OFFICERS, "installation", "policy-eval", f"{what}: file one."),
        Endpoint("DELETE", f"{path}/{{record_id}}", OFFICERS, "installation", "policy-eval", f"{what}: withdraw one."),
    )


def _own_analyses(path: str) -> tuple[Endpoint, ...]:
    """The rows of what the organisation itself says that licences ask."""
    one = f"{path}/{{license_id}}"
    return (
        Endpoint("GET", path, EVERYONE, "installation", "obligations", "The organisation's own analyses of licences."),
        Endpoint("GET", one, EVERYONE, "installation", "obligations", "Its own analysis of a licence."),
        Endpoint("PUT", one, ANALYSTS, "installation", "obligations", "Its next version."),
        Endpoint("DELETE", one, ANALYSTS, "installation", "obligations", "Withdraw it."),
        Endpoint("GET", f"{one}/versions", EVERYONE, "installation", "obligations", "Its versions."),
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
    Endpoint("GET", f"{_RELEASE}/steps", EVERYONE, "release", "gateway", "Its validation steps, the first open one."),
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
    Endpoint("GET", f"{_RELEASE}/evidence", EVERYONE, "release", "obligations", "What proves them.", "obligations"),
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
    *_own_analyses("/api/v1/license-analyses"),
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
    *_export_records("/api/v1/export-classifications", "Classifications for export"),
    Endpoint(
        *("POST", "/api/v1/export-classifications/{record_id}/approve", OFFICERS, "installation", "policy-eval"),
        summary="Put a classification into effect that somebody else proposed.",
    ),
    *_export_records("/api/v1/notifications", "Notifications and reports to authorities"),
    *_export_records("/api/v1/export-shipments", "What was delivered to whom, for the semi-annual report"),
    *_export_records("/api/v1/export-statements", "What projects say of their releases for export"),
    *_export_records("/api/v1/export-verifications", "Comparisons of the tables of countries with the law"),
    *DECISION_ENDPOINTS,
    *NOTICE_ENDPOINTS,
    *INQUIRY_ENDPOINTS,
    Endpoint("POST", "/api/v1/keys", ADMINS, "list", "gateway", "Make an API key.", answers_with_secret=True),
    Endpoint("GET", "/api/v1/keys", ADMINS, "list", "gateway", "All API keys."),
    Endpoint("GET", "/api/v1/keys/{key_id}", ADMINS, "list", "gateway", "An API key, without its secret."),
    Endpoint("DELETE", "/api/v1/keys/{key_id}", ADMINS, "list", "gateway", "Revoke an API key."),
    Endpoint(
        *("POST", "/api/v1/keys/{key_id}/rotate", ADMINS, "list", "gateway", "Give a key a new secret."),
        answers_with_secret=True,
    ),
    *WEBHOOK_ENDPOINTS,
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
