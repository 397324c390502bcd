"""Sequences that wait in a stream for their turn, so that memory hardly grows with them."""

from array import array
from collections.abc import Callable, Iterator
from typing import BinaryIO, Generic, TypeVar

import msgspec

T = TypeVar("T")
_encode = msgspec.msgpack.Encoder().encode
_READ = 1 << 16


class Spill(Generic[T]):
    """A sequence of values of the type `kind`, written one after another and then read.

    `longest` is the size of the longest of them, as written, in bytes.
    """

    def __init__(self, new_stream: Callable[[], BinaryIO], kind: type[T]) -> None:
        self._new_stream = new_stream
        self._stream: BinaryIO | None = None
        self._decode = msgspec.msgpack.Decoder(kind).decode
        self._ends = array("Q")
        self._written = 0
        self._was_read = False
        self.longest = 0

    def append(self, value: T) -> int:
        """Add a value; returns its number, counted from 0."""
        if self._stream is None:
            self._stream = self._new_stream()
        if self._was_read:
            self._stream.seek(self._written)
            self._was_read = False
        size = self._stream.write(_encode(value))
        self.longest = max(self.longest, size)
        self._written += size
        self._ends.append(self._written)
        return len(self._ends) - 1

    def clear(self) -> None:
        """Forget all values."""
        self._stream, self._ends, self._written = None, array("Q"), 0

    def __len__(self) -> int:
        """How many values there are."""
        return len(self._ends)

    def at(self, number: int) -> T:
        """The value of that number."""
        assert self._stream is not None
        self._was_read = True
        start = self._ends[number - 1] if number else 0
        self._stream.seek(start)
        return self._decode(self._stream.read(self._ends[number] - start))

    def __iter__(self) -> Iterator[T]:
        """The values in their order; none may be added or asked for meanwhile."""
        start, piece = 0, memoryview(b"")
        for end in self._ends:
            if end - start > len(piece):
                piece = self._piece(start, end - start)
            yield self._decode(piece[: end - start])
            piece, start = piece[end - start :], end

    def _piece(self, start: int, least: int) -> memoryview:
        """What is written from `start` on: `least` bytes, or as much more as is read at a time."""
        assert self._stream is not None
        self._was_read = True
        self._stream.seek(start)
        return memoryview(self._stream.read(max(least, _READ)))
