"""A value of a policy file together with its place in the file, so that a refusal can name it."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

Word = TypeVar("Word", bound=str)
Read = TypeVar("Read")
Path = tuple[str | int, ...]


class InvalidPolicy(ValueError):
    """The file is no policy: the message names the place and what is wrong there. `at_key`: with the key itself."""

    def __init__(self, path: Path, problem: str, at_key: bool = False) -> None:
        super().__init__(f"{place_of(path) or 'policy'}: {problem}")
        self.path = path
        self.problem = problem
        self.at_key = at_key


class PolicyNode:
    """One value of the file. `problems` is one list for the whole file: what was found, and did not stop the reading."""

    def __init__(self, value: object, path: Path = (), problems: list[InvalidPolicy] | None = None) -> None:
        self.value = value
        self.path = path
        self.problems: list[InvalidPolicy] = [] if problems is None else problems

    def refuse(self, problem: str) -> InvalidPolicy:
        """The error that this value is wrong, to be raised."""
        return InvalidPolicy(self.path, problem)

    def attempt(self, read: Callable[["PolicyNode"], Read], otherwise: Read) -> Read:
        """What `read` makes of this value; if it refuses, that is one more problem, and the reading goes on."""
        try:
            return read(self)
        except InvalidPolicy as error:
            self.problems.append(error)
            return otherwise

    def fields(self, required: Iterable[str], optional: Iterable[str] = ()) -> dict[str, "PolicyNode"]:
        """The fields of a mapping that must have all the required ones; others than the optional ones are problems."""
        fields = self.entries()
        needed = list(required)
        known = [*needed, *optional]
        for name in [each for each in fields if each not in known]:
            unknown = fields.pop(name)
            self.problems.append(InvalidPolicy(unknown.path, f"unknown field; known: {', '.join(known)}", True))
        missing = [name for name in needed if name not in fields]
        if missing:
            raise self.refuse(f"missing: {', '.join(missing)}")
        return fields

    def entries(self) -> dict[str, "PolicyNode"]:
        """The entries of a mapping with texts for keys."""
        if not isinstance(self.value, dict):
            raise self.refuse(f"a mapping is wanted, not {_shown(self.value)}")
        for key in self.value:
            if not isinstance(key, str):
                raise self.refuse(f"the key {_shown(key)} is no text")
        return {key: PolicyNode(value, (*self.path, key), self.problems) for key, value in self.value.items()}

    def items(self) -> list["PolicyNode"]:
        """The items of a list."""
        if not isinstance(self.value, list):
            raise self.refuse(f"a list is wanted, not {_shown(self.value)}")
        return [PolicyNode(value, (*self.path, position), self.problems) for position, value in enumerate(self.value)]

    def text(self) -> str:
        """A text that is not empty."""
        if not isinstance(self.value, str) or not self.value:
            raise self.refuse(f"a text is wanted, not {_shown(self.value)}")
        return self.value

    def flag(self) -> bool:
        """True or false."""
        if not isinstance(self.value, bool):
            raise self.refuse(f"true or false is wanted, not {_shown(self.value)}")
        return self.value

    def number(self) -> int:
        """A whole number from 1."""
        if not isinstance(self.value, int) or isinstance(self.value, bool) or self.value < 1:
            raise self.refuse(f"a whole number from 1 is wanted, not {_shown(self.value)}")
        return self.value

    def share(self) -> float:
        """A number from 0 to 1."""
        if not isinstance(self.value, int | float) or isinstance(self.value, bool) or not 0 <= self.value <= 1:
            raise self.refuse(f"a number from 0 to 1 is wanted, not {_shown(self.value)}")
        return float(self.value)

    def word(self, known: Iterable[Word]) -> Word:
        """One of the known words."""
        words = list(known)
        for word in words:
            if self.value == word:
                return word
        raise self.refuse(f"{_shown(self.value)} is not known here; known: {', '.join(words)}")

    def words(self, known: Iterable[Word]) -> tuple[Word, ...]:
        """A list of known words, or one such word."""
        words = list(known)
        nodes = self.items() if isinstance(self.value, list) else [self]
        return tuple(node.word(words) for node in nodes)


def place_of(path: Path) -> str:
    """The path as people read it: `rules.strong-copyleft.internal-saas[1].if`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")


def _shown(value: Any) -> str:
    written = repr(value)
    return written if len(written) <= 60 else f"{written[:59]}…"
