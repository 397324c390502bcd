"""Who may do what, in which projects."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.support.api import got, listed, new_key, problem, submitted
from tests.support.licet import Licet
from tests.support.sboms import a_cyclonedx

_BODY = a_cyclonedx({"left-pad": "MIT"})
_UNKNOWN = "01900000-0000-7000-8000-000000000000"
_ALSO_UNKNOWN = "01900000-0000-7000-8000-000000000001"


@pytest.mark.parametrize(
    "credential", [{}, {"X-Api-Key": ""}, {"X-Api-Key": "licet_wrong"}, {"Authorization": "Basic abc"}]
)
@pytest.mark.parametrize("path", ["/api/v1/releases", "/api/v1/version", "/metrics", "/api/v1/keys"])
def test_without_a_known_key_nothing_is_answered(licet: Licet, path: str, credential: dict[str, str]) -> None:
    answer = httpx.get(f"{licet.url}{path}", headers=credential, trust_env=False)

    problem(answer, 401, "unauthenticated")
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_an_upload_without_a_key_stores_nothing(licet: Licet, api: httpx.Client, project: str) -> None:
    query = {"project": project, "version": "1"}

    answer = httpx.post(f"{licet.url}/api/v1/sboms", params=query, content=_BODY, trust_env=False)

    problem(answer, 401, "unauthenticated")
    assert listed(api, "/api/v1/releases", project=project) == []


def test_a_key_may_come_as_a_bearer_token(licet: Licet) -> None:
    bearer = {"Authorization": f"Bearer {licet.admin_key}"}

    assert httpx.get(f"{licet.url}/api/v1/version", headers=bearer, trust_env=False).status_code == 200


def test_a_key_is_shown_once(api: httpx.Client) -> None:
    made = new_key(api, "viewer", "submitter")

    [stored] = [each for each in listed(api, "/api/v1/keys", limit=2) if each["id"] == made["id"]]
    assert made["key"].startswith("licet_")
    assert "key" not in stored
    assert stored["roles"] == ["submitter", "viewer"]


def test_an_unknown_role_is_refused(api: httpx.Client) -> None:
    problem(api.post("/api/v1/keys", json={"name": "x", "roles": ["emperor"]}), 422, "invalid-input")


def test_a_revoked_key_opens_nothing_any_more(licet: Licet, api: httpx.Client) -> None:
    made = new_key(api, "viewer")
    with licet.client(made["key"]) as client:
        got(client, "/api/v1/releases")

        assert api.delete(f"/api/v1/keys/{made['id']}").status_code == 204

        problem(client.get("/api/v1/releases"), 401, "unauthenticated")
    problem(api.delete(f"/api/v1/keys/{made['id']}"), 404, "not-found")


def test_an_expired_key_opens_nothing(licet: Licet, api: httpx.Client) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    made = new_key(api, "viewer", expires_at=yesterday.isoformat())

    with licet.client(made["key"]) as client:
        problem(client.get("/api/v1/releases"), 401, "unauthenticated")


def test_a_submitter_submits_to_his_own_projects_alone(licet: Licet, api: httpx.Client, project: str) -> None:
    made = new_key(api, "submitter", projects=f"{project}/*")
    with licet.client(made["key"]) as submitter:
        submitted(submitter, _BODY, f"{project}/mine")

        refused = submitter.post("/api/v1/sboms", params={"project": project, "version": "1"}, content=_BODY)
        by_root = submitter.post("/api/v1/sboms", content=a_cyclonedx(root=project))

    problem(refused, 403, "forbidden")
    problem(by_root, 403, "forbidden")
    assert listed(api, "/api/v1/releases", project=project) == []


@pytest.mark.parametrize("role", ["viewer", "reviewer", "legal", "export-officer", "policy-admin", "auditor"])
def test_a_role_that_only_reads_may_not_submit(licet: Licet, api: httpx.Client, project: str, role: str) -> None:
    with licet.client(new_key(api, role)["key"]) as client:
        answer = client.post("/api/v1/sboms", params={"project": project, "version": "1"}, content=_BODY)

    assert role in problem(answer, 403, "forbidden")["detail"]
    assert listed(api, "/api/v1/releases", project=project) == []


@pytest.mark.parametrize("role", ["viewer", "submitter", "release-manager", "auditor"])
def test_only_administrators_make_keys_and_see_dead_letters(licet: Licet, api: httpx.Client, role: str) -> None:
    with licet.client(new_key(api, role)["key"]) as client:
        problem(client.post("/api/v1/keys", json={"name": "more", "roles": ["admin"]}), 403, "forbidden")
        problem(client.get("/api/v1/keys"), 403, "forbidden")
        problem(client.get("/api/v1/dead-letters"), 403, "forbidden")
        problem(client.get("/metrics"), 403, "forbidden")


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/releases/{release}",
        "/api/v1/releases/{release}/gate",
        "/api/v1/releases/{release}/evaluations",
        "/api/v1/releases/{release}/components",
        "/api/v1/releases/{release}/findings",
        "/api/v1/releases/{release}/obligations",
        "/api/v1/releases/{release}/notice",
        "/api/v1/sboms/{document}",
        "/api/v1/sboms/{document}/raw",
        "/api/v1/sboms/{document}/warnings",
        "/api/v1/sboms/{document}/ignored",
        "/api/v1/projects/{project}/releases/1",
        "/api/v1/projects/{project}/releases/1/notice",
    ],
)
def test_what_belongs_to_others_is_like_what_does_not_exist(
    licet: Licet, api: httpx.Client, project: str, path: str
) -> None:
    upload = submitted(api, _BODY, project)
    theirs = {"release": upload["release"]["id"], "document": upload["document"]["id"], "project": project}
    missing = {"release": _UNKNOWN, "document": _ALSO_UNKNOWN, "project": "nowhere"}

    with licet.client(new_key(api, "submitter", "viewer", projects="somewhere-else/*")["key"]) as stranger:
        seen = problem(stranger.get(path.format(**theirs)), 404, "not-found")
        unseen = problem(stranger.get(path.format(**missing)), 404, "not-found")

    assert _without(seen, theirs) == _without(unseen, missing)


def test_lists_show_only_the_projects_of_the_key(licet: Licet, api: httpx.Client, project: str) -> None:
    for name in (f"{project}/mine", f"{project}/theirs"):
        submitted(api, _BODY, name)

    with licet.client(new_key(api, "viewer", projects=f"{project}/m*")["key"]) as viewer:
        assert [each["project"] for each in listed(viewer, "/api/v1/releases", limit=1)] == [f"{project}/mine"]
        assert [each["name"] for each in listed(viewer, "/api/v1/projects", limit=1)] == [f"{project}/mine"]


@pytest.mark.parametrize("service", ["sbom-ingest", "policy-eval", "obligations"])
def test_a_service_called_past_the_gateway_answers_401(licet: Licet, service: str) -> None:
    if service not in licet.urls:
        pytest.skip("the services inside the standalone listen nowhere")

    for headers in ({}, {"X-Api-Key": licet.admin_key}, {"X-Licet-Principal": "e30=.00"}):
        for path in (f"/api/v1/releases/{_UNKNOWN}/gate", "/internal/v1/dead-letters", "/api/v1/sboms"):
            problem(httpx.get(licet.urls[service] + path, headers=headers, trust_env=False), 401, "unauthenticated")


def test_a_principal_that_a_caller_sends_is_not_believed(licet: Licet, api: httpx.Client, project: str) -> None:
    release = submitted(api, _BODY, project)["release"]["id"]
    forged = {"X-Licet-Principal": "e30=.00"}

    with licet.client(new_key(api, "viewer", projects="somewhere-else/*")["key"]) as stranger:
        problem(stranger.get(f"/api/v1/releases/{release}/gate", headers=forged), 404, "not-found")
    assert api.get(f"/api/v1/releases/{release}/gate", headers=forged).status_code == 200


def _without(body: dict[str, object], names: dict[str, str]) -> str:
    text = str(body)
    for name, value in names.items():
        text = text.replace(value, name)
    return text
