"""The table of endpoints, and what a caller's roles and project patterns allow."""

import re
from importlib.metadata import version

import pytest

from gateway.domain.access import ADMINS, ENDPOINTS, EVALUATORS, EVERYONE, SUBMITTERS, Caller, Endpoint, Role
from gateway.entrypoints.openapi import describe
from shared.observability import redact

_WRITES = [each for each in ENDPOINTS if each.changes]


def _caller(*projects: str, roles: frozenset[Role] = EVERYONE) -> Caller:
    return Caller("key:1", roles, projects)


@pytest.mark.parametrize(
    ("pattern", "project", "seen"),
    [
        ("*", "anything/at all", True),
        ("shop", "shop", True),
        ("shop", "shop2", False),
        ("shop", "Shop", False),
        ("shop-*", "shop-eu", True),
        ("shop-*", "shop", False),
        ("org/*", "org/team/repo", True),
        ("org/*", "organ/repo", False),
        ("team-?", "team-a", True),
        ("team-?", "team-ab", False),
        ("", "shop", False),
    ],
)
def test_a_pattern_names_whole_projects(pattern: str, project: str, seen: bool) -> None:
    assert _caller(pattern).sees(project) is seen


def test_one_pattern_of_several_is_enough_and_none_is_not() -> None:
    assert _caller("a", "b").sees("b")
    assert not _caller().sees("b")


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda each: f"{each.method} {each.path}")
def test_one_role_of_several_is_enough(endpoint: Endpoint) -> None:
    some = next(iter(sorted(endpoint.roles)))

    assert _caller(roles=frozenset({some, Role.AUDITOR})).may(endpoint)
    assert not _caller(roles=frozenset()).may(endpoint)


@pytest.mark.parametrize("endpoint", _WRITES, ids=lambda each: f"{each.method} {each.path}")
def test_those_who_only_look_change_nothing(endpoint: Endpoint) -> None:
    assert not endpoint.roles & {Role.VIEWER, Role.AUDITOR}


def test_only_administrators_meet_keys_dead_letters_and_metrics() -> None:
    guarded = [each for each in ENDPOINTS if re.search("keys|dead-letters|metrics", each.path)]

    assert len(guarded) == 8
    assert {each.roles for each in guarded} == {ADMINS}


def test_an_administrator_may_do_everything() -> None:
    assert all(Role.ADMIN in each.roles for each in ENDPOINTS)
    assert Role.ADMIN in SUBMITTERS <= EVALUATORS


def test_a_project_in_a_path_is_always_checked() -> None:
    unchecked = [each for each in ENDPOINTS if each.scope in ("installation", "list", "submission")]

    assert not [each for each in unchecked if re.search("{(release_id|document_id|project|version)}", each.path)]


def test_only_new_secrets_are_answered_with_a_secret() -> None:
    assert [(each.method, each.path) for each in ENDPOINTS if each.answers_with_secret] == [
        ("POST", "/api/v1/keys"),
        ("POST", "/api/v1/keys/{key_id}/rotate"),
        ("POST", "/api/v1/webhooks"),
        ("POST", "/api/v1/webhooks/{webhook_id}/rotate"),
    ]


def test_the_description_lists_exactly_the_table() -> None:
    described = describe()

    listed = {(method.upper(), path) for path, methods in described["paths"].items() for method in methods}
    assert listed == {(each.method, each.path) for each in ENDPOINTS}
    assert described["info"]["version"] == version("licet-gateway")


def test_every_operation_has_a_name_of_its_own_and_all_names_of_its_path() -> None:
    operations = [(path, each) for path, methods in describe()["paths"].items() for each in methods.values()]

    assert len({operation["operationId"] for _, operation in operations}) == len(ENDPOINTS)
    for path, operation in operations:
        in_path = {each["name"] for each in operation["parameters"] if each["in"] == "path"}
        assert in_path == set(re.findall("{(.+?)}", path))


@pytest.mark.parametrize("path", ["/api/v1/releases", "/api/v1/projects", "/api/v1/keys", "/api/v1/dead-letters"])
def test_a_list_is_described_with_its_pages(path: str) -> None:
    names = {each["name"] for each in describe()["paths"][path]["get"]["parameters"]}

    assert {"limit", "page_token"} <= names


def test_a_key_never_reaches_a_log_line() -> None:
    secret = "licet_" + "a" * 43

    line = redact(
        None, "info", {"path": f"/api/v1/keys/{secret}", "x-api-key": secret, "authorization": f"Bearer {secret}"}
    )

    assert secret not in str(line)
