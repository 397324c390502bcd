"""What the names of algorithms mean: which function they serve, how strong, and whether a body has adopted them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from policy_eval.domain.export.terms import CryptoFunction

Strength = Literal["symmetric", "factoring", "elliptic", "post-quantum", "none"]
# 5A002.a, Technical Notes: what a key length has to be above for the item to be controlled.
_THRESHOLDS: Final[Mapping[Strength, int]] = {"symmetric": 56, "factoring": 512, "elliptic": 112}
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Algorithm:
    """An algorithm or protocol. `body` is who adopted or published it as a standard, None for nobody.

    `bits` are its key lengths where the name alone tells them.
    """

    id: str
    primitive: str
    functions: frozenset[CryptoFunction]
    strength: Strength
    bits: tuple[int, ...]
    body: str | None


@dataclass(frozen=True, slots=True)
class ReadAlgorithm:
    """An algorithm as somebody wrote it; `algorithm` is None where the name is not known."""

    written: str
    algorithm: Algorithm | None
    bits: int | None

    @property
    def is_above_threshold(self) -> bool:
        """Whether its key may be long enough for 5A002.a; what is not known is."""
        known = self.algorithm
        threshold = None if known is None else _THRESHOLDS.get(known.strength)
        return threshold is None or self.bits is None or self.bits > threshold


class Algorithms:
    """The table of algorithms, by id and by the other names they go by."""

    def __init__(self, by_name: Mapping[str, Algorithm]) -> None:
        self._by_name = {_key(name): algorithm for name, algorithm in by_name.items()}
        self._longest = sorted(self._by_name, key=lambda name: (-len(name), name))
        self._read: dict[str, ReadAlgorithm] = {}

    def read(self, written: str) -> ReadAlgorithm:
        """The algorithm that a text names, such as `AES-256-GCM` or `rsa 2048`, with its key length where told."""
        found = self._read.get(written)
        if found is None:
            found = self._look_up(written[:200])
            if len(self._read) < 10_000:
                self._read[written] = found
        return found

    def functions_of(self, written: Iterable[str]) -> frozenset[CryptoFunction]:
        """The functions that the algorithms serve, as far as they are known."""
        known = [self.read(each).algorithm for each in written]
        return frozenset(function for each in known if each for function in each.functions)

    def _look_up(self, written: str) -> ReadAlgorithm:
        key = _key(written)
        if key in self._by_name:
            name = key
        else:
            name = next((each for each in self._longest if len(each) > 1 and _begins(key, each)), "")
        algorithm = self._by_name.get(name)
        if algorithm is None:
            return ReadAlgorithm(written, None, None)
        return ReadAlgorithm(written, algorithm, _bits(algorithm, key.removeprefix(name)))


def _key(name: str) -> str:
    return re.sub(r"[\s_/.()#-]+", "-", name.strip().lower()).strip("-")


def _begins(key: str, name: str) -> bool:
    """Whether the key is the name with something after it: `aes-256-gcm` or `aes256`, not `aesop`."""
    return key.startswith(name) and not key[len(name) : len(name) + 1].isalpha()


def _bits(algorithm: Algorithm, rest: str) -> int | None:
    """The key length that the rest of a name tells, or else the longest that the algorithm can have."""
    if algorithm.strength == "none":
        return None
    told = [int(each) for each in _NUMBER.findall(rest) if 16 <= int(each[:6]) <= 65536]
    if told:
        return max(told) if algorithm.strength == "factoring" else told[0]
    return max(algorithm.bits) if algorithm.bits else None
