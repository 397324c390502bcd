"""A document as a file of UTF-8, of which no more is in memory than a reader asks for."""

import re
from collections.abc import Iterator
from typing import BinaryIO

# Of larger ones the C library keeps some 12 MiB when text beyond Latin-1 is decoded (measured with glibc 2.36).
_PIECE = 1 << 14
_LONGEST_MATCH = 1 << 12


class Source:
    """The bytes of a stream that can be sought, from the position `start` on."""

    def __init__(self, stream: BinaryIO, start: int = 0) -> None:
        self._stream = stream
        self._start = start
        self.size = stream.seek(0, 2) - start

    def chunk(self, place: int, size: int) -> bytes:
        """Up to `size` bytes from `place` on, none behind the end."""
        self._stream.seek(self._start + place)
        return self._stream.read(size)

    def whole(self) -> bytes:
        """All bytes."""
        return self.chunk(0, self.size)

    def pieces(self) -> Iterator[bytes]:
        """All bytes in pieces of moderate size."""
        for place in range(0, self.size, _PIECE):
            yield self.chunk(place, _PIECE)

    def count(self, text: bytes) -> int:
        """How often `text` stands in it, but for where two pieces meet: never too often."""
        return sum(piece.count(text) for piece in self.pieces())

    def lines(self) -> Iterator[bytes]:
        """The lines with their ends; nothing else may be read meanwhile."""
        self._stream.seek(self._start)
        return iter(self._stream)

    def find_all(self, pattern: "re.Pattern[bytes]") -> Iterator[re.Match[bytes]]:
        """The matches of a pattern that matches within a line, and no more than 4 KiB of it, each at least once."""
        rest = b"\n"  # what stands before the first line
        for piece in self.pieces():
            text = rest + piece
            yield from pattern.finditer(text, 1)  # `^` is behind a line end, never where a piece begins
            rest = text[max(text.rfind(b"\n"), len(text) - _LONGEST_MATCH) :]

    def holds(self, text: bytes) -> bool:
        """Whether `text`, of no more than 4 KiB, stands anywhere."""
        rest = b""
        for piece in self.pieces():
            if text in (found := rest + piece):
                return True
            rest = found[-_LONGEST_MATCH:]
        return False

    def has(self, pattern: "re.Pattern[bytes]") -> bool:
        """Whether `find_all` finds anything."""
        return next(self.find_all(pattern), None) is not None
