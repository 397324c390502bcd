"""People decide about licences once, and later releases inherit what they decided."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.support.api import got, listed, new_key, problem, submitted
from tests.support.sboms import a_cyclonedx

_CURATIONS = "/api/v1/curations"


@contextmanager
def _person(api: httpx.Client, *roles: str, projects: str = "*") -> Iterator[httpx.Client]:
    key = new_key(api, *roles, projects=projects)["key"]
    with httpx.Client(base_url=api.base_url, headers={"X-Api-Key": key}) as client:
        yield client


def _recorded(client: httpx.Client, path: str, **body: Any) -> dict[str, Any]:
    answer = client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def _judged_again(api: httpx.Client, release: str) -> dict[str, Any]:
    answer = api.post(f"/api/v1/releases/{release}/evaluations")
    assert answer.status_code == 202, answer.text
    gate: dict[str, Any] = got(api, f"/api/v1/releases/{release}/gate", evaluation=answer.json()["evaluation"])
    return gate


def test_a_curation_settles_a_finding_in_this_release_and_the_next(api: httpx.Client, project: str) -> None:
    sbom = a_cyclonedx({project: "Custom terms, see COPYING"})
    release = submitted(api, sbom, project)["release"]["id"]
    before = got(api, f"/api/v1/releases/{release}/gate")
    with _person(api, "reviewer") as reviewer:
        made = _recorded(
            reviewer,
            _CURATIONS,
            purl=before["findings"][0]["subject"]["purl"],
            license="mit",
            reason="COPYING is MIT",
            source={"file": "COPYING", "commit": "4e2a7c1", "url": "https://example.org/left-pad"},
        )
        own = reviewer.post(f"{_CURATIONS}/{made['id']}/review", json={"comment": "it is"})
    reviewed = api.post(f"{_CURATIONS}/{made['id']}/review", json={"comment": "it is"}).json()

    after = _judged_again(api, release)
    inherited = submitted(api, sbom, project, "2")

    assert (before["verdict"], after["verdict"], inherited["gate"]["verdict"]) == ("fail", "pass", "pass")
    assert before["inputs"]["decisions"] != after["inputs"]["decisions"]
    assert (made["license"], made["state"], made["source"]["file"]) == ("MIT", "in-effect", "COPYING")
    problem(own, 409, "conflict")
    assert (reviewed["source"], bool(reviewed["reviewed_by"])) == (made["source"], True)
    (component,) = listed(api, f"/api/v1/releases/{inherited['release']['id']}/components")
    assert (component["license"], component["license_source"]) == ("MIT", "curation")


def test_a_curation_has_stored_releases_judged_again_by_itself(api: httpx.Client, project: str) -> None:
    release = submitted(api, a_cyclonedx({project: "Custom terms, see COPYING"}), project)["release"]["id"]
    purl = got(api, f"/api/v1/releases/{release}/gate")["findings"][0]["subject"]["purl"]

    _recorded(api, _CURATIONS, purl=purl, license="MIT", reason="COPYING is MIT")

    until = time.monotonic() + 60
    while got(api, f"/api/v1/releases/{release}/gate")["verdict"] != "pass":
        assert time.monotonic() < until, "not judged again in a minute"
        time.sleep(0.2)
    assert listed(api, "/api/v1/findings", project=project) == []


def test_an_ended_curation_stays_on_file_and_has_no_effect(api: httpx.Client, project: str) -> None:
    release = submitted(api, a_cyclonedx({project: "no licence that is known"}), project)["release"]["id"]
    purl = got(api, f"/api/v1/releases/{release}/gate")["findings"][0]["subject"]["purl"]
    made = _recorded(api, _CURATIONS, purl=purl, license="MIT", reason="seen")
    contradicting = api.post(_CURATIONS, json={"purl": purl, "license": "Zlib", "reason": "seen"})

    ended = api.delete(f"{_CURATIONS}/{made['id']}")
    again = api.delete(f"{_CURATIONS}/{made['id']}")

    assert made["id"] in problem(contradicting, 409, "conflict")["detail"]
    assert ended.json()["state"] == "ended"
    problem(again, 409, "conflict")
    assert _judged_again(api, release)["verdict"] == "fail"
    (kept,) = [each for each in listed(api, _CURATIONS) if each["id"] == made["id"]]
    assert kept["ended_by"] == kept["created_by"]


def test_what_is_no_curation_is_refused(api: httpx.Client) -> None:
    right = {"purl": "pkg:npm/left-pad", "license": "MIT", "reason": "seen"}

    for wrong, pointer in (
        ({"purl": "left-pad"}, "/purl"),
        ({"license": "Custom terms"}, "/license"),
        ({"license": "NONE"}, "/license"),
        ({"versions": "vers:pypi/>1"}, "/versions"),
        ({"versions": "1.x"}, "/versions"),
        ({"purl": "pkg:npm/left-pad@1", "versions": "vers:npm/>1"}, "/versions"),
        ({"source": {}}, "/source"),
        ({"source": {"url": "LICENSE"}}, "/source/url"),
        ({"source": {"file": "a\nb"}}, "/source/file"),
        ({"source": {"author": "Ann", "reviewer": "Ann"}}, "/source/reviewer"),
        ({"source": {"line": "7"}}, "/source/line"),
    ):
        refusal = problem(api.post(_CURATIONS, json=right | wrong), 422, "invalid-input")
        assert refusal["errors"][0]["pointer"] == pointer, wrong
    problem(api.post(_CURATIONS, json={**right, "unknown": 1}), 422, "invalid-input")
    problem(api.post(_CURATIONS, json={"purl": "pkg:npm/left-pad"}), 422, "invalid-input")


def test_decisions_reach_no_further_than_their_author_sees(api: httpx.Client, project: str) -> None:
    sbom = a_cyclonedx({project: "no licence that is known"})
    theirs = submitted(api, sbom, project)["release"]["id"]
    other = submitted(api, sbom, f"other-{project}")["release"]["id"]
    purl = got(api, f"/api/v1/releases/{theirs}/gate")["findings"][0]["subject"]["purl"]
    with _person(api, "reviewer", projects=project) as reviewer, _person(api, "submitter") as submitter:
        made = _recorded(reviewer, _CURATIONS, purl=purl, license="MIT", reason="seen")
        forbidden = submitter.post(_CURATIONS, json={"purl": purl, "license": "MIT", "reason": "seen"})

        assert made["projects"] == [project]
        problem(forbidden, 403, "forbidden")
        assert _judged_again(api, theirs)["verdict"] == "pass"
        assert _judged_again(api, other)["verdict"] == "fail"


def test_a_recorded_choice_is_taken_in_its_project_alone(api: httpx.Client, project: str) -> None:
    sbom = a_cyclonedx({project: "MIT OR Zlib"})
    release = submitted(api, sbom, project)["release"]["id"]
    wanted = {"license": "Zlib OR MIT", "chosen": "Zlib", "project": project, "reason": "our lawyers prefer it"}

    _recorded(api, "/api/v1/license-choices", **wanted)
    other = api.post("/api/v1/license-choices", json={**wanted, "chosen": "MIT"})
    no_branch = api.post("/api/v1/license-choices", json={**wanted, "chosen": "ISC"})

    _judged_again(api, release)
    elsewhere = submitted(api, sbom, f"not-{project}")["release"]["id"]
    assert listed(api, f"/api/v1/releases/{release}/components")[0]["effective_license"] == "Zlib"
    assert listed(api, f"/api/v1/releases/{elsewhere}/components")[0]["effective_license"] == "MIT"
    problem(other, 409, "conflict")
    assert problem(no_branch, 422, "invalid-input")["errors"][0]["pointer"] == "/chosen"


def test_a_waiver_takes_effect_when_somebody_else_approves_it(api: httpx.Client, project: str) -> None:
    sbom = a_cyclonedx({project: "GPL-3.0-only"})
    release = submitted(api, sbom, project)["release"]["id"]
    wanted = {
        "license": "GPL-3.0-only",
        "project": project,
        "reason": "LICENSE_ACQUIRED_EXCEPTION",
        "comment": "contract 12",
        "linkage": "package",
        "scope": "runtime",
        "risk": "the contract ends",
        "conditions": "not for other products",
        "review_date": (datetime.now(UTC) + timedelta(days=100)).date().isoformat(),
    }
    with _person(api, "submitter", projects=project) as team, _person(api, "legal") as legal:
        made = _recorded(team, "/api/v1/waivers", **wanted)
        proposed = _judged_again(api, release)
        forbidden = team.post(f"/api/v1/waivers/{made['id']}/approve")
        approved = legal.post(f"/api/v1/waivers/{made['id']}/approve")
        again = legal.post(f"/api/v1/waivers/{made['id']}/approve")
        own = _recorded(legal, "/api/v1/waivers", **wanted)
        refused = legal.post(f"/api/v1/waivers/{own['id']}/approve")
        reviewed = legal.post(f"/api/v1/waivers/{made['id']}/review", json={"comment": "the contract holds"}).json()

    settled = _judged_again(api, release)
    inherited = submitted(api, sbom, project, "2")["gate"]
    assert (made["state"], made["requested_by"], proposed["verdict"]) == ("proposed", made["created_by"], "fail")
    assert approved.json()["settles"] == ["legal", "ospo", "project"]
    assert (settled["verdict"], inherited["verdict"]) == ("pass", "pass")
    assert (reviewed["risk"], reviewed["conditions"]) == (wanted["risk"], wanted["conditions"])
    assert (made["review_date"], reviewed["review_date"]) == (wanted["review_date"], None)
    assert reviewed["reviewed_by"] == approved.json()["approved_by"]
    (found,) = settled["findings"]
    assert found["waived"] == {
        "id": made["id"],
        "reason": "license-acquired",
        "expires_at": made["expires_at"],
        "approved_by": approved.json()["approved_by"],
    }
    empty = submitted(api, a_cyclonedx({}), project, "0")["release"]["id"]
    since = got(api, f"/api/v1/releases/{release}/gate", baseline=empty)
    assert (since["verdict"], since["counts"]["error"]) == ("pass", 0)
    problem(forbidden, 403, "forbidden")
    problem(again, 409, "conflict")
    problem(refused, 409, "conflict")

    api.delete(f"/api/v1/waivers/{made['id']}")
    assert _judged_again(api, release)["verdict"] == "fail"


def test_a_broad_waiver_is_reported_and_a_wrong_one_refused(api: httpx.Client, project: str) -> None:
    broad = _recorded(api, "/api/v1/waivers", reason="The holder said yes.")

    for wrong in (
        {"reason": ""},
        {"expires_at": "2020-01-01"},
        {"expires_at": "2999-01-01"},
        {"review_date": "2020-01-01"},
        {"linkage": "glued"},
        {"message": "GPL"},
    ):
        problem(api.post("/api/v1/waivers", json={"reason": "risk-accepted", **wrong}), 422, "invalid-input")
    assert (broad["reason"], broad["comment"], len(broad["warnings"])) == ("other", "The holder said yes.", 2)
    with _person(api, "reviewer", projects=project) as reviewer:
        hidden = reviewer.post(f"/api/v1/waivers/{broad['id']}/approve")
        elsewhere = reviewer.post("/api/v1/waivers", json={"reason": "risk-accepted", "project": "nobody's"})
    problem(hidden, 404, "not-found")
    problem(elsewhere, 404, "not-found")


def test_waivers_that_nothing_needs_and_that_match_too_much_are_reported(api: httpx.Client, project: str) -> None:
    release = submitted(api, a_cyclonedx({project: "GPL-3.0-only"}), project)["release"]["id"]
    needed = {"license": "GPL-3.0-only", "project": project, "reason": "license-acquired"}
    with _person(api, "submitter", projects=project) as team, _person(api, "legal", projects=project) as legal:
        made = {
            name: _recorded(team, "/api/v1/waivers", **body)["id"]
            for name, body in {
                "needed": needed,
                "unused": {**needed, "license": "SSPL-1.0"},
                "broad": {"reason": "risk-accepted", "project": project, "rule": "license/deny"},
                "proposed": needed,
            }.items()
        }
        for name in ("needed", "unused", "broad"):
            assert legal.post(f"/api/v1/waivers/{made[name]}/approve").status_code == 200
        _judged_again(api, release)

        every = {each["id"]: each for each in listed(legal, "/api/v1/waivers")}
        unused = {each["id"] for each in listed(legal, "/api/v1/waivers", unused="true")}
        broad = {each["id"] for each in listed(legal, "/api/v1/waivers", broad="true", limit=1)}

    assert every[made["needed"]]["uses"] == {"releases": 1, "findings": 1}
    assert unused & set(made.values()) == {made["unused"], made["broad"]}
    assert broad & set(made.values()) == {made["broad"]}
    assert not any(each["expired"] for each in every.values())
    problem(api.get("/api/v1/waivers", params={"usused": "true"}), 422, "invalid-input")


def test_an_explanation_names_each_step_with_its_source_and_author(api: httpx.Client, project: str) -> None:
    release = submitted(api, a_cyclonedx({project: "no licence that is known"}), project)["release"]["id"]
    finding = got(api, f"/api/v1/releases/{release}/gate")["findings"][0]
    purl = finding["subject"]["purl"]
    before = got(api, f"/api/v1/releases/{release}/explain", purl=purl)["items"][0]
    curation = _recorded(api, _CURATIONS, purl=purl, license="GPL-3.0-only OR AGPL-3.0-only", reason="seen in COPYING")
    choice = _recorded(
        api,
        "/api/v1/license-choices",
        license="GPL-3.0-only OR AGPL-3.0-only",
        chosen="AGPL-3.0-only",
        purl=purl,
        reason="why not",
    )
    waiver = _recorded(api, "/api/v1/waivers", license="AGPL-3.0-only", project=project, reason="cant-fix")
    with _person(api, "legal") as legal:
        assert legal.post(f"/api/v1/waivers/{waiver['id']}/approve").status_code == 200
    _judged_again(api, release)

    after = got(api, f"/api/v1/releases/{release}/explain", name=project)["items"][0]

    assert [each["step"] for each in before["trace"]] == ["declared", "mapped", "category", "rule", "waiver", "verdict"]
    steps = {each["step"]: each for each in after["trace"]}
    assert list(steps) == ["declared", "mapped", "curated", "chosen", "category", "rule", "waiver", "verdict"]
    assert steps["curated"]["source"] == f"curation {curation['id']}"
    assert steps["curated"]["author"] == curation["created_by"]
    assert steps["chosen"]["source"] == f"license-choice {choice['id']}"
    assert steps["waiver"]["source"] == f"waiver {waiver['id']}"
    assert steps["rule"]["source"] == "policy default"
    assert all(each["version"] for each in after["trace"] if each["step"] in ("declared", "mapped", "rule", "verdict"))
    assert (after["verdict"], after["findings"][0]["waived"]["id"]) == ("deny", waiver["id"])
    problem(api.get(f"/api/v1/releases/{release}/explain"), 422, "invalid-input")
    problem(api.get(f"/api/v1/releases/{release}/explain", params={"name": "nobody"}), 404, "not-found")


def test_what_the_organisation_says_of_itself_is_in_the_notice(api: httpx.Client, project: str) -> None:
    before = got(api, "/api/v1/organization")
    said = {
        "name": f"Example Works of {project}",
        "open_source_contact": "opensource@example.org",
        "source_offer": {"address": "1 Example Street, Example", "url": None, "years": 3},
        "preferred_licenses": [],
    }
    try:
        stored = api.put("/api/v1/organization", json=said)
        notice = api.get(
            f"/api/v1/releases/{submitted(api, a_cyclonedx({project: 'MIT'}), project)['release']['id']}/notice"
        )

        assert stored.json() == got(api, "/api/v1/organization") == said
        assert said["name"] in notice.text
        for wrong in ({"source_offer": {"address": "x", "years": 1}}, {"preferred_licenses": ["My own"]}, {"nam": "x"}):
            problem(api.put("/api/v1/organization", json=wrong), 422, "invalid-input")
        with _person(api, "legal", projects=project) as limited:
            problem(limited.put("/api/v1/organization", json=said), 403, "forbidden")
    finally:
        api.put("/api/v1/organization", json=before)


def test_confirmations_and_exclusions_settle_a_release_and_the_next(api: httpx.Client, project: str) -> None:
    sbom = a_cyclonedx({project: "GPL-3.0-only"})
    release = submitted(api, sbom, project)["release"]["id"]
    purl = got(api, f"/api/v1/releases/{release}/gate")["findings"][0]["subject"]["purl"]
    wanted = {"purl": purl, "project": project}

    made = _recorded(api, "/api/v1/exclusions", reason="build-tool", comment="only builds", **wanted)
    settled = _judged_again(api, release)
    later = submitted(api, sbom, project, "2")
    api.delete(f"/api/v1/exclusions/{made['id']}")
    confirmation = _recorded(api, "/api/v1/confirmations", license="mit AND zlib", reason="both apply", **wanted)

    assert (settled["verdict"], later["gate"]["verdict"], _judged_again(api, release)["verdict"]) == (
        "pass",
        "pass",
        "fail",
    )
    trace = got(api, f"/api/v1/releases/{later['release']['id']}/explain", name=project)["items"][0]["trace"]
    assert {"step": "excluded", "source": f"exclusion {made['id']}"}.items() <= trace[2].items()
    assert (confirmation["license"], confirmation["projects"]) == ("MIT AND Zlib", [project])
    for path, wrong in (
        ("/api/v1/confirmations", {"license": "MIT", "reason": "seen"}),
        ("/api/v1/exclusions", {"reason": "because"}),
        ("/api/v1/exclusions", {"reason": "test", "versions": "1.x"}),
    ):
        problem(api.post(path, json={**wanted, **wrong}), 422, "invalid-input")


def test_what_a_project_says_of_its_use_decides_the_verdict_and_reaches_its_duties(
    api: httpx.Client, project: str
) -> None:
    sbom = a_cyclonedx({project: "GPL-2.0-only"})
    release = submitted(api, sbom, project)["release"]["id"]
    purl = got(api, f"/api/v1/releases/{release}/gate")["findings"][0]["subject"]["purl"]
    wanted = {"project": project, "reason": "runs as a process of its own"}
    with _person(api, "release-manager", projects=project) as manager:
        made = _recorded(manager, "/api/v1/contexts", purl=purl, linkage="separate", **wanted)
        refusals = [
            manager.post("/api/v1/contexts", json=wanted | wrong)
            for wrong in (
                {},
                {"purl": purl, "outbound": "MIT OR"},
                {"scope": "runtime", "audience": "everybody"},
                {"linkage": "glued"},
                {"outbound": "my own"},
                {"linkage": "static", "project": "nobody's"},
            )
        ]

        separate = _judged_again(api, release)
        _recorded(manager, "/api/v1/contexts", version="1", delivery=[], **wanted)

    assert separate["verdict"] == "pass"
    (component,) = listed(api, f"/api/v1/releases/{release}/components")
    assert (component["linkage"], made["projects"]) == ("separate", [project])
    assert [each.status_code for each in refusals] == [422, 422, 422, 422, 422, 404]
    assert [each.json()["errors"][0]["pointer"] for each in refusals[1:5]] == [
        "/outbound", "/audience", "/linkage", "/outbound",
    ]  # fmt: skip
    later = submitted(api, sbom, project, "2")
    assert later["gate"]["verdict"] == "pass"
    duties = listed(api, f"/api/v1/releases/{later['release']['id']}/obligations")
    undelivered = submitted(api, a_cyclonedx({project: "GPL-2.0-only", f"{project}-b": "0BSD"}), project, "1")
    fewer = listed(api, f"/api/v1/releases/{undelivered['release']['id']}/obligations")
    assert {each["obligation"] for each in fewer} < {each["obligation"] for each in duties}


def test_the_delivery_that_is_said_of_a_package_reaches_its_verdict_trace_and_duties(
    api: httpx.Client, project: str
) -> None:
    served, sent = f"{project}-served", f"{project}-sent"
    sbom = a_cyclonedx({served: "LGPL-3.0-only", sent: "MIT"})
    said = {"project": project, "reason": "seen in the product"}
    _recorded(api, "/api/v1/contexts", linkage="dynamic", **said)
    first = submitted(api, sbom, project)
    release = first["release"]["id"]
    (purl,) = [each["purl"] for each in listed(api, f"/api/v1/releases/{release}/components") if each["name"] == served]

    device = _recorded(api, "/api/v1/contexts", purl=purl, user_product=True, **said)
    in_device = _judged_again(api, release)
    server = _recorded(api, "/api/v1/contexts", purl=purl, delivery=["network"], user_product=False, **said)
    _recorded(api, "/api/v1/contexts", audience="public", advertising=False, interactive_ui=False, **said)
    on_server = _judged_again(api, release)
    later = submitted(api, sbom, project, "2")

    verdicts = [each["verdict"] for each in (first["gate"], in_device, on_server, later["gate"])]
    assert verdicts == ["pass", "fail", "pass", "pass"]
    trace = got(api, f"/api/v1/releases/{later['release']['id']}/explain", name=served)["items"][0]["trace"]
    steps = {each["saw"].partition(":")[0]: each["source"] for each in trace if each["step"] == "used"}
    assert steps["delivery is network"] == steps["user_product is false"] == f"context {server['id']}"
    assert f"context {device['id']}" not in steps.values()
    by_release = [
        {each["license"] for each in listed(api, f"/api/v1/releases/{id_}/obligations") if each["kind"] == "active"}
        for id_ in (submitted(api, sbom, f"{project}-b")["release"]["id"], later["release"]["id"])
    ]
    assert by_release == [{"LGPL-3.0-only", "MIT"}, {"MIT"}]
