"""XML read straight into the values that are wanted, along a description of its elements.

Nothing else is kept: an element that the description does not know costs no memory.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import Element

from sbom_ingest.adapters.readers.xml_document import XmlDocument, too_deep
from sbom_ingest.adapters.readers.xml_tree import check_depth, growing_tree
from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import Refused, breaks_specification, over_limit

Attributes = Element
"""An element that is asked for its attributes alone."""

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

_Inside = dict[str, Any] | list[Any]
_MOST_NAMES = 64  # of children that have the shape of the others; further ones are looked at each time
# How much is read before the elements that are open are pruned: more where much was left in them, so that looking at it
# again and again stays in proportion to the document.
_PIECES_TO_PRUNE = 64
_LEFT_PER_PIECE = 4096


class ShapedReader:
    """Reads one document; its root has the shape `root`, and every element that is described the namespace `uri`.

    The keys of `extensions` are the names of the root's children of other namespaces. `unread` counts the entries of
    each child of the root that is in the namespace and has no shape.
    """

    def __init__(self, root: Shape, uri: str, limits: Limits) -> None:
        self.extensions: dict[str, None] = {}
        self.unread: dict[str, int] = {}
        self._prefix = f"{{{uri}}}"
        self._limits = limits
        self._root = root
        self._children: dict[Shape, dict[str, _Child]] = {}
        self._entries: list[Any] = []  # of the child of the root that is a list and still open
        self._holders: list[tuple[_Inside, str]] = [({}, "")]

    @property
    def pointer(self) -> str:
        """The JSON pointer, seen from the root's value, of the value that is being finished."""
        pointer = ""
        for (inside, _), (_, name) in pairwise(self._holders):
            pointer += f"/{len(inside)}" if isinstance(inside, list) else f"/{name}"
        return pointer

    def read(self, document: XmlDocument) -> None:
        """Read the document from beginning to end; refuses what is not well-formed, or passes a limit."""
        root, next_pruning = None, _PIECES_TO_PRUNE
        for pieces, root in enumerate(growing_tree(document, self._limits, self._limits.depth)):
            self._take(root, len(root) - 1)
            if len(root):
                self._take_entries(root[0], self._named(self._root).get(root[0].tag), len(root[0]) - 1)
            if pieces >= next_pruning:
                next_pruning = pieces + max(_PIECES_TO_PRUNE, self._prune(root) // _LEFT_PER_PIECE)
        if root is not None:
            self._take(root, len(root))

    def _take(self, root: Element, count: int) -> None:
        """Take the first children of the root, which are finished, from it."""
        if count <= 0:
            return
        inside, _ = self._holders[0]
        assert isinstance(inside, dict)
        named = self._named(self._root)
        for child in root[:count]:
            found = named.get(child.tag)
            self._take_entries(child, found, len(child))
            if found is None:
                continue
            shape, name = found
            if not shape.as_list:
                self._fill(inside, [child], self._root, 1)
            elif name in inside:
                raise self._repeated(name)
            else:
                inside[name] = shape.finish(self._entries, child, "")
            self._entries = []
        del root[:count]

    def _take_entries(self, child: Element, found: _Child | None, count: int) -> None:
        """Take the first children of a child of the root, which is `found`, from it where nobody needs all at once."""
        if found is None:
            self._pass_over(child, max(0, count))
        elif found[0].as_list and count > 0:
            self._holders.append((self._entries, found[1]))
            self._fill(self._entries, child[:count], found[0], 2)
            self._holders.pop()
            del child[:count]

    def _pass_over(self, child: Element, count: int) -> None:
        """Count what stands in a child of the root that has no shape."""
        if child.tag.startswith(self._prefix):
            local = child.tag.removeprefix(self._prefix)
            self.unread[local] = self.unread.get(local, 0) + count
        else:
            self.extensions[child.tag.removeprefix("{")] = None
        if count:
            for entry in child[:count]:
                if len(entry):
                    check_depth(entry, 3, self._limits.depth, self._limits)
            del child[:count]

    def _fill(self, inside: _Inside, children: Iterable[Element], shape: Shape, depth: int) -> None:
        """Read the children of an element of the shape, which is `depth` deep, into its values."""
        named = self._named(shape)
        for child in children:
            found = named.get(child.tag) or self._unnamed(child, shape, inside, depth + 1)
            if found is None:
                continue
            inner, name = found
            if inner.is_leaf and not len(child):
                value = inner.finish({}, child, child.text or "")
            else:
                value = self._value(child, found, depth + 1)
            if shape.as_list:
                inside.append(value)  # type: ignore[union-attr]  # `as_list`: it is a list
            elif name in inside:
                raise self._repeated(name)
            else:
                inside[name] = value  # type: ignore[call-overload]  # else a dictionary

    def _value(self, element: Element, child: _Child, depth: int) -> Any:
        """The value of an element that has others inside, or may have them."""
        if depth >= self._limits.depth and len(element):
            raise too_deep(self._limits)
        shape, name = child
        inside: _Inside = [] if shape.as_list else {}
        self._holders.append((inside, name))
        self._fill(inside, element, shape, depth)
        value = shape.finish(inside, element, "" if len(element) else element.text or "")
        self._holders.pop()
        return value

    def _named(self, shape: Shape) -> dict[str, _Child]:
        named = self._children.get(shape)
        if named is None:
            children = shape.children.items()
            named = self._children[shape] = {self._prefix + name: (each, name) for name, each in children}
        return named

    def _unnamed(self, element: Element, shape: Shape, inside: _Inside, depth: int) -> _Child | None:
        """What an element is that has the shape of the others, or none."""
        child = self._known(element, shape)
        if child is None:
            if shape.is_leaf and isinstance(inside, dict):
                inside[element.tag] = None
            if len(element):
                check_depth(element, depth, self._limits.depth, self._limits)
        return child

    def _known(self, element: Element, shape: Shape) -> _Child | None:
        """The shape and local name of an element inside of one of the shape; None where nobody asks for it."""
        named, tag = self._named(shape), element.tag
        found = named.get(tag)
        # A name in no namespace is as foreign as one of another.
        if found is None and shape.others is not None and tag.startswith(self._prefix):
            found = shape.others, tag.removeprefix(self._prefix)
            if len(named) < _MOST_NAMES:
                named[tag] = found
        return found

    def _prune(self, root: Element) -> int:
        """Remove what nobody asks for from the elements that are open; returns how many are left in them.

        Refuses more than a document may have elements: each takes far more memory than it does in the document.
        """
        left, depth, element, pointer = 0, 1, root, ""
        shape: Shape | None = self._root
        while len(element):
            kept = self._asked_for(element, shape, depth + 1)
            element[:-1] = kept
            left, depth = left + len(kept), depth + 1
            if left > self._limits.elements:
                message = f"an element may have {self._limits.elements} others inside at most; leave out some of them"
                raise over_limit("elements", message, pointer)
            element, found = element[-1], self._known(element[-1], shape) if shape is not None else None
            if shape is not None and found is not None:
                before = len(kept) + (len(self._entries) if depth == 3 else 0)
                pointer += f"/{before}" if shape.as_list else f"/{found[1]}"
            shape = found[0] if found else None
        return left

    def _asked_for(self, element: Element, shape: Shape | None, depth: int) -> list[Element]:
        """The children, but the last, that somebody asks for, of an element of the shape; they are `depth` deep."""
        kept = []
        for child in element[:-1]:
            if shape is not None and self._known(child, shape):
                kept.append(child)
            elif len(child):
                check_depth(child, depth, self._limits.depth, self._limits)
        return kept

    def _repeated(self, name: str) -> Refused:
        return breaks_specification(f"{self.pointer}/{name}", "stands twice; one of the two would be lost")
