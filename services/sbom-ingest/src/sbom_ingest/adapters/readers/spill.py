"""Sequences that wait in a stream for their turn, so that memory hardly grows with them."""

from array import array
from collections.abc import Callable, Iterator
from typing import BinaryIO, Generic, TypeVar

import msgspec

T = TypeVar("T")
_encode_into = msgspec.msgpack.Encoder().encode_into
_AT_ITS_END = -1
_AT_A_TIME = 1 << 16


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
        self._waiting = bytearray()  # what comes behind what is written
        self._piece, self._start = memoryview(b""), 0  # what was read last, and where it stands
        self._asked = 0  # where the value ends that was asked for last
        self.longest = 0

    def append(self, value: T) -> int:
        """Add a value; returns its number, counted from 0."""
        waiting = self._waiting
        before = len(waiting)
        _encode_into(value, waiting, _AT_ITS_END)
        size = len(waiting)
        self.longest = max(self.longest, size - before)
        self._ends.append(self._written + size)
        if size > _AT_A_TIME:
            self._write()
        return len(self._ends) - 1

    def _write(self) -> None:
        if self._stream is None:
            self._stream = self._new_stream()
        self._stream.seek(self._written)
        self._written += self._stream.write(self._waiting)
        self._waiting.clear()

    def clear(self) -> None:
        """Forget all values."""
        self._stream, self._ends, self._written = None, array("Q"), 0
        self._waiting.clear()
        self._piece = memoryview(b"")

    def __len__(self) -> int:
        """How many values there are."""
        return len(self._ends)

    def at(self, number: int) -> T:
        """The value of that number; after the one before it, which is how most are asked for, it costs less."""
        start, end = self._ends[number - 1] if number else 0, self._ends[number]
        begin = start - self._start
        if begin < 0 or end - self._start > len(self._piece):
            self._read(start, max(end - start, _AT_A_TIME) if start == self._asked else end - start)
            begin = 0
        self._asked = end
        return self._decode(self._piece[begin : begin + end - start])

    def __iter__(self) -> Iterator[T]:
        """The values in their order; none may be added or asked for meanwhile."""
        start = 0
        for end in self._ends:
            begin = start - self._start
            if begin < 0 or end - self._start > len(self._piece):
                self._read(start, max(end - start, _AT_A_TIME))
                begin = 0
            yield self._decode(self._piece[begin : begin + end - start])
            start = end

    def _read(self, start: int, size: int) -> None:
        if self._waiting:
            self._write()
        assert self._stream is not None
        self._stream.seek(start)
        self._piece, self._start = memoryview(self._stream.read(size)), start
