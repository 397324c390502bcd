"""Reads and writes the files that arguments name; `-` is standard input."""

import os
import sys
from contextlib import suppress
from pathlib import Path

from licet.library import WrongUse


def document_of(path: Path) -> Path | bytes:
    """Return a document to send: the path of a plain file, else the content, of which the size is not known before."""
    if str(path) == "-":
        return sys.stdin.buffer.read()
    return path if path.is_file() or not path.exists() else read(path)


def read(path: Path) -> bytes:
    """Return the content of a file; raises WrongUse."""
    try:
        return sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise WrongUse(f"It cannot be read: {error.strerror}", where=str(path)) from error


def write(path: Path, content: bytes) -> None:
    """Write a file as a whole or not at all; raises WrongUse."""
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(content)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        new.write_bytes(content)
        new.replace(path)
    except OSError as error:
        with suppress(OSError):
            new.unlink()
        raise WrongUse(f"It cannot be written: {error.strerror}", where=str(path)) from error
