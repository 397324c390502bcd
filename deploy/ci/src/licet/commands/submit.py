"""`licet submit`: send an SBOM, wait for the verdict, keep what the pipeline needs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from licet.commands.files import document_of
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
    SarifOption,
    Session,
    ShowOption,
    TimeoutOption,
    VersionOption,
    session_of,
)
from licet.library import Client, Submission, Submitted
from licet.library.sending import Deadline
from licet.terminal.shown import show_gate, show_submitted


@dataclass(frozen=True, slots=True)
class _Run:
    session: Session
    client: Client
    deadline: Deadline
    show: str
    as_json: bool


def submit(
    context: typer.Context,
    sbom: Annotated[Path, typer.Argument(help="The SBOM, as the scanner wrote it; - reads standard input.")],
    project: ProjectOption = None,
    version: VersionOption = None,
    part: Annotated[str | None, typer.Option(help="The part of the release that this document is of.")] = None,
    usage: Annotated[str | None, typer.Option("--context", help="The usage context.")] = None,
    policy: Annotated[str | None, typer.Option(help="The policy to judge by.")] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for the verdict; a report asks for that too.")] = False,
    fail_on: FailOnOption = "error",
    baseline: BaselineOption = None,
    destination: DestinationOption = None,
    sarif: SarifOption = None,
    junit: JunitOption = None,
    markdown: MarkdownOption = None,
    code_quality: Annotated[Path | None, typer.Option(help="Write the findings there for GitLab.")] = None,
    notice: Annotated[Path | None, typer.Option(help="Write the NOTICE there.")] = None,
    show: ShowOption = "warning",
    timeout: TimeoutOption = 900.0,
    as_json: JsonOption = False,
) -> None:
    """Send an SBOM, and tell what is wrong with the release and how to fix it.

    Exit codes: 0 pass, 1 findings, 2 error, 3 the verdict did not come in time.
    """
    session = session_of(context)
    submission = Submission(document_of(sbom), project, version, part, usage, policy)
    reports = Reports(sarif, junit, markdown, code_quality, notice, shown_path=str(sbom))
    with session.client() as client:
        run = _Run(session, client, Deadline(timeout), show, as_json)
        submitted = _sent(run, submission)
        if not (wait or reports.any or baseline):
            _say_sent(run, submitted)
            raise typer.Exit(ExitCode.PASS)
        asked = GateAsked(submitted.release.id, fail_on, baseline, destination)
        raise typer.Exit(_judged(run, submitted, asked, reports))


def _sent(run: _Run, submission: Submission) -> Submitted:
    screen = run.session.screen
    with screen.sending("sending the SBOM", submission.size) as progress:
        submitted = run.client.submit(submission, deadline=run.deadline, progress=progress)
    if not run.as_json:
        show_submitted(screen, submitted)
    return submitted


def _say_sent(run: _Run, submitted: Submitted) -> None:
    if run.as_json:
        run.session.screen.json(submitted.raw)


def _judged(run: _Run, submitted: Submitted, asked: GateAsked, reports: Reports) -> ExitCode:
    screen = run.session.screen
    with screen.waiting("waiting for the verdict") as now:
        gate = asked.answered(run.client, run.deadline)
        now("fetching the reports")
        written = reports.write(run.client, asked, gate, run.deadline)
    if run.as_json:
        screen.json({"submitted": submitted.raw, "gate": gate.raw})
    else:
        show_gate(screen, gate, run.show)
        for line in written:
            screen.say(line)
    return exit_code(gate, asked.fail_on)
