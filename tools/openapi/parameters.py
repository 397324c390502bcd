"""Parameters of the query and headers, each described once."""

from typing import Any, Final, get_args

from gateway.domain.steps import NONE_OPEN
from policy_eval.domain.component_gaps import Lack
from shared.contracts.steps import BY_EVALUATION, STEPS

_TEXT: Final = {"type": "string", "minLength": 1}

QUERY: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "limit": ({"type": "integer", "minimum": 1, "default": 100}, "How many items; more than 1,000 are cut to 1,000."),
    "page_token": (_TEXT, "The `next_page_token` of the page before."),
    "wait": ({"type": "number", "minimum": 0, "default": 0}, "Seconds to wait for the stage; more than 120 are cut."),
    "evaluation": (_TEXT, "Answer as of this evaluation."),
    "base": (_TEXT, "The id of the release to compare with."),
    "base_evaluation": (_TEXT, "The evaluation of the release to compare with."),
    "baseline": (_TEXT, "Only findings that this release lacks count: its id, its version, or `latest`."),
    "destination": (_TEXT, "Where it is to go: ISO 3166 codes, joined by commas."),
    "as_of": ({"type": "string", "format": "date"}, "By the export law of this day, today if it is not given."),
    "shipment": (_TEXT, "The id of a shipment on file: its destination, and the screening of its parties."),
    "fail_on": ({"type": "string", "enum": ["error", "warning"], "default": "error"}, "The least severity that fails."),
    "project": (_TEXT, "The project."),
    "version": (_TEXT, "The version."),
    "part": ({"type": "string", "minLength": 1, "default": "main"}, "The part of the release."),
    "context": ({"type": "string", "minLength": 1, "default": "proprietary-distributed"}, "The usage context."),
    "policy": ({"type": "string", "minLength": 1, "default": "default"}, "The policy to judge by."),
    "purl": (_TEXT, "A package URL."),
    "name": (_TEXT, "A name."),
    "license": (_TEXT, "A licence, as SPDX expression."),
    "version_range": (_TEXT, "Versions in VERS syntax, with a purl that has none."),
    "verdict": ({"type": "string", "enum": ["pass", "warn", "fail"]}, "The verdict."),
    "first_open_step": (
        {"type": "string", "enum": [*STEPS, NONE_OPEN]},
        f"The first validation step that is not done, `{NONE_OPEN}` where all are.",
    ),
    "step": (
        {"type": "string", "enum": list(BY_EVALUATION)},
        "Only what keeps this step open: what nobody has waived.",
    ),
    "lacks": (
        {"type": "string", "enum": list(get_args(Lack))},
        "Only components that lack this, not together with `purl`; what is not delivered lacks no modification.",
    ),
    "status": (_TEXT, "The status."),
    "kind": (_TEXT, "The kind."),
    "route": (_TEXT, "Who is to answer, or is asked as well since others have not answered in time."),
    "overdue": ({"type": "boolean"}, "Only those that should have been answered by now, or only the others."),
    "sort": (_TEXT, "What comes first: the worst, or what is due first."),
    "severity": (_TEXT, "The severity."),
    "format": (_TEXT, "The form of the answer."),
    "group": (_TEXT, "How components are grouped."),
    "require": ({"type": "string", "enum": ["final"]}, "Refuse (409) while anything is unresolved."),
    "year": ({"type": "integer", "minimum": 2010, "maximum": 2100}, "The year of the report."),
    "half": (_TEXT, "The first or the second half of the year."),
    "include": (_TEXT, "Scopes that are delivered too, joined by commas: dev, test, build."),
    "sha256": ({"type": "string", "pattern": "^[0-9a-f]{64}$"}, "The key with this digest, from `X-Notice-Key`."),
    "template": (_TEXT, "Print by this version of the project's template, or by the newest with `latest`."),
    "activate": ({"type": "boolean", "default": True}, "Whether it is the active version at once."),
    "unused": ({"type": "boolean", "default": False}, "Only those in effect that no current evaluation needs."),
    "broad": ({"type": "boolean", "default": False}, "Only those in effect that match more than they should."),
    "reason": (_TEXT, "Why, for the audit trail."),
    "review_due": ({"type": "boolean", "default": False}, "Only those whose day to be looked at again has come."),
    "category": (_TEXT, "A category of theirs and what it is here, as theirs:ours; repeatable."),
    "service": ({"type": "string", "enum": ["gateway", "sbom-ingest", "policy-eval", "obligations"]}, "The service."),
    "subject": (_TEXT, "Who did it."),
    "request_id": (_TEXT, "The id of the request."),
    "action": (_TEXT, "What was done."),
    "outcome": ({"type": "string", "enum": ["done", "refused", "denied", "failed"]}, "How it ended."),
    "since": ({"type": "string", "format": "date-time"}, "Not before this moment."),
    "until": ({"type": "string", "format": "date-time"}, "Before this moment."),
}

HEADERS: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "Idempotency-Key": (
        {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
        "The same key with the same request gives the first answer again, for 24 hours.",
    ),
    "If-Match": ({"type": "string", "minLength": 1}, "The `etag` of what is changed."),
    "If-None-Match": ({"type": "string"}, "The `ETag` of what the caller has: 304 if it is still that."),
}


def query_parameter(name: str, required: bool = False) -> dict[str, Any]:
    """Return a parameter of the query; `name=a|b` allows these values alone."""
    name, _, choices = name.partition("=")
    schema, says = QUERY[name]
    if choices:
        schema = {"type": "string", "enum": choices.split("|")}
    return {"name": name, "in": "query", "description": says, "schema": schema} | (
        {"required": True} if required else {}
    )


def header_parameter(name: str) -> dict[str, Any]:
    """Return a header that may be sent."""
    schema, says = HEADERS[name]
    return {"name": name, "in": "header", "description": says, "schema": schema}
