"""Components with every string made harmless for a format, many at a time: one pass over a long string is cheap."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from obligations.adapters.renderers.sections import license_of
from obligations.adapters.renderers.visible import indented, is_harmless, one_line
from obligations.domain.notice import ComponentReference, NoticeComponent

Markup = Callable[[str], str]
"""Escapes what the format would read as markup; it leaves line feeds alone."""
_AT_ONCE = 256
_PIECE = 64 * 1024


ShownComponent = tuple[str, str, str, str, str, str, NoticeComponent]
"""Name with version, package URL, supplier, licence, source, copyright notices, and the component itself. Each string is on
one line and "" where nothing is known; the copyright notices are lines behind the margin, without markup."""


def shown_components(
    components: Sequence[NoticeComponent], markup: Markup, margin: str = "", source_markup: Markup | None = None
) -> Iterator[Iterable[ShownComponent]]:
    """The components in their order, some at a time; their sources have a markup of their own if it is given."""
    for first in range(0, len(components), _AT_ONCE):
        some = components[first : first + _AT_ONCE]
        yield zip(
            names_of(some, markup),
            _one_lines([each.purl or "" for each in some], markup),
            _one_lines([each.supplier or "" for each in some], markup),
            _one_lines([license_of(each) for each in some], markup),
            _one_lines([each.source or "" for each in some], source_markup or markup),
            _copyright(some, margin),
            some,
            strict=True,
        )


def shown_references(
    components: Sequence[ComponentReference], markup: Markup
) -> Iterator[tuple[str, str, ComponentReference]]:
    """Name with version, source ("" where none is told) and the reference itself, in their order."""
    sources = _one_lines([each.source or "" for each in components], markup)
    return zip(names_of(components, markup), sources, components, strict=True)


def names_of(components: Sequence[NoticeComponent | ComponentReference], markup: Markup) -> list[str]:
    """The names with the versions, as `shown_components` shows them."""
    return _one_lines([f"{each.name} {each.version}" if each.version else each.name for each in components], markup)


def in_pieces(parts: Iterable[str]) -> Iterator[bytes]:
    """The parts as UTF-8, in pieces of some 64 KiB that never split a part."""
    waiting: list[str] = []
    size = 0
    for part in parts:
        waiting.append(part)
        size += len(part)
        if size >= _PIECE:
            yield "".join(waiting).encode("utf-8")
            waiting, size = [], 0
    yield "".join(waiting).encode("utf-8")


def _one_lines(texts: list[str], markup: Markup) -> list[str]:
    if texts and is_harmless("".join(texts)):
        return markup("\n".join(texts)).split("\n")
    return [markup(one_line(text)) for text in texts]


def _copyright(some: Sequence[NoticeComponent], margin: str) -> list[str]:
    if is_harmless("".join(["".join(each.copyright) for each in some])):
        return ["".join([f"{margin}{notice}\n" for notice in each.copyright if notice]) for each in some]
    return ["".join([indented(notice, margin) for notice in each.copyright]) for each in some]
