"""XML read straight into the values that are wanted, along a description of its elements.

Nothing else is kept: an element that the description does not know costs no memory.
"""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

from sbom_ingest.adapters.readers.xml_document import XmlDocument, too_deep
from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import Refused, breaks_specification

Attributes = Mapping[str, str]
Finish = Callable[[Any, Attributes, str], Any]
"""From the values of an element's children, its attributes and its own text to its value."""


class Shape:
    """What an element holds: a dictionary of its `children` by their names, or, with `as_list`, a list of them.

    `others` is the shape of children of the same namespace that are not named. Children of neither kind are left out,
    but their names stay as keys where an element has no shape for any, and therefore should hold none.
    """

    __slots__ = ("as_list", "children", "finish", "is_leaf", "others")

    def __init__(
        self,
        finish: Finish,
        children: Mapping[str, "Shape"] | None = None,
        *,
        as_list: bool = False,
        others: "Shape | None" = None,
    ) -> None:
        self.finish = finish
        self.children = dict(children or {})
        self.as_list = as_list
        self.others = others
        self.is_leaf = not (self.children or as_list or others)

    def then(self, take: Callable[[Any], Any]) -> "Shape":
        """The same shape, whose value `take` gets in the end and turns into another; nested ones go without it."""
        finish = self.finish

        def finish_and_take(value: Any, attributes: Attributes, text: str) -> Any:
            return take(finish(value, attributes, text))

        return Shape(finish_and_take, self.children, as_list=self.as_list, others=self.others)


_Child = tuple[Shape, str]
"""What an element of a name is inside of another: its shape and its local name."""

_Open = tuple[Shape, Any, str, Attributes, dict[str, _Child]]
"""An element that is open: its shape, the values of its children so far, its name, its attributes, and what its children
are by their names; none where they would nest too deep."""

_NO_CHILDREN: dict[str, _Child] = {}
_MOST_NAMES = 64  # of children that have the shape of the others; further ones are looked at each time


class ShapedReader:
    """Reads one document; its root has the shape `root`, and every element that is described the namespace `uri`.

    The keys of `extensions` are the names of the root's children of other namespaces. `unread` counts the entries of
    each child of the root that is in the namespace and has no shape.
    """

    def __init__(self, root: Shape, uri: str, limits: Limits) -> None:
        self.extensions: dict[str, None] = {}
        self.unread: dict[str, int] = {}
        self.pieces: list[str] = []
        self._counted = ""
        self._prefix = uri + "}"
        self._limits = limits
        self._children: dict[Shape, dict[str, _Child]] = {}
        self._holders: list[_Open] = []
        self._open = self._opened((Shape(lambda value, _attributes, _text: value, others=root), ""), {})
        self._skipped = 0
        # Nearly all elements are leaves without a child, and never come among the holders. While such a one is open, or
        # one that is skipped, nothing is expected.
        self._leaf: _Child | None = None
        self._attributes: Attributes = {}
        self._expected = self._open[4]

    @property
    def pointer(self) -> str:
        """The JSON pointer, seen from the root's value, of the value that is being finished."""
        pointer = ""
        for holder, inner in pairwise([*self._holders[1:], self._open]):
            pointer += f"/{len(holder[1])}" if isinstance(holder[1], list) else f"/{inner[2]}"
        return pointer

    def read(self, document: XmlDocument) -> None:
        """Read the document from beginning to end; refuses what is not well-formed, or passes a limit."""
        document.read(self, self._limits)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the start tag of an element."""
        child = self._expected.get(name)
        if child is None:
            self._start_unexpected(name, attributes)
            return
        self.pieces.clear()
        if child[0].is_leaf:
            self._leaf, self._attributes, self._expected = child, attributes, _NO_CHILDREN
        else:
            self._hold(child, attributes)

    def end(self, name: str) -> None:
        """Take the end of an element."""
        leaf = self._leaf
        if leaf is None:
            self._end()
            return
        pieces, (shape, local) = self.pieces, leaf
        value = shape.finish({}, self._attributes, "".join(pieces))
        pieces.clear()
        self._leaf = None
        holder, inside, _, _, self._expected = self._open
        if holder.as_list:
            inside.append(value)
        elif local in inside:
            raise self._repeated(local)
        else:
            inside[local] = value

    def _start_unexpected(self, name: str, attributes: dict[str, str]) -> None:
        """Take the start tag of what no shape names, or where nothing is expected."""
        if self._leaf is not None:
            self._hold(self._leaf, self._attributes)
            self._leaf = None
        if len(self._holders) + self._skipped >= self._limits.depth:
            raise too_deep(self._limits)
        if self._skipped:
            self._skip_inside()
        else:
            self._start_unnamed(name, attributes)

    def _start_unnamed(self, name: str, attributes: dict[str, str]) -> None:
        """Take the start tag of an element that has the shape of the others, or none."""
        # A name in no namespace is as foreign as one of another.
        local = name.removeprefix(self._prefix) if name.startswith(self._prefix) else ""
        others = self._open[0].others
        if not local or others is None:
            self._skip(name, local)
            return
        children = self._children[self._open[0]]
        if len(children) < _MOST_NAMES:
            children[name] = (others, local)
        self.pieces.clear()
        self._hold((others, local), attributes)

    def _hold(self, child: _Child, attributes: Attributes) -> None:
        """Open an element in the one that is open."""
        self._holders.append(self._open)
        self._open = self._opened(child, attributes)
        self._expected = self._open[4]

    def _opened(self, child: _Child, attributes: Attributes) -> _Open:
        shape, local = child
        children = self._children.get(shape)
        if children is None:
            named = shape.children.items()
            children = self._children[shape] = {self._prefix + name: (each, name) for name, each in named}
        expected = children if len(self._holders) < self._limits.depth else _NO_CHILDREN
        return shape, [] if shape.as_list else {}, local, attributes, expected

    def _skip(self, name: str, local: str) -> None:
        holder = self._open
        self._skipped, self._expected = 1, _NO_CHILDREN
        if holder[0].is_leaf:
            holder[1][name] = None
        self._counted = local if len(self._holders) == 1 else ""
        if self._counted:
            self.unread.setdefault(local, 0)
        elif not local and len(self._holders) == 1:
            self.extensions[name] = None

    def _skip_inside(self) -> None:
        if self._counted and self._skipped == 1:
            self.unread[self._counted] += 1
        self._skipped += 1

    def _end(self) -> None:
        """Take the end of an element that is skipped, or open in others."""
        if self._skipped:
            self._skipped -= 1
            if not self._skipped:
                self._expected = self._open[4]
            return
        shape, inside, name, attributes, _ = self._open
        value = shape.finish(inside, attributes, "".join(self.pieces))
        self.pieces.clear()
        self._open = self._holders.pop()
        holder, inside, _, _, self._expected = self._open
        if holder.as_list:
            inside.append(value)
        elif name in inside:
            raise self._repeated(name)
        else:
            inside[name] = value

    def _repeated(self, name: str) -> Refused:
        return breaks_specification(f"{self.pointer}/{name}", "stands twice; one of the two would be lost")
