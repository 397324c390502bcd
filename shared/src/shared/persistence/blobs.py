"""Immutable values addressed by their SHA-256, in a folder: `ab/cd/abcd…`.

A value is written beside its place, flushed to the disk and renamed, so that it is there wholly or not at all; one that
is there already is not written again.
"""

import asyncio
import hashlib
import os
import re
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from shared.errors import NotFound

PIECE = 1024 * 1024
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class StoredBytes:
    """A stored value: its size, and its bytes in pieces, to be read once."""

    size: int
    pieces: AsyncIterator[bytes]


class Blobs(Protocol):
    """Stores bytes under their digest."""

    async def put(self, content: bytes) -> str:
        """Store `content` durably; return its SHA-256 in hex."""
        ...

    async def adopt(self, path: Path, sha256: str) -> None:
        """Move the file at `path`, whose digest is `sha256`, into the store, durably."""
        ...

    async def get(self, sha256: str) -> bytes:
        """Return the stored bytes; raises NotFound."""
        ...

    async def stream(self, sha256: str) -> "StoredBytes":
        """Return the stored bytes to be read in pieces; raises NotFound."""
        ...


class FolderBlobs:
    """Blobs below one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, content: bytes) -> str:
        return await asyncio.to_thread(self._put, content)

    async def adopt(self, path: Path, sha256: str) -> None:
        await asyncio.to_thread(self._adopt, path, sha256)

    async def get(self, sha256: str) -> bytes:
        place = self._place(sha256)
        try:
            return await asyncio.to_thread(place.read_bytes)
        except FileNotFoundError as error:
            raise NotFound(f"There is no stored value with the digest {sha256}.") from error

    async def stream(self, sha256: str) -> StoredBytes:
        try:
            file = await asyncio.to_thread(self._place(sha256).open, "rb")
        except FileNotFoundError as error:
            raise NotFound(f"There is no stored value with the digest {sha256}.") from error
        return StoredBytes(os.fstat(file.fileno()).st_size, _pieces(file))

    def _put(self, content: bytes) -> str:
        sha256 = digest_of(content)
        if not self._place(sha256).exists():
            beside = self._folder / f"incoming-{secrets.token_hex(8)}"
            beside.parent.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(content)
            self._adopt(beside, sha256)
        return sha256

    def _adopt(self, path: Path, sha256: str) -> None:
        place = self._place(sha256)
        if place.exists():
            path.unlink()
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        _flush(path)
        path.replace(place)
        for folder in (place.parent, place.parent.parent, self._folder):
            _flush(folder)

    def _place(self, sha256: str) -> Path:
        return self._folder / key_of(sha256)


def digest_of(content: bytes) -> str:
    """Return the SHA-256 in hex."""
    return hashlib.sha256(content).hexdigest()


def key_of(sha256: str) -> str:
    """Return where a value lies in its store; raises NotFound for what is no digest."""
    if not _SHA256.fullmatch(sha256):
        raise NotFound(f"{sha256!r} is no SHA-256 digest.")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


async def _pieces(file: BinaryIO) -> AsyncIterator[bytes]:
    with file:
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
