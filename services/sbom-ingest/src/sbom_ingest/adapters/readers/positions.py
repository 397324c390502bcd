"""Where the elements of a document are, by the ids that it gives them."""


class Positions:
    """A mapping from ids to whole numbers that keeps 64 bits of each id, which may be long, and of which there are many.

    The bits are Python's own hash of strings, whose key is new in every process (SipHash): nobody can make two ids that
    share them, and among the 200,000 of the largest document two do so by chance once in a billion documents.
    """

    __slots__ = ("_numbers",)

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}

    def __len__(self) -> int:
        """How many ids there are."""
        return len(self._numbers)

    def setdefault(self, identifier: str, number: int) -> int:
        """The number of the id, which is `number` where it had none before."""
        return self._numbers.setdefault(hash(identifier), number)

    def get(self, identifier: str) -> int | None:
        """The number of the id; None where it has none."""
        return self._numbers.get(hash(identifier))
