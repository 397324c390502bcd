"""What the end-to-end tests do over and over with a client of the API."""

from typing import Any

import httpx


def submitted(api: httpx.Client, body: bytes, project: str, version: str = "1", **parameters: str) -> dict[str, Any]:
    """Send the SBOM, wait until all stages are done, and return the answer."""
    query = {"project": project, "version": version, "wait": "60"} | parameters
    answer = api.post("/api/v1/sboms", params=query, content=body)
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    assert set(shown["stages"].values()) == {"done"}, shown["problems"]
    return shown


def got(api: httpx.Client, path: str, **parameters: str) -> Any:
    """Return the JSON of a GET that succeeds."""
    answer = api.get(path, params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def listed(api: httpx.Client, path: str, limit: int = 1000, **parameters: str) -> list[Any]:
    """Return all items of a list, gathered page by page."""
    items: list[Any] = []
    token = ""
    while True:
        page = got(api, path, limit=str(limit), page_token=token, **parameters)
        assert set(page) == {"items", "next_page_token"}
        assert len(page["items"]) <= limit
        items += page["items"]
        if not (token := page["next_page_token"]):
            return items


def problem(answer: httpx.Response, status: int, kind: str) -> dict[str, Any]:
    """Return the problem of a refusal, which must be of this status and kind and complete (RFC 9457)."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["type"] == f"urn:licet:problem:{kind}"
    assert body["status"] == status
    assert {"title", "detail", "instance"} <= set(body)
    return body


def new_key(api: httpx.Client, *roles: str, projects: str = "*", expires_at: str | None = None) -> dict[str, Any]:
    """Make a key for these roles in the projects of this pattern; return it with the `key` itself."""
    wanted = {"name": "a test's", "roles": list(roles), "projects": [projects], "expires_at": expires_at}
    answer = api.post("/api/v1/keys", json=wanted)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made
