"""`licet login`: keep the address of a server and a key for it in a file that nobody else can read."""

import sys
from typing import Annotated

import typer

from licet.commands.configuration import Configuration, config_path, store
from licet.commands.session import session_of
from licet.library import Client


def login(
    context: typer.Context,
    url: Annotated[str | None, typer.Argument(help="The address of the server; else LICET_URL.")] = None,
) -> None:
    """Keep address and key for later. The key is asked for, or read from standard input where that is no terminal."""
    session = session_of(context)
    server = url or session.url or typer.prompt("Address of the server", err=True)
    key = session.key or (_typed() if sys.stdin.isatty() else sys.stdin.readline().strip())
    with Client(server, key) as client:
        found = client.version()
    path = config_path()
    store(Configuration(server, key), path)
    session.screen.note(f"{server} is {found.name} {found.version}; kept in {path}")


def logout(context: typer.Context) -> None:
    """Forget address and key."""
    path = config_path()
    path.unlink(missing_ok=True)
    session_of(context).screen.note(f"{path} is removed; the key itself stays valid until it is revoked")


def _typed() -> str:
    key: str = typer.prompt("API key", hide_input=True, err=True)
    return key
