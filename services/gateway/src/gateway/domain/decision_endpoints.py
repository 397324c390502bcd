"""The endpoints of what people decide: about licences, of themselves, and in policies."""

from typing import Final

from gateway.domain.roles import (
    APPROVERS,
    CLASSIFIERS,
    CONFIRMERS,
    EVERYONE,
    POLICY_ADMINS,
    REEVALUATORS,
    REVIEWERS,
    WAIVERS,
    Endpoint,
    Role,
)


def _decisions(path: str, what: str, makers: frozenset[Role]) -> tuple[Endpoint, ...]:
    """The rows of one kind of decisions: the service shows and takes those that hold in the caller's projects."""
    return (
        Endpoint("GET", path, EVERYONE, "list", "policy-eval", f"{what}."),
        Endpoint("POST", path, makers, "installation", "policy-eval", f"{what}: record one."),
        Endpoint("DELETE", f"{path}/{{decision_id}}", makers, "installation", "policy-eval", f"{what}: end one."),
    )


def _review(path: str, what: str, reviewers: frozenset[Role]) -> Endpoint:
    summary = f"Note that somebody else has looked at {what} again."
    return Endpoint("POST", f"{path}/{{decision_id}}/review", reviewers, "installation", "policy-eval", summary)


def _import(path: str, file: str, makers: frozenset[Role]) -> Endpoint:
    summary = f"Take over ORT's {file}."
    return Endpoint("POST", f"{path}/import", makers, "installation", "policy-eval", summary)


DECISION_ENDPOINTS: Final = (
    Endpoint(
        *("GET", "/api/v1/reevaluations", REEVALUATORS | {Role.AUDITOR}, "list", "policy-eval"),
        summary="Requests to evaluate all releases again, and their progress.",
    ),
    Endpoint(
        *("POST", "/api/v1/reevaluations", REEVALUATORS, "submission", "policy-eval"),
        summary="Evaluate again what a change of policy or facts touches.",
    ),
    *_decisions("/api/v1/curations", "Licences of packages as reviewers found them", REVIEWERS),
    *_decisions("/api/v1/confirmations", "Licences of packages that all apply together", CONFIRMERS),
    *_decisions("/api/v1/contexts", "How releases and their components are used and delivered", CONFIRMERS),
    *_decisions("/api/v1/exclusions", "What of packages is not delivered", REVIEWERS),
    *_decisions("/api/v1/license-choices", "Branches to take of licence expressions", REVIEWERS),
    *_decisions("/api/v1/license-classifications", "Categories that the organisation puts licences in", CLASSIFIERS),
    _import("/api/v1/curations", "curations.yml", REVIEWERS),
    _import("/api/v1/license-choices", ".ort.yml", REVIEWERS),
    _import("/api/v1/license-classifications", "license-classifications.yml", CLASSIFIERS),
    *_decisions("/api/v1/waivers", "Findings that are accepted until a day", WAIVERS),
    Endpoint(
        *("POST", "/api/v1/waivers/{decision_id}/approve", APPROVERS, "installation", "policy-eval"),
        summary="Put a waiver into effect that somebody else asked for.",
    ),
    Endpoint(
        *("POST", "/api/v1/license-classifications/{decision_id}/approve", CLASSIFIERS, "installation", "policy-eval"),
        summary="Put a classification into effect that somebody else asked for, where a policy takes two people.",
    ),
    _review("/api/v1/waivers", "a waiver", APPROVERS),
    _review("/api/v1/curations", "a curation", REVIEWERS),
    Endpoint("GET", "/api/v1/organization", EVERYONE, "installation", "policy-eval", "Who delivers the products."),
    Endpoint(
        *("PUT", "/api/v1/organization", REVIEWERS | {Role.POLICY_ADMIN}, "installation", "policy-eval"),
        summary="Say who delivers the products, offers source, prefers which licences.",
    ),
    Endpoint("GET", "/api/v1/response-times", EVERYONE, "installation", "policy-eval", "In how many days it answers."),
    Endpoint(
        *("PUT", "/api/v1/response-times", REVIEWERS | {Role.POLICY_ADMIN}, "installation", "policy-eval"),
        summary="Say in how many working days questions and inquiries are answered, and the holidays.",
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
)
