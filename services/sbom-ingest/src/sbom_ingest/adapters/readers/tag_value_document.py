"""SPDX tag-value as it comes from strangers: lines in one pass, each looked at once.

`Tag: value` stands on a line of its own; a value that begins with `<text>` goes on until `</text>`. A line that begins
with `#` is a comment.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Set
from typing import NamedTuple

from msgspec import Struct, field

from sbom_ingest.adapters.readers.source import Source
from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import breaks_specification, not_an_sbom, over_limit

_TAG = re.compile(rb"[ \t]*([A-Za-z][A-Za-z0-9]*)[ \t]*:[ \t]*")
_OPEN, _CLOSE = b"<text>", b"</text>"


class Tag(Struct, frozen=True, array_like=True):
    """One `Tag: value` with the number of its line, from 1; the name is empty where a line has none."""

    name: str
    value: str
    line: int


class Section(Struct, array_like=True):
    """The tags of one element, from the one that begins it: the first of each name, and those that came again."""

    begin: Tag
    values: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    again: dict[str, list[Tag]] = field(default_factory=dict)

    def add(self, name: str, value: str, line: int) -> None:
        """Add a tag of the element."""
        if name in self.values:
            self.again.setdefault(name, []).append(Tag(name, value, line))
        else:
            self.values[name] = value
            self.lines[name] = line

    def first(self, name: str) -> str:
        """The first value of a tag, empty where there is none."""
        return self.values.get(name, "")

    def all(self, name: str) -> list[str]:
        """The values of a tag in the order of the document."""
        if name not in self.values:
            return []
        return [self.values[name], *(tag.value for tag in self.again.get(name, ()))]

    def line(self, name: str, index: int) -> int | None:
        """The line of a value of the tag, counted from 0; None where it has no such value."""
        return self.again[name][index - 1].line if index else self.lines.get(name)

    def size(self) -> int:
        """The characters of all values, with an end for each."""
        further = (len(tag.value) + 1 for tags in self.again.values() for tag in tags)
        return sum(len(value) + 1 for value in self.values.values()) + sum(further)


class TagNames(NamedTuple):
    """The names of tags as they are written and as they are told; those that are told as nothing are passed over.

    `of_elements` are those that belong to the element that began last.
    """

    told: Mapping[bytes, str]
    of_elements: Set[str]


def refuse_nul(source: Source) -> None:
    """Refuse a document that holds the character NUL."""
    if any(b"\0" in piece for piece in source.pieces()):
        raise not_an_sbom("The document holds the character NUL, which no field of an SBOM can have.")


class Tags:
    """The tags of a document in its order; what stands in `<text>` keeps its white space, other values lose it.

    Tags of elements go into `section`, the element that is open; iterating tells the others, and whoever does it opens
    the next section. Of lines without a tag, one after another, `on_stray` gets the first, as a tag without a name.
    Refuses a `<text>` that no `</text>` closes, or that is longer than `limits.text_bytes`.
    """

    def __init__(self, source: Source, limits: Limits, names: TagNames, on_stray: Callable[[Tag], None]) -> None:
        self.section = Section(Tag("", "", 1))
        self._source = source
        self._limits = limits
        self._names = names
        self._on_stray = on_stray
        self._after_stray = False

    def __iter__(self) -> Iterator[Tag]:
        """The tags that are of no element."""
        (told, of_elements), lines = self._names, enumerate(self._source.lines(), 1)
        for number, line in lines:
            written, _, rest = line.partition(b":")
            name = told.get(written)
            if name is None:
                name, rest = self._unusual(line, number)
            value = rest.strip()
            if value.startswith(_OPEN):
                value = _long_value(rest, number, lines, self._limits)
            if not name:
                continue
            self._after_stray = False
            if name in of_elements:
                self.section.add(name, value.decode(), number)
            else:
                yield Tag(name, value.decode(), number)

    def _unusual(self, line: bytes, number: int) -> tuple[str, bytes]:
        """The tag of a line that is not as it is usually written, or none that is known; nothing where there is none."""
        found = _TAG.match(line)
        if found is not None:
            return self._names.told.get(found[1], found[1].decode()), line[found.end() :]
        rest = line.strip()
        if rest and not rest.startswith(b"#"):
            if not self._after_stray:
                self._on_stray(Tag("", rest[:80].decode(errors="replace"), number))
            self._after_stray = True
        return "", b""


def _long_value(begin: bytes, number: int, lines: Iterator[tuple[int, bytes]], limits: Limits) -> bytes:
    """The value from behind `<text>` to before `</text>`, with line ends of one kind; the rest of its line is no part."""
    line, parts, size = begin.lstrip().removeprefix(_OPEN), list[bytes](), 0
    while _CLOSE not in line:
        parts.append(line)
        size += len(line)
        if size > limits.text_bytes:
            raise over_limit("text", f"line {number}: a text may have {limits.text_bytes} bytes at most")
        line = next(lines, (0, b""))[1]
        if not line:
            raise breaks_specification(f"line {number}", "the <text> that begins here has no </text>")
    return b"".join([*parts, line[: line.index(_CLOSE)]]).replace(b"\r\n", b"\n")
