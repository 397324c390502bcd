"""The verdict that is asked for, and the files that it is written to."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from licet.commands.files import write
from licet.commands.outcomes import ExitCode
from licet.library import Client, Gate
from licet.library.client import Report
from licet.library.code_quality import as_code_quality
from licet.library.sending import Deadline


@dataclass(frozen=True, slots=True)
class GateAsked:
    """Which verdict is asked for. `fail_on`: error, warning or never."""

    release: str
    fail_on: str = "error"
    baseline: str | None = None
    destinations: str | None = None

    @property
    def least(self) -> str:
        """What the server is asked to fail on."""
        return "error" if self.fail_on == "never" else self.fail_on

    def answered(self, client: Client, deadline: Deadline) -> Gate:
        """The verdict, waited for."""
        return client.gate(
            self.release,
            fail_on=self.least,
            baseline=self.baseline,
            destinations=self.destinations,
            deadline=deadline,
        )

    def report(self, client: Client, gate: Gate, media_type: Report) -> bytes:
        """The same verdict in another form."""
        return client.gate_report(
            self.release,
            media_type,
            evaluation=gate.evaluation,
            fail_on=self.least,
            baseline=self.baseline,
            destination=self.destinations,
        )


@dataclass(frozen=True, slots=True)
class Reports:
    """Where to write what; None = not wanted. `shown_path` is the file that GitLab shows the findings at."""

    sarif: Path | None = None
    junit: Path | None = None
    markdown: Path | None = None
    code_quality: Path | None = None
    notice: Path | None = None
    shown_path: str = "sbom"

    @property
    def any(self) -> bool:
        """Whether there is anything to write."""
        return any((self.sarif, self.junit, self.markdown, self.code_quality, self.notice))

    def write(self, client: Client, asked: GateAsked, gate: Gate, deadline: Deadline) -> list[str]:
        """Write what is wanted; return a line for each file."""
        lines = []
        for path, content, name in self._contents(client, asked, gate, deadline):
            written, note = content()
            write(path, written)
            lines.append(f"{name:<9} {path}{note}")
        return lines

    def _contents(
        self, client: Client, asked: GateAsked, gate: Gate, deadline: Deadline
    ) -> Iterator[tuple[Path, Callable[[], tuple[bytes, str]], str]]:
        forms: tuple[tuple[Path | None, Report, str], ...] = (
            (self.sarif, "application/sarif+json", "sarif"),
            (self.junit, "application/xml", "junit"),
            (self.markdown, "text/markdown", "summary"),
        )
        for path, media_type, name in forms:
            if path is not None:
                yield path, lambda form=media_type: (asked.report(client, gate, form), ""), name  # type: ignore[misc]  # the default holds the value
        if self.code_quality is not None:
            yield self.code_quality, lambda: (self._issues(gate), ""), "issues"
        if self.notice is not None:
            yield self.notice, lambda: _notice(client, asked.release, deadline), "notice"

    def _issues(self, gate: Gate) -> bytes:
        return json.dumps(as_code_quality(gate.findings, self.shown_path), indent=1).encode()


def exit_code(gate: Gate, fail_on: str) -> ExitCode:
    """Return how a pipeline goes on after this verdict."""
    return ExitCode.FINDINGS if gate.verdict == "fail" and fail_on != "never" else ExitCode.PASS


def _notice(client: Client, release: str, deadline: Deadline) -> tuple[bytes, str]:
    content, status = client.notice(release, deadline=deadline)
    return content, f" ({status})"
