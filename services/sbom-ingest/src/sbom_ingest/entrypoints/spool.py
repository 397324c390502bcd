"""Receives a document into a temporary file: decoded, counted and digested as it comes, within the limits of size."""

import asyncio
import hashlib
import io
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import zstandard

from sbom_ingest.application.ingest_sbom import Spooled
from shared.errors import OverLimit, Unreadable, UnsupportedEncoding

_STEP = 64 * 1024
_BITE = 1024
_MIB = 1024 * 1024
_SECOND_FRAME = "The zstd body has something after its first frame; send exactly one."


@dataclass(frozen=True, slots=True)
class SizeLimits:
    """Bytes as sent, bytes after `Content-Encoding` is undone, and how many times larger that may make it."""

    sent: int = 64 * _MIB
    unpacked: int = 256 * _MIB
    ratio: int = 100


class _Decoder(Protocol):
    def feed(self, chunk: bytes) -> Iterator[bytes]: ...

    def finish(self) -> None: ...


class _Plain:
    def feed(self, chunk: bytes) -> Iterator[bytes]:
        yield chunk

    def finish(self) -> None:
        return


class _Gzip:
    """Exactly one gzip member, expanded in steps of bounded size."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(16 + zlib.MAX_WBITS)

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        yield self._stream.decompress(chunk, _STEP)
        while self._stream.unconsumed_tail:
            yield self._stream.decompress(self._stream.unconsumed_tail, _STEP)
        if self._stream.unused_data.strip(b"\0"):
            raise UnsupportedEncoding("The gzip body has something after its first member; send exactly one.")

    def finish(self) -> None:
        if not self._stream.eof:
            raise Unreadable("The gzip body ends in the middle; send it again.")


class _Zstandard:
    """One Zstandard frame with a window of at most 8 MiB."""

    def __init__(self) -> None:
        self._stream = zstandard.ZstdDecompressor(max_window_size=8 * _MIB).decompressobj()

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        # Small bites bound what one call can expand to: zstd knows no output limit here.
        for start in range(0, len(chunk), _BITE):
            if self._stream.eof:
                raise UnsupportedEncoding(_SECOND_FRAME)
            yield self._stream.decompress(chunk[start : start + _BITE])
        if self._stream.unused_data:
            raise UnsupportedEncoding(_SECOND_FRAME)

    def finish(self) -> None:
        if not self._stream.eof:
            raise Unreadable("The zstd body ends in the middle; send it again.")


_DECODERS: dict[str, Callable[[], _Decoder]] = {
    "": _Plain,
    "identity": _Plain,
    "gzip": _Gzip,
    "x-gzip": _Gzip,
    "zstd": _Zstandard,
}


async def spool(body: AsyncIterator[bytes], encoding: str, path: Path, limits: SizeLimits) -> Spooled:
    """Write the decoded body to `path`; raises OverLimit, UnsupportedEncoding, Unreadable."""
    make = _DECODERS.get(encoding.strip().lower())
    if make is None:
        raise UnsupportedEncoding(f"Content-Encoding {encoding!r} is not taken; send gzip, zstd or no encoding.")
    receiver = _Receiver(make(), limits)
    with path.open("wb") as file:
        async for chunks in _gathered(body):
            await asyncio.to_thread(receiver.take, chunks, file)
    receiver.finish()
    return Spooled(path, receiver.unpacked, receiver.digest.hexdigest())


async def _gathered(body: AsyncIterator[bytes]) -> AsyncIterator[list[bytes]]:
    """The chunks of the body, about a MiB at a time: going to another thread costs as much as writing one of them."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in body:
        chunks.append(chunk)
        size += len(chunk)
        if size >= _MIB:
            yield chunks
            chunks, size = [], 0
    yield chunks


class _Receiver:
    def __init__(self, decoder: _Decoder, limits: SizeLimits) -> None:
        self._decoder = decoder
        self._limits = limits
        self.sent = 0
        self.unpacked = 0
        self.digest = hashlib.sha256()

    def take(self, chunks: list[bytes], file: io.BufferedWriter) -> None:
        for chunk in chunks:
            for start in range(0, len(chunk), _STEP):
                self._take(chunk[start : start + _STEP], file)

    def _take(self, chunk: bytes, file: io.BufferedWriter) -> None:
        self.sent += len(chunk)
        _check("sent-bytes", self.sent, self._limits.sent)
        try:
            for piece in self._decoder.feed(chunk):
                self._keep(piece, file)
        except (zlib.error, zstandard.ZstdError) as error:
            raise Unreadable(f"The body is not what its Content-Encoding says: {error}") from error

    def _keep(self, piece: bytes, file: io.BufferedWriter) -> None:
        self.unpacked += len(piece)
        _check("unpacked-bytes", self.unpacked, self._limits.unpacked)
        if self.unpacked > _MIB:
            _check("compression-ratio", self.unpacked // self.sent, self._limits.ratio)
        self.digest.update(piece)
        file.write(piece)

    def finish(self) -> None:
        self._decoder.finish()


def _check(limit: str, value: int, most: int) -> None:
    if value > most:
        raise OverLimit(f"The document passes the limit {limit} of {most:,}.", limit=limit)
