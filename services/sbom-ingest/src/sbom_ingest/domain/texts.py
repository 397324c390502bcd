"""The long texts of a document, each once, kept in a stream."""

from collections.abc import Iterator
from hashlib import sha256
from typing import BinaryIO

import msgspec

from sbom_ingest.domain.limits import MIB, Limits
from sbom_ingest.domain.outcome import over_limit

_encode = msgspec.json.Encoder().encode
_REMEMBERED = 1 * MIB
_COPIED = 1 << 16


class Texts:
    """Keeps texts under the SHA-256 (hex) of their UTF-8 bytes."""

    def __init__(self, limits: Limits, stream: BinaryIO) -> None:
        self._limits = limits
        self._stream = stream
        self._keys: set[str] = set()
        # The texts of neighbours are often the same one.
        self._recent: dict[str, str] = {}
        self._recent_size = 0

    def add(self, text: str, pointer: str) -> str:
        """Keep `text` and return its key; refuses what is longer than `limits.text_bytes`."""
        key = self._recent.get(text)
        return key if key is not None else self._add(text, pointer)

    def _add(self, text: str, pointer: str) -> str:
        encoded = text.encode()
        if len(encoded) > self._limits.text_bytes:
            raise over_limit("text", f"a text may have {self._limits.text_bytes} bytes at most", pointer)
        key = sha256(encoded).hexdigest()
        self._remember(text, key)
        if key not in self._keys:
            separator = "," if self._keys else ""
            self._keys.add(key)
            self._stream.write(f'{separator}"{key}":'.encode() + _encode(text))
        return key

    def _remember(self, text: str, key: str) -> None:
        self._recent_size += len(text)
        if self._recent_size > _REMEMBERED:
            self._recent.clear()
            self._recent_size = len(text)
        self._recent[text] = key

    def __len__(self) -> int:
        """How many texts there are."""
        return len(self._keys)

    def pieces(self) -> Iterator[bytes]:
        """The texts as members of a JSON object, in pieces of moderate size."""
        self._stream.seek(0)
        while piece := self._stream.read(_COPIED):
            yield piece
