"""`licet policy`: lint, test, try and publish a policy."""

from pathlib import Path
from typing import Annotated

import typer

from licet.commands.files import read
from licet.commands.outcomes import ExitCode
from licet.commands.session import JsonOption, session_of
from licet.library import PolicyCheck
from licet.library.answers import DryRun, PolicyChange
from licet.terminal.screen import Column, Screen, styled

policy = typer.Typer(help="Lint, test, try and publish policies.", no_args_is_help=True)
FileArgument = Annotated[Path, typer.Argument(help="The policy, YAML or JSON; - reads standard input.")]
NameArgument = Annotated[str, typer.Argument(help="The name of the policy on the server.")]


@policy.command()
def lint(context: typer.Context, file: FileArgument, as_json: JsonOption = False) -> None:
    """Say what is wrong in a policy, with line and column; exit code 1 if anything is."""
    session = session_of(context)
    with session.client() as client:
        found = client.check_policy(read(file))
    if as_json:
        session.screen.json(found.raw)
    else:
        _show_problems(session.screen, found, str(file))
    raise typer.Exit(ExitCode.FINDINGS if found.problems else ExitCode.PASS)


@policy.command("test")
def run_tests(context: typer.Context, file: FileArgument, as_json: JsonOption = False) -> None:
    """Run the tests that a policy brings with it; exit code 1 if one fails or the policy is wrong."""
    session = session_of(context)
    with session.client() as client:
        found = client.check_policy(read(file))
    if as_json:
        session.screen.json(found.raw)
    else:
        if found.problems:
            _show_problems(session.screen, found, str(file))
        _show_tests(session.screen, found)
    raise typer.Exit(ExitCode.PASS if found.valid else ExitCode.FINDINGS)


@policy.command("dry-run")
def dry_run(context: typer.Context, name: NameArgument, file: FileArgument, as_json: JsonOption = False) -> None:
    """Say what a policy would change in the releases that use it; exit code 1 if one would fail that does not now."""
    session = session_of(context)
    with session.client() as client, session.screen.waiting("trying the policy") as now:
        pages = client.dry_run(name, read(file), lambda count: now(f"trying the policy: {count} releases"))
    if as_json:
        session.screen.json([item for page in pages for item in page.raw["items"]])
    else:
        _show_changes(session.screen, pages)
    worse = any(each.would_be == "fail" != each.verdict for page in pages for each in page.items)
    raise typer.Exit(ExitCode.FINDINGS if worse else ExitCode.PASS)


@policy.command()
def publish(
    context: typer.Context,
    name: NameArgument,
    file: FileArgument,
    activate: Annotated[bool, typer.Option(help="Whether it is the active version at once.")] = True,
    as_json: JsonOption = False,
) -> None:
    """Make a policy the next version of that name; its tests must pass."""
    session = session_of(context)
    with session.client() as client:
        made = client.publish_policy(name, read(file), activate=activate)
    if as_json:
        session.screen.json(made.raw)
    else:
        session.screen.say(f"{made.name} version {made.version}", "active" if activate else "not active yet")


def _show_problems(screen: Screen, found: PolicyCheck, path: str) -> None:
    for each in found.problems:
        screen.say(f"{path}:{each.line}:{each.column}:", each.pointer, each.message)
    screen.say(f"{len(found.problems)} problems")


def _show_tests(screen: Screen, found: PolicyCheck) -> None:
    failed = [each for each in found.tests if not each.passed]
    for each in failed:
        screen.say(styled("fail", "FAIL"), each.name, f"expects {each.expected}, gets {each.got} ({each.because})")
    screen.say(f"{len(found.tests) - len(failed)} passed, {len(failed)} failed")


def _show_changes(screen: Screen, pages: list[DryRun]) -> None:
    rows = [
        (f"{each.project} {each.version}", styled(each.verdict), styled(each.would_be or "?"), _difference(each))
        for page in pages
        for each in page.items
    ]
    if rows:
        screen.table((Column("release"), Column("now"), Column("then"), Column("findings", is_wide=True)), rows)
    screen.say(f"{sum(each.examined for each in pages)} releases tried, {len(rows)} would change")


def _difference(change: PolicyChange) -> str:
    return change.problem or f"{change.findings_added} more, {change.findings_removed} fewer"
