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

Scope = Literal["installation", "list", "submission", "release", "document", "project"]
Stage = Literal["evaluated", "obligations"]
Upstream = Literal["gateway", "sbom-ingest", "policy-eval", "obligations"]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One row: who may call it, what decides about the project, who answers, and which stage must be done before.

    Scopes: `installation` - roles alone; `list` - the answer shows only the caller's projects; `submission` - the
    service checks the project that the document or the query names; `release`, `document`, `project` - the path names it.
    """

    method: str
    path: str
    roles: frozenset[Role]
    scope: Scope
    answered_by: Upstream
    after: Stage | None = None


_RELEASE = "/api/v1/releases/{release_id}"
_PROJECT_RELEASE = "/api/v1/projects/{project}/releases/{version}"

ENDPOINTS = (
    Endpoint("POST", "/api/v1/sboms", SUBMITTERS, "submission", "sbom-ingest"),
    Endpoint("GET", "/api/v1/sboms/{document_id}", EVERYONE, "document", "sbom-ingest"),
    Endpoint("GET", "/api/v1/sboms/{document_id}/raw", EVERYONE, "document", "sbom-ingest"),
    Endpoint("GET", "/api/v1/sboms/{document_id}/warnings", EVERYONE, "document", "sbom-ingest"),
    Endpoint("GET", "/api/v1/sboms/{document_id}/ignored", EVERYONE, "document", "sbom-ingest"),
    Endpoint("GET", "/api/v1/releases", EVERYONE, "list", "gateway"),
    Endpoint("GET", "/api/v1/projects", EVERYONE, "list", "gateway"),
    Endpoint("GET", _RELEASE, EVERYONE, "release", "gateway"),
    Endpoint("GET", _PROJECT_RELEASE, EVERYONE, "project", "gateway"),
    Endpoint("GET", f"{_PROJECT_RELEASE}/notice", EVERYONE, "project", "obligations", "obligations"),
    Endpoint("GET", f"{_RELEASE}/evaluations", EVERYONE, "release", "policy-eval"),
    Endpoint("GET", f"{_RELEASE}/components", EVERYONE, "release", "policy-eval", "evaluated"),
    Endpoint("GET", f"{_RELEASE}/findings", EVERYONE, "release", "policy-eval", "evaluated"),
    Endpoint("GET", f"{_RELEASE}/gate", EVERYONE, "release", "policy-eval", "evaluated"),
    Endpoint("GET", f"{_RELEASE}/obligations", EVERYONE, "release", "obligations", "obligations"),
    Endpoint("GET", f"{_RELEASE}/notice", EVERYONE, "release", "obligations", "obligations"),
    Endpoint("POST", "/api/v1/keys", ADMINS, "installation", "gateway"),
    Endpoint("GET", "/api/v1/keys", ADMINS, "installation", "gateway"),
    Endpoint("DELETE", "/api/v1/keys/{key_id}", ADMINS, "installation", "gateway"),
    Endpoint("GET", "/api/v1/dead-letters", ADMINS, "installation", "gateway"),
    Endpoint("POST", "/api/v1/dead-letters/{letter_id}/replay", ADMINS, "installation", "gateway"),
    Endpoint("GET", "/api/v1/version", EVERYONE, "installation", "gateway"),
    Endpoint("GET", "/metrics", ADMINS, "installation", "gateway"),
)

OPEN = frozenset({"/healthz", "/readyz", "/docs", "/api/v1/openapi.json"})
"""What answers without credentials."""


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated caller."""

    subject: str
    roles: frozenset[Role]
    projects: tuple[str, ...]

    def may(self, endpoint: Endpoint) -> bool:
        """Whether one of the caller's roles is enough for the endpoint."""
        return bool(self.roles & endpoint.roles)

    def sees(self, project: str) -> bool:
        """Whether the project matches one of the caller's patterns (`*` matches any text, `/` included)."""
        return any(fnmatchcase(project, pattern) for pattern in self.projects)
