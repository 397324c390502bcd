"""`licet gate`, `notice`, `obligations`, `explain`: questions about a release that the server has."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from licet.commands.files import write
from licet.commands.outcomes import ExitCode
from licet.commands.reports import GateAsked, Reports, exit_code
from licet.commands.session import (
    BaselineOption,
    DestinationOption,
    FailOnOption,
    JsonOption,
    JunitOption,
    MarkdownOption,
    ProjectOption,
    ReleaseOption,
    SarifOption,
    ShowOption,
    TimeoutOption,
    VersionOption,
    chosen_release,
    session_of,
)
from licet.library import Obligation
from licet.library.answers import Explained
from licet.library.sending import Deadline
from licet.terminal.screen import Column, Screen, styled
from licet.terminal.shown import show_gate

Format = Literal["text", "markdown", "html", "json"]
Status = Literal["open", "planned", "fulfilled", "verified", "not-triggered", "waived"]
Kind = Literal["active", "passive"]


def gate(
    context: typer.Context,
    project: ProjectOption = None,
    version: VersionOption = None,
    release: ReleaseOption = None,
    fail_on: FailOnOption = "error",
    baseline: BaselineOption = None,
    destination: DestinationOption = None,
    sarif: SarifOption = None,
    junit: JunitOption = None,
    markdown: MarkdownOption = None,
    show: ShowOption = "warning",
    timeout: TimeoutOption = 900.0,
    as_json: JsonOption = False,
) -> None:
    """Show the verdict of a release, and how to fix what is wrong.

    Exit codes: 0 pass, 1 findings, 2 error, 3 the verdict did not come in time.
    """
    session, deadline = session_of(context), Deadline(timeout)
    with session.client() as client:
        asked = GateAsked(chosen_release(client, release, project, version), fail_on, baseline, destination)
        with session.screen.waiting("waiting for the verdict"):
            found = asked.answered(client, deadline)
            written = Reports(sarif, junit, markdown).write(client, asked, found, deadline)
    if as_json:
        session.screen.json(found.raw)
    else:
        show_gate(session.screen, found, show)
        for line in written:
            session.screen.say(line)
    raise typer.Exit(exit_code(found, fail_on))


def notice(
    context: typer.Context,
    project: ProjectOption = None,
    version: VersionOption = None,
    release: ReleaseOption = None,
    format_: Annotated[Format, typer.Option("--format", help="How it is written.")] = "text",
    final: Annotated[bool, typer.Option("--require-final", help="Fail while anything is unresolved.")] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file to write; else standard output.")
    ] = None,
    timeout: TimeoutOption = 900.0,
    as_json: JsonOption = False,
) -> None:
    """Fetch the NOTICE of a release: the text to ship with it."""
    session = session_of(context)
    with session.client() as client:
        found = chosen_release(client, release, project, version)
        with session.screen.waiting("waiting for the NOTICE"):
            form = "json" if as_json else format_
            content, status = client.notice(found, format_=form, final=final, deadline=Deadline(timeout))
    if output is None:
        session.screen.content(content)
    else:
        write(output, content)
        session.screen.note(f"{output}: {len(content):,} bytes, {status}")


def obligations(
    context: typer.Context,
    project: ProjectOption = None,
    version: VersionOption = None,
    release: ReleaseOption = None,
    status: Annotated[Status | None, typer.Option(help="Only those of this status.")] = None,
    kind: Annotated[Kind | None, typer.Option(help="Only those to act on, or only those to keep to.")] = None,
    license_: Annotated[str | None, typer.Option("--license", help="Only those of this licence.")] = None,
    purl: Annotated[str | None, typer.Option(help="Only those of this component.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List what the licences of a release ask of whoever delivers it."""
    session = session_of(context)
    with session.client() as client:
        found = chosen_release(client, release, project, version)
        with session.screen.waiting("fetching obligations"):
            duties = list(client.obligations(found, status=status, kind=kind, license=license_, purl=purl))
    if as_json:
        session.screen.json([each.raw for each in duties])
    else:
        _show_duties(session.screen, duties)


def explain(
    context: typer.Context,
    component: Annotated[str, typer.Argument(help="A package URL, or a name.")],
    project: ProjectOption = None,
    version: VersionOption = None,
    release: ReleaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Explain the verdict on a component: each step of the decision, and whose word it rests on."""
    session = session_of(context)
    purl, name = (component, None) if component.startswith("pkg:") else (None, component)
    with session.client() as client:
        found = client.explain(chosen_release(client, release, project, version), purl=purl, name=name)
    if as_json:
        session.screen.json(found.raw)
        raise typer.Exit(ExitCode.PASS)
    for item in found.items:
        _show_explained(session.screen, item)
    if found.components > len(found.items):
        session.screen.note(f"{found.components} components have this name; the first {len(found.items)} are shown.")


def _show_duties(screen: Screen, duties: list[Obligation]) -> None:
    columns = (Column("status"), Column("licence"), Column("duty", is_wide=True), Column("components"))
    rows = [
        (styled(each.status), each.license or "not known", _title(each), str(len(each.components))) for each in duties
    ]
    screen.table(columns, rows)
    screen.say(f"{len(duties)} obligations")


def _title(duty: Obligation) -> str:
    return f"{duty.title} ({duty.clause})" if duty.clause else duty.title


def _show_explained(screen: Screen, item: Explained) -> None:
    title = f"{item.name} {item.version}" if item.version else item.name
    screen.say(title, styled(item.verdict), item.license or "no licence that is known")
    rows = [(each.step, each.saw, " ".join(filter(None, (each.source, _short(each.version))))) for each in item.trace]
    screen.table((Column("step"), Column("what was seen", is_wide=True), Column("by")), rows)


def _short(version: str | None) -> str | None:
    return version if version is None or len(version) <= _LONGEST_VERSION else f"{version[:12]}…"


_LONGEST_VERSION = 24
