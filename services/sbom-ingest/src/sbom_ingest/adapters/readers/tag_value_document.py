"""SPDX tag-value as it comes from strangers: lines in one pass, each looked at once.

`Tag: value` stands on a line of its own; a value that begins with `<text>` goes on until `</text>`. A line that begins
with `#` is a comment.
"""

import re
from collections.abc import Iterator, Mapping, Set

from msgspec import Struct, field

from sbom_ingest.adapters.readers.source import Source
from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import breaks_specification, not_an_sbom, over_limit

_TAG = re.compile(rb"[ \t]*([A-Za-z][A-Za-z0-9]*)[ \t]*:[ \t]*")
_NUL = re.compile(b"\0")
_OPEN, _CLOSE = b"<text>", b"</text>"


class Tag(Struct, frozen=True, array_like=True):
    """One `Tag: value` with the number of its line, from 1; the name is empty where a line has none."""

    name: str
    value: str
    line: int


class Section(Struct, array_like=True):
    """The tags of one element, from the one that begins it."""

    begin: Tag
    size: int = 0
    tags: dict[str, list[Tag]] = field(default_factory=dict)

    def add(self, tag: Tag) -> None:
        """Add a tag of the element."""
        self.fill(iter([tag]), {tag.name})

    def fill(self, tags: Iterator[Tag], names: Set[str]) -> Tag | None:
        """Add the next tags while they have one of `names`; returns the first that has none, None at the end."""
        held = self.tags
        for tag in tags:
            name = tag.name
            if name not in names:
                return tag
            found = held.get(name)
            if found is None:
                held[name] = [tag]
            else:
                found.append(tag)
            self.size += len(tag.value)
        return None

    def values(self, name: str) -> list[str]:
        """The values of a tag in the order of the document."""
        return [tag.value for tag in self.tags.get(name, ())]

    def first(self, name: str) -> str:
        """The first value of a tag, empty where there is none."""
        found = self.tags.get(name)
        return found[0].value if found else ""


def refuse_nul(source: Source) -> None:
    """Refuse a document that holds the character NUL."""
    if source.has(_NUL):
        raise not_an_sbom("The document holds the character NUL, which no field of an SBOM can have.")


def read_tags(source: Source, limits: Limits, names: Mapping[bytes, str]) -> Iterator[Tag]:
    """The tags of a document in its order; what stands in `<text>` keeps its white space, other values lose it.

    `names` are the names of tags as they are written and as they are told; those that are told as nothing are passed
    over. Of lines without a tag, one after another, the first is told. Refuses a `<text>` that no `</text>` closes, or
    that is longer than `limits.text_bytes`.
    """
    lines, is_stray = enumerate(source.lines(), 1), False
    for number, line in lines:
        written, _, value = line.partition(b":")
        name = names.get(written)
        if name is None:
            name, value = _unusual(line, names)
            if name is None:
                if not is_stray:
                    yield Tag("", value[:80].decode(errors="replace"), number)
                is_stray = True
                continue
        begin = value.strip()
        begin = _long_value(value, number, lines, limits) if begin.startswith(_OPEN) else begin
        if name:
            is_stray = False
            yield Tag(name, begin.decode(), number)


def _unusual(line: bytes, names: Mapping[bytes, str]) -> tuple[str | None, bytes]:
    """The tag of a line that is not as it is usually written, or none that is known; None and the line where none is."""
    found = _TAG.match(line)
    if found is not None:
        return names.get(found[1], found[1].decode()), line[found.end() :]
    rest = line.strip()
    return ("", b"") if rest.startswith(b"#") or not rest else (None, rest)


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
