"""Finds the endpoint of a path, in a tree of its segments: as fast for the last row of the table as for the first."""

from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import unquote

from starlette.types import Scope

T = TypeVar("T")


@dataclass(slots=True)
class _Node(Generic[T]):
    named: dict[str, "_Node[T]"] = field(default_factory=dict)
    any: "_Node[T] | None" = None
    by_method: dict[str, tuple[T, tuple[tuple[str, int], ...]]] = field(default_factory=dict)
    """Method → what answers, and the names of its parameters with their places among the segments."""

    def find(self, segments: list[str], at: int, method: str, others: set[str]) -> "_Found[T] | None":
        """Return what answers below this node, and add to `others` the methods that would have been answered."""
        if at == len(segments):
            found = self.by_method.get(method)
            if found is None:
                others.update(self.by_method)
            return found
        below = self.named.get(segments[at])
        if below is not None and (found := below.find(segments, at + 1, method, others)) is not None:
            return found
        return self.any.find(segments, at + 1, method, others) if self.any is not None and segments[at] else None


_Found = tuple[T, tuple[tuple[str, int], ...]]


class Routes(Generic[T]):
    """What answers which method and path. A segment of a name goes before one that takes any text but none."""

    def __init__(self) -> None:
        self._root: _Node[T] = _Node()

    def add(self, method: str, path: str, answer: T) -> None:
        """Let `answer` answer a path such as `/api/v1/keys/{key_id}`."""
        node, names = self._root, list[tuple[str, int]]()
        for place, segment in enumerate(path.split("/")[1:], 1):
            if segment.startswith("{"):
                names.append((segment.strip("{}"), place))
                node.any = node = node.any or _Node()
            else:
                node = node.named.setdefault(segment, _Node())
        node.by_method[method] = answer, tuple(names)

    def find(self, method: str, path: str) -> tuple[T, dict[str, str]] | list[str]:
        """Return what answers, with the texts of its parameters; or else the methods that the path has."""
        segments, others = path.split("/"), set[str]()
        found = self._root.find(segments, 1, method, others)
        if found is None:
            return sorted(others)
        answer, names = found
        return answer, {name: segments[place] for name, place in names}


def path_as_sent(scope: Scope) -> str:
    """Return the path before its percent-encoding is undone, where the server tells it: a name with `/` is one segment."""
    raw: bytes | None = scope.get("raw_path")
    return raw.decode("latin-1").partition("?")[0] if raw else scope["path"]


def decoded(parameters: dict[str, str]) -> dict[str, str]:
    """Return path parameters with their percent-encoding undone."""
    return {name: unquote(value) for name, value in parameters.items()}
