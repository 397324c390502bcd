"""`licet steps`: how far the validation of a release is."""

import typer

from licet.commands.session import JsonOption, ProjectOption, ReleaseOption, VersionOption, chosen_release, session_of
from licet.library.steps import Remark, Step
from licet.terminal.screen import Cell, Column, styled


def steps(
    context: typer.Context,
    project: ProjectOption = None,
    version: VersionOption = None,
    release: ReleaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the validation steps of a release: which are done, who acts next, what is missing."""
    session = session_of(context)
    with session.client() as client:
        found = client.steps(chosen_release(client, release, project, version))
    if as_json:
        session.screen.json(found.raw)
        return
    columns = (Column("step"), Column("state"), Column("next"), Column("missing", is_wide=True))
    session.screen.table(columns, [_row(each) for each in found.steps])
    session.screen.say("first open", found.first_open_step or "none")


def _row(step: Step) -> tuple[Cell, ...]:
    missing = ", ".join(map(_written, step.missing))
    return (f"{step.number} {step.name}", styled(step.state), ", ".join(step.next), missing)


def _written(remark: Remark) -> str:
    return f"{remark.what}: {remark.count}" + (f" ({remark.scope})" if remark.scope else "")
