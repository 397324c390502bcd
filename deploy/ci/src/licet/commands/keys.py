"""`licet keys`: API keys, for administrators."""

from typing import Annotated

import typer

from licet.commands.session import JsonOption, session_of
from licet.library import Key
from licet.terminal.screen import Column, Screen

keys = typer.Typer(help="List, make, rotate and revoke API keys.", no_args_is_help=True)
IdArgument = Annotated[str, typer.Argument(help="The id of a key.")]


@keys.command("list")
def list_(context: typer.Context, as_json: JsonOption = False) -> None:
    """List all keys, without their secrets."""
    session = session_of(context)
    with session.client() as client:
        found = list(client.keys())
    if as_json:
        session.screen.json([each.raw for each in found])
    else:
        columns = (Column("id"), Column("name", is_wide=True), Column("roles"), Column("projects"), Column("state"))
        session.screen.table(columns, [_row(each) for each in found])


@keys.command()
def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What the key is for.")],
    role: Annotated[list[str], typer.Option(help="A role, such as submitter; repeat it for more.")],
    project: Annotated[list[str] | None, typer.Option(help="A pattern of projects, such as shop*; repeatable.")] = None,
    expires_at: Annotated[str | None, typer.Option(help="When it ends, such as 2027-01-31T00:00:00Z.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Make a key. Its secret is printed this once; give it to the pipeline as LICET_API_KEY."""
    session = session_of(context)
    with session.client() as client:
        _show_secret(session.screen, client.create_key(name, role, project or ["*"], expires_at), as_json)


@keys.command()
def rotate(
    context: typer.Context,
    key_id: IdArgument,
    overlap: Annotated[int, typer.Option(min=0, help="Seconds for which the old secret still works.")] = 86_400,
    as_json: JsonOption = False,
) -> None:
    """Give a key a new secret, printed this once."""
    session = session_of(context)
    with session.client() as client:
        _show_secret(session.screen, client.rotate_key(key_id, overlap), as_json)


@keys.command()
def revoke(context: typer.Context, key_id: IdArgument) -> None:
    """Revoke a key, at once."""
    session = session_of(context)
    with session.client() as client:
        client.revoke_key(key_id)
    session.screen.note(f"{key_id} is revoked")


def _show_secret(screen: Screen, key: Key, as_json: bool) -> None:
    if as_json:
        screen.json(key.raw)
        return
    screen.note(f"{key.name} ({key.id}): {', '.join(key.roles)} for {', '.join(key.projects)}")
    screen.say(key.key or "")


def _row(key: Key) -> tuple[str, ...]:
    valid = f"until {key.expires_at}" if key.expires_at else "valid"
    state = "revoked" if key.revoked_at else valid
    return key.id, key.name, ", ".join(key.roles), ", ".join(key.projects), state
