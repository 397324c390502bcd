"""Reads zip and tar archives from strangers: in memory, regular files only, with a limit on everything that can grow.

Nothing is written to a disk and no name is used as a path of this machine; names that would lead out of the archive are
refused all the same, since somebody else may unpack it.
"""

import bz2
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Final, Protocol

from shared.errors import ErrorAt, InvalidInput, OverLimit

MOST_FILES: Final = 50_000
LONGEST_FILE: Final = 8 * 1024 * 1024
MOST_BYTES: Final = 128 * 1024 * 1024
"""What all files of an archive may hold together, and what a packed tar may be unpacked to."""
_XZ_MEMORY = 96 * 1024 * 1024
_ENTRY_OF_ZIP = b"PK\x01\x02"
_PLAIN_OR_DEFLATED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_TAR_MARK = slice(257, 262)
_BROKEN = (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError)

ArchivedFile = tuple[str, bytes]
"""Name inside the archive, with forward slashes, and content."""


class _Unpacking(Protocol):
    """What unpacks a stream step by step."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, packed: bytes, max_length: int, /) -> bytes: ...


def is_archive(content: bytes) -> bool:
    """Whether the bytes begin like a zip or a tar, plain or packed with gzip, bzip2 or xz."""
    return _is_zip(content) or _unpacking(content) is not None or content[_TAR_MARK] == b"ustar"


class Budget:
    """What may still be read of an archive and of those inside it, together."""

    def __init__(self) -> None:
        self.files = MOST_FILES
        self.bytes = MOST_BYTES

    def take(self, files: int, bytes_: int) -> None:
        """Count so much as read; raises OverLimit."""
        self.files -= files
        self.bytes -= bytes_
        if self.files < 0 or self.bytes < 0:
            message = f"The archive holds more than {MOST_FILES:,} files or {MOST_BYTES:,} bytes."
            raise OverLimit(message, limit="archive")


def files_of(content: bytes, budget: Budget) -> Iterator[ArchivedFile]:
    """The regular files of the archive in its order; raises InvalidInput for a broken one, OverLimit."""
    try:
        for name, body in _files_of_zip(content, budget) if _is_zip(content) else _files_of_tar(content, budget):
            _check_name(name)
            yield name, body
    except _BROKEN as error:
        raise InvalidInput(f"The archive cannot be read: {error}", errors=(ErrorAt("", str(error)),)) from error


def _is_zip(content: bytes) -> bool:
    return content.startswith(b"PK\x03\x04")


def _files_of_zip(content: bytes, budget: Budget) -> Iterator[ArchivedFile]:
    budget.take(content.count(_ENTRY_OF_ZIP), 0)  # before zipfile makes an object of each
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for entry in archive.infolist():
            if entry.is_dir():
                continue
            if entry.flag_bits & 1 or entry.compress_type not in _PLAIN_OR_DEFLATED:
                raise _refused(entry.filename, "is encrypted or packed in another way than by deflation")
            with archive.open(entry) as file:
                body = file.read(LONGEST_FILE + 1)
            _check_length(entry.filename, len(body))
            budget.take(0, len(body))
            yield entry.filename, body


def _files_of_tar(content: bytes, budget: Budget) -> Iterator[ArchivedFile]:
    body = _unpacked(content, budget.bytes)
    budget.take(0, len(body))
    with tarfile.open(fileobj=BytesIO(body), mode="r:") as archive:
        for member in archive:
            budget.take(1, 0)
            if not member.isreg() or member.issparse():
                continue  # folders, links, devices: no content of their own
            _check_length(member.name, member.size)
            file = archive.extractfile(member)
            yield member.name, file.read() if file else b""


def _unpacked(content: bytes, most: int) -> bytes:
    """The tar itself, cut off after one byte more than `most`."""
    unpacking = _unpacking(content)
    if unpacking is None:
        return content
    body = unpacking.decompress(content, most + 1)
    if len(body) <= most and (not unpacking.eof or unpacking.unused_data):
        raise _refused("", "is cut off, or followed by something else")
    return body


def _unpacking(content: bytes) -> _Unpacking | None:
    if content.startswith(b"\x1f\x8b"):
        return zlib.decompressobj(wbits=31)
    if content.startswith(b"BZh"):
        return bz2.BZ2Decompressor()
    if content.startswith(b"\xfd7zXZ\x00"):
        return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)
    return None


def _check_name(name: str) -> None:
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or parts[0] in ("", "~") or parts[0].endswith(":") or "\x00" in name:
        raise _refused(name, "would lead out of the archive")


def _check_length(name: str, length: int) -> None:
    if length > LONGEST_FILE:
        raise OverLimit(f"{name!r} is longer than {LONGEST_FILE:,} bytes.", limit="archived-file")


def _refused(name: str, why: str) -> InvalidInput:
    return InvalidInput(f"The archive, or its file {name!r}, {why}.", errors=(ErrorAt(name, why),))
