"""An SBOM to send: the document's file, and the names it goes under."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from licet.library.faults import WrongUse

Progress = Callable[[int], None]
"""Told how many bytes of the document have been sent so far, in this try."""


@dataclass(frozen=True, slots=True)
class Submission:
    """A document and the names it goes under; what is None is taken from the document, or is the server's default."""

    document: Path | bytes
    project: str | None = None
    version: str | None = None
    part: str | None = None
    context: str | None = None
    policy: str | None = None

    @property
    def names(self) -> dict[str, str]:
        """The parameters of the request."""
        given = {name: getattr(self, name) for name in ("project", "version", "part", "context", "policy")}
        return {name: value for name, value in given.items() if value is not None}

    @property
    def size(self) -> int:
        """The bytes of the document; raises WrongUse."""
        if isinstance(self.document, bytes):
            return len(self.document)
        try:
            return self.document.stat().st_size
        except OSError as error:
            raise _unreadable(self.document, error) from error

    @contextmanager
    def opened(self, progress: Progress) -> Iterator["CountedReader"]:
        """The document from its beginning; raises WrongUse."""
        if isinstance(self.document, bytes):
            yield CountedReader(io.BytesIO(self.document), progress)
            return
        try:
            file = self.document.open("rb")
        except OSError as error:
            raise _unreadable(self.document, error) from error
        with file:
            yield CountedReader(file, progress)


class CountedReader(io.RawIOBase):
    """A file that tells how far it has been read."""

    def __init__(self, file: BinaryIO, progress: Progress) -> None:
        super().__init__()
        self._file, self._progress, self._sent = file, progress, 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most `size`."""
        piece = self._file.read(size)
        self._sent += len(piece)
        self._progress(self._sent)
        return piece


def _unreadable(path: Path, error: OSError) -> WrongUse:
    return WrongUse(f"{error.strerror or error}", where=str(path), to_do="Name a file that is there and may be read.")
