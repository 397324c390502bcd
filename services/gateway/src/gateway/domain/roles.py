"""Roles, and what a row of the table of endpoints says."""

from dataclasses import dataclass
from enum import StrEnum
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
INQUIRY_READERS = REVIEWERS | {Role.AUDITOR}
ANALYSTS = frozenset({Role.LEGAL, Role.ADMIN})
APPROVERS = REVIEWERS | {Role.EXPORT_OFFICER}
CONFIRMERS = REVIEWERS | {Role.RELEASE_MANAGER}
CLASSIFIERS = frozenset({Role.LEGAL, Role.POLICY_ADMIN, Role.ADMIN})
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
