"""Where the elements of a document are, by the ids that it gives them."""

from array import array

_SMALLEST = 1 << 8
_FREE = 0


class Positions:
    """A mapping from ids to whole numbers below 2³¹ that keeps 64 bits of each id.

    Ids may be long, and there are many. The bits are Python's own hash of strings, whose key is new in every process
    (SipHash): nobody can make two ids that share them, nor many that crowd in one part of the table; among the 200,000 of
    the largest document two share them by chance once in a billion documents. The table has 12 bytes for a place and is
    from a sixth to two thirds full: 18 to 72 bytes for an id, where a dictionary takes a hundred and more.
    """

    __slots__ = ("_count", "_keys", "_mask", "_numbers")

    def __init__(self) -> None:
        self._count = 0
        self._clear(_SMALLEST)

    def __len__(self) -> int:
        """How many ids there are."""
        return self._count

    def setdefault(self, identifier: str, number: int) -> int:
        """The number of the id, which is `number` where it had none before."""
        key = hash(identifier) or 1
        place = self._place(key)
        if self._keys[place] == key:
            return self._numbers[place]
        self._keys[place], self._numbers[place] = key, number
        self._count += 1
        if 3 * self._count > 2 * self._mask:
            self._grow()
        return number

    def get(self, identifier: str) -> int | None:
        """The number of the id; None where it has none."""
        key = hash(identifier) or 1
        place = key & self._mask
        if self._keys[place] != key:
            place = self._place(key)
        return self._numbers[place] if self._keys[place] == key else None

    def _place(self, key: int) -> int:
        """Where the key is, or the free place where it would be."""
        keys, mask = self._keys, self._mask
        place = key & mask
        while (found := keys[place]) != key and found != _FREE:
            place = (place + 1) & mask
        return place

    def _clear(self, places: int) -> None:
        self._mask = places - 1
        self._keys = array("q", [_FREE]) * places
        self._numbers = array("i", [0]) * places

    def _grow(self) -> None:
        held = zip(self._keys, self._numbers, strict=True)
        self._clear(4 * len(self._keys))
        for key, number in held:
            if key != _FREE:
                place = self._place(key)
                self._keys[place], self._numbers[place] = key, number
