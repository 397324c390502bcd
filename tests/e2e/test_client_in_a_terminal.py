"""The program `licet` in a terminal: width, colours, progress, encodings, completion."""

from pathlib import Path

import pytest

from tests.support.client_program import ClientProgram, without_styles
from tests.support.licet import Licet
from tests.support.sboms import a_cyclonedx

_LONG = {"a-component-with-a-name-that-is-longer-than-a-line-of-a-terminal-has-room-for-in-any-case": "GPL-3.0-only"}


@pytest.fixture
def program(standalone: Licet, tmp_path: Path) -> ClientProgram:
    (tmp_path / "sbom.json").write_bytes(a_cyclonedx(_LONG))
    return ClientProgram(tmp_path, standalone.url, standalone.admin_key)


def test_tables_fit_the_terminal(program: ClientProgram, project: str) -> None:
    named = ("--project", project, "--version", "1")
    program.run("submit", "sbom.json", *named, "--wait")

    for columns, arguments in ((80, ("gate",)), (50, ("gate",)), (80, ("obligations",)), (80, ("explain", *_LONG))):
        shown = program.run_in_terminal(*arguments, *named, columns=columns, CI="true")
        lines = without_styles(shown.out).split("\n")
        assert max(map(len, lines)) <= columns, arguments


@pytest.mark.long
def test_a_pipe_is_given_tables_of_eighty_columns(program: ClientProgram, project: str) -> None:
    done = program.run("submit", "sbom.json", "--project", project, "--version", "1", "--wait")

    table = [line for line in done.out.splitlines() if not line.startswith(("release", "details", "document"))]
    assert max(map(len, table)) <= 80


def test_a_terminal_sees_colours_and_progress_a_pipeline_does_not(program: ClientProgram, project: str) -> None:
    sent = ("submit", "sbom.json", "--project", project, "--version", "1", "--wait")

    watched = program.run_in_terminal(*sent)
    in_ci = program.run_in_terminal(*sent, CI="true")
    plain = program.run_in_terminal(*sent, NO_COLOR="1", CI="true")

    assert (watched.code, in_ci.code, plain.code) == (1, 1, 1)
    assert "waiting for the verdict" in watched.out
    assert "waiting for the verdict" not in in_ci.out
    assert "\x1b[1;31mFAIL" in in_ci.out
    assert "\x1b[1;31m" not in plain.out


@pytest.mark.long
@pytest.mark.parametrize("encoding", ["ascii", "iso-8859-1"])
def test_a_terminal_that_is_not_utf_8_gets_what_it_can_show(
    program: ClientProgram, project: str, encoding: str
) -> None:
    named = ("--project", f"{project}-日本", "--version", "1")
    program.run("submit", "sbom.json", *named, "--wait", PYTHONIOENCODING=encoding, encoding=encoding)

    gate = program.run("gate", *named, encoding=encoding, PYTHONIOENCODING=encoding)
    as_json = program.run("gate", *named, "--json", encoding=encoding, PYTHONIOENCODING=encoding)
    helped = program.run("submit", "--help", encoding=encoding, PYTHONIOENCODING=encoding)

    assert (gate.code, as_json.code, helped.code) == (1, 1, 0), (gate.err, as_json.err, helped.err)
    assert "license/strong-copyleft" in gate.out
    assert as_json.out.isascii()
    assert "--fail-on" in helped.out


@pytest.mark.long
def test_every_command_is_explained(program: ClientProgram) -> None:
    overview, policy, keys = (program.run(*group, "--help") for group in ((), ("policy",), ("keys",)))

    assert (overview.code, policy.code, keys.code) == (0, 0, 0)
    for command in ("submit", "gate", "notice", "obligations", "steps", "explain", "login", "logout", "policy", "keys"):
        assert f" {command} " in overview.out
    assert all(f" {command} " in policy.out for command in ("lint", "test", "dry-run", "publish"))
    assert all(f" {command} " in keys.out for command in ("list", "create", "rotate", "revoke"))


def test_the_shell_completes(program: ClientProgram) -> None:
    script = program.run("--show-completion", "bash", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    words = program.run(
        _LICET_COMPLETE="complete_bash", COMP_WORDS="licet ob", COMP_CWORD="1", _TYPER_COMPLETE_ARGS="licet ob"
    )

    assert "_LICET_COMPLETE=complete_bash" in script.out, script.err
    assert "obligations" in words.out, words.err
