"""What every command works with: the screen, the client, and the release that the options name."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer

from licet.commands.configuration import config_path, configured
from licet.library import Client, Release, WrongUse
from licet.terminal.screen import Screen


@dataclass(frozen=True, slots=True)
class Session:
    """One run of the program."""

    screen: Screen
    url: str | None
    key: str | None

    def client(self) -> Client:
        """The client of the configured server; raises WrongUse."""
        used = configured(self.url, self.key, config_path())
        return Client(used.url, used.key)


def session_of(context: typer.Context) -> Session:
    """Return the session that the program has begun."""
    session = context.find_object(Session)
    assert session is not None
    return session


def chosen_release(client: Client, release: str | None, project: str | None, version: str | None) -> str:
    """Return the id of the release that is named; raises WrongUse when none is, Refused when there is none such."""
    if release:
        return release
    if not project or not version:
        to_do = "Add --project and --version, or --release with an id."
        raise WrongUse("No release is named.", where="arguments", to_do=to_do)
    found: Release = client.release_named(project, version)
    return found.id


ReleaseOption = Annotated[str | None, typer.Option("--release", help="The id of a release.")]
ProjectOption = Annotated[str | None, typer.Option("--project", "-p", help="The project.")]
VersionOption = Annotated[str | None, typer.Option("--version", "-v", help="The version.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else, on standard output.")]
FailOn = Literal["error", "warning", "never"]
FailOnOption = Annotated[FailOn, typer.Option(help="The least severity that ends with exit code 1.")]
BaselineOption = Annotated[str | None, typer.Option(help="Count only what is new since: release id, version, latest.")]
DestinationOption = Annotated[str | None, typer.Option(help="Countries that it goes to, such as DE,US.")]
SarifOption = Annotated[Path | None, typer.Option(help="Write the findings there as SARIF 2.1.0.")]
JunitOption = Annotated[Path | None, typer.Option(help="Write the findings there as JUnit.")]
MarkdownOption = Annotated[Path | None, typer.Option(help="Write a summary for a pull request there.")]
TimeoutOption = Annotated[float, typer.Option("--timeout", min=0.0, help="Seconds to wait for the verdict.")]
ShowOption = Annotated[Literal["error", "warning", "hint"], typer.Option(help="The least severity that is listed.")]
