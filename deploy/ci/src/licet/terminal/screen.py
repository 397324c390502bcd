"""The two streams of the program: results on standard output, all else on standard error.

Colours only where the stream is a terminal and NO_COLOR is unset; progress only where standard error is a terminal and
nothing says that this is a pipeline (CI). A terminal that cannot show a character gets a question mark in its place.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TextIO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from licet.terminal.harmless import harmless

STYLES: Mapping[str, str] = {
    "error": "bold red",
    "fail": "bold red",
    "deny": "bold red",
    "warning": "yellow",
    "warn": "yellow",
    "pass": "bold green",
    "hint": "cyan",
    "open": "yellow",
}
Cell = str | Text


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, and whether it takes what room is left. Others are as wide as what is in them."""

    heading: str
    is_wide: bool = False


class Screen:
    """Where the program writes."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        for stream in (sys.stdout, sys.stderr):
            _soften(stream)
        self._out, self._err = _console(sys.stdout), _console(sys.stderr)
        self._watched = self._err.is_terminal and not environment.get("CI")

    def say(self, *cells: Cell) -> None:
        """Write a line of the result."""
        self._out.print(Text(" ").join(map(_text, cells)), soft_wrap=not self._out.is_terminal)

    def note(self, line: str, style: str = "") -> None:
        """Write a line beside the result."""
        self._err.print(Text(harmless(line), style), soft_wrap=not self._err.is_terminal)

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> None:
        """Write a table no wider than the terminal, 80 columns where there is none; long words are folded."""
        table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
        for column in columns:
            table.add_column(column.heading, overflow="fold", ratio=1 if column.is_wide else None)
        for row in rows:
            table.add_row(*map(_text, row))
        self._out.print(table)

    def json(self, value: Any) -> None:
        """Write a value as JSON."""
        plain = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
        sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=plain) + "\n")

    def content(self, content: bytes) -> None:
        """Write bytes as they are."""
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()

    @contextmanager
    def sending(self, what: str, size: int) -> Iterator[Callable[[int], None]]:
        """A bar of bytes, for whoever watches; call what is given with the bytes sent so far."""
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
        with Progress(*columns, console=self._err, transient=True, disable=not self._watched) as progress:
            task = progress.add_task(what, total=size or None)
            yield lambda sent: progress.update(task, completed=sent)

    @contextmanager
    def waiting(self, what: str) -> Iterator[Callable[[str], None]]:
        """A sign that something goes on, for whoever watches; call what is given to say something else."""
        columns = (SpinnerColumn("line"), TextColumn("{task.description}"), TimeElapsedColumn())
        with Progress(*columns, console=self._err, transient=True, disable=not self._watched) as progress:
            task = progress.add_task(what, total=None)
            yield lambda text: progress.update(task, description=text)


def styled(word: str, shown: str | None = None) -> Text:
    """Return a word in the colour that it has everywhere."""
    return Text(harmless(shown or word), STYLES.get(word, ""))


def _console(stream: TextIO) -> Console:
    return Console(file=stream, markup=False, highlight=False, emoji=False)


def _soften(stream: TextIO) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")


def _text(cell: Cell) -> Text:
    return cell if isinstance(cell, Text) else Text(harmless(cell))
