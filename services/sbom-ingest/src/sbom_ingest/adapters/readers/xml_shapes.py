"""XML read straight into the values that are wanted, along a description of its elements.

Nothing else is kept: an element that the description does not know costs no memory.
"""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

from sbom_ingest.adapters.readers.xml_document import XmlDocument, too_deep
from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import breaks_specification

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


_Open = tuple[Shape, Any, str, Attributes]
"""An element that is open: its shape, the values of its children so far, its name and its attributes."""


class ShapedReader:
    """Reads one document; its root has the shape `root`, and every element that is described the namespace `uri`.

    The keys of `extensions` are the names of the root's children of other namespaces. `unread` counts the entries of
    each child of the root that is in the namespace and has no shape.
    """

    def __init__(self, root: Shape, uri: str, limits: Limits) -> None:
        self.extensions: dict[str, None] = {}
        self.unread: dict[str, int] = {}
        self._counted = ""
        self._prefix = uri + "}"
        self._limits = limits
        self._open: _Open = (Shape(lambda value, _attributes, _text: value, others=root), {}, "", {})
        self._holders: list[_Open] = []
        self._skipped = 0
        self.pieces: list[str] = []

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
        if len(self._holders) + self._skipped >= self._limits.depth:
            raise too_deep(self._limits)
        if self._skipped:
            if self._counted and self._skipped == 1:
                self.unread[self._counted] += 1
            self._skipped += 1
            return
        holder = self._open
        # A name in no namespace is as foreign as one of another.
        local = name.removeprefix(self._prefix) if name.startswith(self._prefix) else ""
        shape = (holder[0].children.get(local) or holder[0].others) if local else None
        if shape is None:
            self._skip(holder, name, local)
            return
        self._holders.append(holder)
        self._open = (shape, [] if shape.as_list else {}, local, attributes)
        self.pieces.clear()

    def _skip(self, holder: _Open, name: str, local: str) -> None:
        self._skipped = 1
        if holder[0].is_leaf:
            holder[1][name] = None
        self._counted = local if len(self._holders) == 1 else ""
        if self._counted:
            self.unread.setdefault(local, 0)
        elif not local and len(self._holders) == 1:
            self.extensions[name] = None

    def end(self, name: str) -> None:
        """Take the end of an element."""
        if self._skipped:
            self._skipped -= 1
            return
        shape, inside, name, attributes = self._open
        value = shape.finish(inside, attributes, "".join(self.pieces))
        self.pieces.clear()
        holder = self._open = self._holders.pop()
        if holder[0].as_list:
            holder[1].append(value)
        elif name in holder[1]:
            raise breaks_specification(f"{self.pointer}/{name}", "stands twice; one of the two would be lost")
        else:
            holder[1][name] = value
