"""SPDX licence expressions as immutable values (SPDX 2.3 Annex D, SPDX 3.0.1 Annex B).

Two expressions are equal when they differ only in the order, grouping or repetition of operands of one operator;
absorption and distribution are not applied, so `A AND (A OR B)` is not `A`. Nothing here recurses or expands:
building, comparing, hashing, printing and `leaves` take polynomial time and constant stack.

    ExpressionError (ValueError)    the text is not an expression; says what is wrong and where
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias


class ExpressionError(ValueError):
    """The text is not an SPDX licence expression; `position` counts characters from 0."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(f"{message} (at character {position})")
        self.message = message
        self.position = position


class _Value:
    """Compared and hashed by `key`, a digest that is equal exactly for equal expressions.

    The digest of a part is computed when the part is built, which is what spares the recursion.
    """

    __slots__ = ()
    key: bytes

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Value) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self}>"


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class License(_Value):
    """One licence: an SPDX id in the list's letter case, with a `+` where the list has no or-later id,
    `LicenseRef-…`, or `DocumentRef-…:LicenseRef-…`. Ids that differ only in letter case are equal."""

    id: str
    key: bytes = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", _digest("license", [self.id.lower().encode()]))

    @property
    def listed_id(self) -> str:
        """The id without a `+`: what the catalogue has facts and a text of."""
        return self.id.removesuffix("+")

    def __str__(self) -> str:
        return self.id


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class With(_Value):
    """A licence with an exception; neither part means the same without the other."""

    license: License
    exception: str
    key: bytes = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", _digest("with", [self.license.key, self.exception.lower().encode()]))

    def __str__(self) -> str:
        return f"{self.license} WITH {self.exception}"


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class And(_Value):
    """All operands apply. Operands of a nested And are taken in; repeated ones count once. `text` once it was printed.

    At least two distinct operands, else ValueError: `all_of` builds what any number of operands mean.
    """

    operands: tuple["Expression", ...]
    key: bytes = field(init=False)
    text: str | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        _set_operands(self, "and")

    def __str__(self) -> str:
        if self.text is None:
            object.__setattr__(self, "text", _printed(self))
        return self.text or ""


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class Or(_Value):
    """One operand of the reader's choice applies. Operands of a nested Or are taken in; repeated ones count once. `text`
    once it was printed.

    At least two distinct operands, else ValueError: `any_of` builds what any number of operands mean.
    """

    operands: tuple["Expression", ...]
    key: bytes = field(init=False)
    text: str | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        _set_operands(self, "or")

    def __str__(self) -> str:
        if self.text is None:
            object.__setattr__(self, "text", _printed(self))
        return self.text or ""


Expression: TypeAlias = License | With | And | Or


def all_of(operands: Iterable[Expression]) -> Expression:
    """The expression that asks for every operand; the operand itself if there is one. ValueError if none."""
    return _combined(And, operands)


def any_of(operands: Iterable[Expression]) -> Expression:
    """The expression that offers every operand; the operand itself if there is one. ValueError if none."""
    return _combined(Or, operands)


def leaves(expression: Expression) -> tuple[License | With, ...]:
    """Each distinct licence (or licence with its exception) once, in order of first appearance."""
    found: dict[bytes, License | With] = {}  # by their keys: the values would be asked for their hashes one by one
    waiting: list[Expression] = [expression]
    while waiting:
        match waiting.pop():
            case And(operands=operands) | Or(operands=operands):
                waiting.extend(reversed(operands))
            case leaf:
                found.setdefault(leaf.key, leaf)
    return tuple(found.values())


def _combined(operator: type[And] | type[Or], operands: Iterable[Expression]) -> Expression:
    distinct = tuple(dict.fromkeys(operands))
    return distinct[0] if len(distinct) == 1 else operator(distinct)


def _set_operands(value: And | Or, name: str) -> None:
    distinct = tuple(dict.fromkeys(_flattened(type(value), value.operands)))
    if len(distinct) < 2:
        raise ValueError(f"{name.upper()} needs two distinct operands, got {len(distinct)}")
    object.__setattr__(value, "operands", distinct)
    object.__setattr__(value, "key", _digest(name, sorted(operand.key for operand in distinct)))


def _flattened(operator: type[And] | type[Or], operands: Iterable[Expression]) -> Iterator[Expression]:
    # One level is enough: an operand of the same kind was flattened when it was built.
    for operand in operands:
        if isinstance(operand, And | Or) and isinstance(operand, operator):
            yield from operand.operands
        else:
            yield operand


def _digest(kind: str, parts: Iterable[bytes]) -> bytes:
    digest = hashlib.blake2b(kind.encode(), digest_size=20)
    for part in parts:
        digest.update(b"\x00" + len(part).to_bytes(4, "big") + part)
    return digest.digest()


def _printed(expression: And | Or) -> str:
    printed: list[str] = []
    waiting: list[Expression | str] = [expression]
    while waiting:
        match waiting.pop():
            case And(operands=operands):
                waiting.extend(reversed(_joined(" AND ", [_in_parentheses(operand) for operand in operands])))
            case Or(operands=operands):
                waiting.extend(reversed(_joined(" OR ", [[operand] for operand in operands])))
            case leaf:
                printed.append(str(leaf))
    return "".join(printed)


def _in_parentheses(operand: Expression) -> list[Expression | str]:
    return ["(", operand, ")"] if isinstance(operand, Or) else [operand]


def _joined(operator: str, operands: Iterable[list[Expression | str]]) -> list[Expression | str]:
    return [piece for operand in operands for piece in [operator, *operand]][1:]
