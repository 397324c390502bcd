"""Finds the endpoint of a path, in a tree of its segments: as fast for the last row of the table as for the first."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class _Node(Generic[T]):
    named: dict[str, "_Node[T]"] = field(default_factory=dict)
    any: "_Node[T] | None" = None
    by_method: dict[str, tuple[T, tuple[str, ...]]] = field(default_factory=dict)


class Routes(Generic[T]):
    """What answers which method and path. A segment of a name goes before one that takes any text but none."""

    def __init__(self) -> None:
        self._root: _Node[T] = _Node()

    def add(self, method: str, path: str, answer: T) -> None:
        """Let `answer` answer a path such as `/api/v1/keys/{key_id}`."""
        node, names = self._root, list[str]()
        for segment in path.split("/")[1:]:
            if segment.startswith("{"):
                names.append(segment.strip("{}"))
                node.any = node = node.any or _Node()
            else:
                node = node.named.setdefault(segment, _Node())
        node.by_method[method] = answer, tuple(names)

    def find(self, method: str, path: str) -> tuple[T, dict[str, str]] | list[str]:
        """Return what answers, with the texts of its parameters; or else the methods that the path has."""
        methods: set[str] = set()
        for by_method, texts in _found(self._root, path.split("/")[1:], ()):
            if method in by_method:
                answer, names = by_method[method]
                return answer, dict(zip(names, texts, strict=True))
            methods |= by_method.keys()
        return sorted(methods)


def _found(
    node: _Node[T], segments: list[str], texts: tuple[str, ...]
) -> Iterator[tuple[dict[str, tuple[T, tuple[str, ...]]], tuple[str, ...]]]:
    if not segments:
        if node.by_method:
            yield node.by_method, texts
        return
    first, *others = segments
    if first in node.named:
        yield from _found(node.named[first], others, texts)
    if node.any is not None and first:
        yield from _found(node.any, others, (*texts, first))
