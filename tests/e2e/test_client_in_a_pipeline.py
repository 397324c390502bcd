"""The program `licet` in a pipeline: a process with its streams in pipes, against a real Licet."""

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.api import new_key, submitted
from tests.support.client_program import ClientProgram, interrupt
from tests.support.licet import Licet
from tests.support.ports import free_port
from tests.support.sboms import a_component, a_cyclonedx

_DENIED = {"left-pad": "MIT", "readline": "GPL-3.0-only"}
_ALLOWED = {"left-pad": "MIT"}


@pytest.fixture
def program(standalone: Licet, tmp_path: Path) -> ClientProgram:
    return ClientProgram(tmp_path, standalone.url, standalone.admin_key)


@pytest.fixture
def server(standalone: Licet) -> Iterator[httpx.Client]:
    with standalone.client() as client:
        yield client


def an_sbom(program: ClientProgram, components: dict[str, str]) -> str:
    """Write an SBOM into the folder of the program; return its name."""
    (program.folder / "sbom.json").write_bytes(a_cyclonedx(components))
    return "sbom.json"


def test_a_release_with_findings_ends_with_one_and_says_how_to_fix_them(program: ClientProgram, project: str) -> None:
    sbom = an_sbom(program, _DENIED)

    done = program.run("submit", sbom, "--project", project, "--version", "1", "--wait", "--fail-on", "error")

    assert done.code == 1, done.err
    assert "FAIL by policy default version 1" in done.out
    assert "license/strong-copyleft" in done.out
    assert "To do: Replace the" in done.out
    assert "\x1b" not in done.out
    assert done.err == ""


@pytest.mark.long
def test_a_release_without_findings_ends_with_zero(program: ClientProgram, project: str) -> None:
    sbom = an_sbom(program, _ALLOWED)

    done = program.run("submit", sbom, "--project", project, "--version", "1", "--wait")

    assert done.code == 0, done.err
    assert "PASS" in done.out


@pytest.mark.long
def test_findings_may_be_told_without_failing_for_them(program: ClientProgram, project: str) -> None:
    sbom = an_sbom(program, _DENIED)

    done = program.run("submit", sbom, "--project", project, "--version", "1", "--wait", "--fail-on", "never")

    assert done.code == 0, done.err
    assert "FAIL" in done.out


@pytest.mark.long
def test_only_what_is_new_since_the_baseline_counts(program: ClientProgram, project: str) -> None:
    sbom = an_sbom(program, _DENIED)
    sent = ("submit", sbom, "--project", project, "--version")
    assert program.run(*sent, "1", "--wait").code == 1

    again = program.run(*sent, "2", "--wait", "--baseline", "latest", "--json")
    an_sbom(program, _DENIED | {"parser": "AGPL-3.0-only"})
    worse = program.run(*sent, "3", "--baseline", "1", "--json")

    assert again.code == 0, again.err
    assert json.loads(again.out)["gate"]["counts"]["error"] == 0
    assert worse.code == 1, worse.err
    new = [each for each in json.loads(worse.out)["gate"]["findings"] if each["baseline"] == "new"]
    assert [each["subject"]["name"] for each in new] == ["parser"]
    assert "parser" in program.run("gate", "-p", project, "-v", "3", "--baseline", "1").out
    assert "readline" not in program.run("gate", "-p", project, "-v", "3", "--baseline", "1").out
    assert "readline" in program.run("gate", "-p", project, "-v", "3").out


def test_reports_and_notice_are_written_to_the_files_named(program: ClientProgram, project: str) -> None:
    sbom = an_sbom(program, _DENIED)
    files = ("--sarif", "out.sarif", "--junit", "out.xml", "--markdown", "out.md", "--code-quality", "out.json")

    done = program.run("submit", sbom, "--project", project, "--version", "1", *files, "--notice", "sub/NOTICE.txt")

    assert done.code == 1, done.err
    sarif = json.loads((program.folder / "out.sarif").read_text())
    assert [each["ruleId"] for each in sarif["runs"][0]["results"]] == ["license/strong-copyleft"]
    assert b"<testsuite" in (program.folder / "out.xml").read_bytes()
    assert "the release fails" in (program.folder / "out.md").read_text()
    [issue] = json.loads((program.folder / "out.json").read_text())
    assert (issue["severity"], issue["location"]["path"]) == ("critical", "sbom.json")
    assert "left-pad" in (program.folder / "sub" / "NOTICE.txt").read_text()


@pytest.mark.long
def test_without_wait_it_says_what_was_sent_and_does_not_wait(program: ClientProgram, project: str) -> None:
    sent = program.run("submit", "-", "-p", project, "-v", "1", "--json", send=a_cyclonedx(_DENIED))

    assert sent.code == 0, sent.err
    assert json.loads(sent.out)["release"]["project"] == project


@pytest.mark.long
def test_questions_about_a_release_are_answered_as_tables_and_as_json(
    program: ClientProgram, server: httpx.Client, project: str
) -> None:
    submitted(server, a_cyclonedx(_DENIED), project, "1")
    named = ("--project", project, "--version", "1")

    gate = program.run("gate", *named)
    gate_json = program.run("gate", *named, "--json")
    duties = program.run("obligations", *named, "--kind", "active")
    duties_json = program.run("obligations", *named, "--kind", "active", "--json")
    steps = program.run("steps", *named)
    trace = program.run("explain", "readline", *named)
    notice = program.run("notice", *named)
    final = program.run("notice", *named, "--require-final")

    assert (gate.code, gate_json.code) == (1, 1)
    assert json.loads(gate_json.out)["inputs"]
    assert "Reproduce copyright" in duties.out
    assert {each["kind"] for each in json.loads(duties_json.out)} == {"active"}
    assert "first open exploitation" in steps.out
    assert "deny" in trace.out.splitlines()[0]
    assert notice.out.encode() == server.get(f"/api/v1/projects/{project}/releases/1/notice").content
    assert (final.code, final.out) == (2, "")
    assert "error: Conflict" in final.err


@pytest.mark.long
def test_a_policy_is_linted_tested_tried_and_published(
    program: ClientProgram, server: httpx.Client, project: str
) -> None:
    written = server.get("/api/v1/policies/default", headers={"accept": "application/yaml"}).text
    policy = written.replace("name: default", f"name: {project}")
    (program.folder / "policy.yaml").write_text(policy)
    (program.folder / "wrong.yaml").write_text(policy.replace("permissive: {", "permissive: {no-context: allow, "))
    failing = "\ntests:\n  - {name: GPL is fine, license: GPL-3.0-only, context: internal-saas, verdict: deny}\n"
    (program.folder / "failing.yaml").write_text(policy + failing)

    runs = {
        "lint": program.run("policy", "lint", "policy.yaml"),
        "wrong": program.run("policy", "lint", "wrong.yaml"),
        "test": program.run("policy", "test", "policy.yaml"),
        "failing": program.run("policy", "test", "failing.yaml"),
        "publish": program.run("policy", "publish", project, "policy.yaml"),
        "dry-run": program.run("policy", "dry-run", project, "policy.yaml"),
    }

    assert {name: each.code for name, each in runs.items()} == {
        "lint": 0, "wrong": 1, "test": 0, "failing": 1, "publish": 0, "dry-run": 0,
    }, runs  # fmt: skip
    assert "wrong.yaml:" in runs["wrong"].out
    assert "FAIL GPL is fine" in runs["failing"].out
    assert f"{project} version 1 active" in runs["publish"].out
    assert "0 would change" in runs["dry-run"].out


@pytest.mark.long
def test_keys_are_made_listed_rotated_and_revoked(program: ClientProgram, standalone: Licet, tmp_path: Path) -> None:
    made = program.run("keys", "create", "pipeline", "--role", "submitter", "--project", "shop*", "--json")
    key = json.loads(made.out)

    listed = program.run("keys", "list", "--json")
    rotated = program.run("keys", "rotate", key["id"], "--overlap", "0")
    revoked = program.run("keys", "revoke", key["id"])
    refused = ClientProgram(tmp_path, standalone.url, rotated.out.strip()).run("gate", "-p", "shop", "-v", "1")

    assert (made.code, listed.code, rotated.code, revoked.code, refused.code) == (0, 0, 0, 0, 2)
    assert key["id"] in {each["id"] for each in json.loads(listed.out)}
    assert rotated.out.startswith("licet_")
    assert "licet login" in refused.err


def test_refusals_say_what_where_and_what_to_do(program: ClientProgram, project: str) -> None:
    (program.folder / "no.json").write_text("hello")

    broken = program.run("submit", "no.json", "--project", project, "--version", "1", "--wait")
    absent = program.run("gate", "--project", "no such project", "--version", "1")
    unnamed = program.run("gate")
    no_file = program.run("submit", "not-there.json", "--wait")
    misused = program.run("submit", "no.json", "--fail-on", "perhaps")

    assert (broken.code, absent.code, unnamed.code, no_file.code, misused.code) == (2, 2, 2, 2, 2)
    assert "error: Not an SBOM that can be read:" in broken.err
    assert "where: POST /api/v1/sboms" in broken.err
    assert "request id:" in broken.err
    assert "to do: Send a CycloneDX, SPDX" in broken.err
    assert "GET /api/v1/projects/no%20such%20project/releases/1" in absent.err
    assert "Add --project and --version" in unnamed.err
    assert "not-there.json" in no_file.err
    assert broken.out + absent.out + unnamed.out + no_file.out == ""


def test_names_of_the_document_do_nothing_to_the_terminal(program: ClientProgram, project: str) -> None:
    evil = "\x1b]0;owned\x07\x1b[2Jpad\u202egpj\u200b\r::error::x[red]"
    components = [a_component(evil, "GPL-3.0-only")]
    document = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": components}
    (program.folder / "evil.json").write_text(json.dumps(document))

    done = program.run("submit", "evil.json", "--project", project, "--version", "1", "--wait")
    trace = program.run("explain", evil, "--project", project, "--version", "1")

    assert done.code in (1, 2), done.err
    for text in (done.out, done.err, trace.out, trace.err):
        assert not set(text) & set("\x1b\x07\r\u202e\u200b")
    assert "[red]" in done.out.replace("\n", "") + done.err
    assert "\\x1b" in done.out + done.err


def test_a_server_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    program = ClientProgram(tmp_path, f"http://127.0.0.1:{free_port()}", "licet_any")

    done = program.run("gate", "--project", "shop", "--version", "1")

    assert done.code == 2
    assert done.err.startswith("error: The server cannot be reached:")
    assert "LICET_URL" in done.err


def test_a_server_that_never_answers_is_given_up_on_in_time(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        program = ClientProgram(tmp_path, f"http://127.0.0.1:{silent.getsockname()[1]}", "licet_any")
        an_sbom(program, _ALLOWED)

        done = program.run("submit", "sbom.json", "--project", "shop", "--version", "1", "--wait", "--timeout", "2")

    assert done.code == 3, done.err
    assert "within 2 seconds" in done.err


def test_a_verdict_that_does_not_come_in_time_ends_with_three(
    program: ClientProgram, standalone: Licet, project: str
) -> None:
    sbom = an_sbom(program, _ALLOWED)
    named = ("--project", project, "--version", "1")

    with standalone.evaluation_held():
        late = program.run("submit", sbom, *named, "--wait", "--timeout", "2")
    in_time = program.run("gate", *named)

    assert late.code == 3, (late.out, late.err)
    assert "within 2 seconds" in late.err
    assert "to do: Give it more time with --timeout" in late.err
    assert in_time.code == 0, in_time.err


def test_ctrl_c_ends_it_quietly(program: ClientProgram, standalone: Licet, project: str) -> None:
    sbom = an_sbom(program, _ALLOWED)

    with standalone.evaluation_held():
        running = program.start("submit", sbom, "--project", project, "--version", "1", "--wait")
        assert running.stdout is not None
        assert running.stdout.readline().startswith(b"release")
        time.sleep(0.5)
        ended = interrupt(running)

    assert ended.code == 130
    assert "Traceback" not in ended.err


@pytest.mark.long
def test_a_key_of_another_servers_configuration_is_not_sent(program: ClientProgram, standalone: Licet) -> None:
    bare = ClientProgram(program.folder, None, None)
    logged_in = bare.run("login", standalone.url, send=standalone.admin_key.encode() + b"\n")

    listed = bare.run("keys", "list")
    elsewhere = bare.run("--url", f"http://127.0.0.1:{free_port()}", "keys", "list")
    bare.config.chmod(0o644)
    readable = bare.run("keys", "list")

    assert logged_in.code == 0, logged_in.err
    assert listed.code == 0, listed.err
    assert (elsewhere.code, readable.code) == (2, 2)
    assert "There is no key" in elsewhere.err
    assert "chmod 600" in readable.err


@pytest.mark.long
def test_login_keeps_nothing_that_the_server_refuses(program: ClientProgram, standalone: Licet) -> None:
    bare = ClientProgram(program.folder, None, None)

    refused = bare.run("login", standalone.url, send=b"wrong\n")
    taken = bare.run("login", standalone.url, send=standalone.admin_key.encode())

    assert refused.code == 2
    assert taken.code == 0
    assert bare.config.stat().st_mode & 0o777 == 0o600
    assert bare.run("logout").code == 0
    assert not bare.config.exists()


@pytest.mark.long
def test_a_key_for_one_project_sends_to_that_project_alone(
    server: httpx.Client, standalone: Licet, tmp_path: Path, project: str
) -> None:
    key = new_key(server, "submitter", projects=project)["key"]
    program = ClientProgram(tmp_path, standalone.url, key)
    sbom = an_sbom(program, _ALLOWED)

    own = program.run("submit", sbom, "--project", project, "--version", "1", "--wait")
    foreign = program.run("submit", sbom, "--project", f"{project}-x", "--version", "1", "--wait")

    assert (own.code, foreign.code) == (0, 2)
    assert "an administrator makes one" in foreign.err or "may see the project" in foreign.err
