"""Writes docs/permissions.md from the gateway's one table of endpoints: `python tools/make_permission_table.py`."""

from collections.abc import Iterable
from pathlib import Path

from gateway.domain.access import ENDPOINTS, EVERYONE, OPEN, Endpoint, Role

PAGE = Path(__file__).resolve().parent.parent / "docs" / "permissions.md"

_HEAD = """# Who may call what

Made by `tools/make_permission_table.py` from `gateway.domain.access`; a test fails when it is not up to date.

A key has roles and patterns of project names; both must allow the call. Missing or wrong key: 401. A role that is not
enough: 403. A project that the key may not see: 404, as for one that does not exist.

Roles: {roles}.

Open without credentials: {open}.

| endpoint | what | roles | project checked by | answered by | done before |
| --- | --- | --- | --- | --- | --- |
"""

_SCOPES = {
    "installation": "none: roles alone",
    "list": "only what is of the key's projects",
    "submission": "the service, once the name is known",
    "release": "the release in the path",
    "archived-release": "the archived release in the path",
    "document": "the document in the path",
    "project": "the project in the path",
}


def render() -> str:
    """Return the page."""
    head = _HEAD.format(roles=_listed(Role), open=_listed(OPEN))
    return head + "".join(_row(each) for each in ENDPOINTS)


def _row(endpoint: Endpoint) -> str:
    roles = "all" if endpoint.roles == EVERYONE else ", ".join(sorted(endpoint.roles))
    stage = f"stage `{endpoint.after}`" if endpoint.after else "–"
    call = f"`{endpoint.method} {endpoint.path}`"
    return f"| {call} | {endpoint.summary} | {roles} | {_SCOPES[endpoint.scope]} | {endpoint.answered_by} | {stage} |\n"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
