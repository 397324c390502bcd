"""What waits for reviewers, over all releases."""

import httpx

from tests.support.api import got, listed, new_key, problem, submitted
from tests.support.licet import Licet
from tests.support.sboms import a_cyclonedx

_QUEUE = "/api/v1/findings"


def test_the_queue_asks_each_question_once_and_forgets_what_was_replaced(api: httpx.Client, project: str) -> None:
    first = submitted(api, a_cyclonedx({"readline": "GPL-3.0-only", "libpq": "LGPL-2.1-only"}), project, "1")
    second = submitted(api, a_cyclonedx({"readline": "GPL-3.0-only"}), project, "2")

    items = listed(api, _QUEUE, limit=1, project=project)

    assert [(each["license"], each["releases"]) for each in items] == [("GPL-3.0-only", 2), ("LGPL-2.1-only", 1)]
    worst = items[0]
    [finding] = got(api, f"/api/v1/releases/{second['release']['id']}/gate")["findings"]
    assert worst["fingerprint"] == finding["fingerprint"]
    assert worst["example"]["release"] == second["release"]["id"]
    assert worst["example"]["subject"] == finding["subject"]
    assert listed(api, _QUEUE, project=project, route="project", severity="hint", kind="license") == items[1:]

    submitted(api, a_cyclonedx({"readline": "MIT"}), project, first["release"]["version"])

    assert [(each["license"], each["releases"]) for each in listed(api, _QUEUE, project=project)] == [
        ("GPL-3.0-only", 1)
    ]


def test_the_queue_shows_and_counts_the_projects_of_the_key_only(licet: Licet, api: httpx.Client, project: str) -> None:
    other = f"{project}-other"
    component = a_cyclonedx({f"{project}-lib": "GPL-3.0-only"})
    for name in (project, other):
        submitted(api, component, name)
    everything = [each["releases"] for each in listed(api, _QUEUE) if f"{project}-lib" in str(each["example"])]

    with licet.client(new_key(api, "reviewer", projects=other)["key"]) as client:
        [item] = listed(client, _QUEUE)
        assert (item["releases"], item["example"]["project"]) == (1, other)
        assert listed(client, _QUEUE, project=project) == []

    assert everything == [2]
    problem(api.get(_QUEUE, params={"severity": "fatal"}), 422, "invalid-input")
    problem(api.get(_QUEUE, params={"page_token": "x"}), 422, "invalid-input")
    problem(api.get(_QUEUE, params={"rout": "legal"}), 422, "invalid-input")
