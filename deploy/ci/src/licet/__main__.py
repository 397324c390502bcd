"""The program `licet`."""

import os
import sys
from importlib.metadata import version
from typing import Annotated

import typer

from licet.commands.gate import explain, gate, notice, obligations
from licet.commands.keys import keys
from licet.commands.login import login, logout
from licet.commands.outcomes import code_of
from licet.commands.policy import policy
from licet.commands.session import Session
from licet.commands.steps import steps
from licet.commands.submit import submit
from licet.library import Fault
from licet.terminal.screen import Screen
from licet.terminal.shown import show_fault

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for command in (submit, gate, notice, obligations, steps, explain, login, logout):
    app.command()(command)
app.add_typer(policy, name="policy")
app.add_typer(keys, name="keys")


def main() -> None:
    """Run the program on the arguments of the process."""
    screen = Screen()
    try:
        app(prog_name="licet", obj=screen)
    except Fault as fault:
        show_fault(screen, fault)
        sys.exit(code_of(fault))
    except BrokenPipeError:  # who read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def _say_version(asked: bool) -> None:
    if asked:
        typer.echo(f"licet {version('licet-ci')}")
        raise typer.Exit


@app.callback()
def begin(
    context: typer.Context,
    url: Annotated[str | None, typer.Option(envvar="LICET_URL", help="The address of the server.")] = None,
    _version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Say which.")
    ] = False,
) -> None:
    """Ask Licet whether a release may go out, and why.

    The key is read from LICET_API_KEY, or from the file that `licet login` writes.
    """
    # No option for the key: who may list processes would read it.
    context.obj = Session(context.obj, url, os.environ.get("LICET_API_KEY"))


if __name__ == "__main__":
    main()
