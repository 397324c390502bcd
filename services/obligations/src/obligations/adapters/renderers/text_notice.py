"""The NOTICE as plain text: UTF-8, LF. Headings start at the left edge, everything from strangers is indented."""

import textwrap
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from obligations.adapters.renderers.sections import by_license, head_fields, modified_of
from obligations.adapters.renderers.shown import ShownComponent, in_pieces, shown_components, shown_references
from obligations.adapters.renderers.visible import indented, one_line
from obligations.domain.notice import ComponentReference, Notice, NoticeComponent, OpenPoint, Statement

_Item = TypeVar("_Item")

_RULER = "=" * 78
_MARGIN = "    "
_DEEPER = _MARGIN * 2
_SCOPE = (
    "This document names the third-party components that are delivered with the product, the\n"
    "licences under which they are used, and reproduces the notices and licence texts that go with them.\n"
)


def render_text(notice: Notice) -> bytes:
    """The document as bytes; the same notice gives the same bytes."""
    return b"".join(in_pieces(text_parts(notice)))


def render_text_by_license(notice: Notice) -> bytes:
    """The same with the components below their licences."""
    return b"".join(in_pieces(text_parts(notice, group_by_license=True)))


def text_parts(notice: Notice, group_by_license: bool = False) -> Iterator[str]:
    """The document piece by piece, for streaming."""
    yield _header(notice)
    yield _heading("Components", len(notice.components))
    yield from _components_by_license(notice) if group_by_license else _components(notice.components)
    yield from _section("Statements", notice.statements, _statement)
    yield _heading("Licence texts", len(notice.texts))
    for text in notice.texts:
        yield _titled(f"[{text.id}] {one_line(text.license) or 'licence not named'}", text.text)
    yield _heading("Upstream notices", len(notice.notices))
    for upstream in notice.notices:
        yield _titled(f"[{upstream.id}]", upstream.text)
    yield from _section("Open points", notice.open_points, _open_point)


def _header(notice: Notice) -> str:
    fields = "".join(f"{one_line(name)}: {one_line(value)}\n" for name, value in head_fields(notice))
    own = f"\n{indented(notice.header, _MARGIN)}" if notice.header else ""
    return f"{_RULER}\nTHIRD-PARTY NOTICES\n{_RULER}\n\n{fields}\n{_SCOPE}{own}"


def _heading(title: str, count: int) -> str:
    return f"\n{_RULER}\n{title.upper()} ({count})\n{_RULER}\n"


def _section(title: str, items: tuple[_Item, ...], render: Callable[[_Item], str]) -> Iterator[str]:
    yield _heading(title, len(items))
    yield from map(render, items)


def _components_by_license(notice: Notice) -> Iterator[str]:
    for license_expression, components in by_license(notice):
        yield f"\n--- {one_line(license_expression)} ({len(components)}) ---\n"
        yield from _components(components)


def _components(components: Sequence[NoticeComponent]) -> Iterator[str]:
    for some in shown_components(components, str, _DEEPER):
        yield "".join(map(_component, some))


def _component(shown: ShownComponent) -> str:
    name, purl, supplier, license_, source, notices, component = shown
    package = f"{_MARGIN}Package: {purl}\n" if purl else ""
    supplied = f"{_MARGIN}Supplier: {supplier}\n" if supplier else ""
    modified = "" if component.modified is False else f"{_MARGIN}Modified: {modified_of(component)}\n"
    place = f"{_MARGIN}Source: {source}\n" if source else ""
    ids = ", ".join(component.texts + component.notices)
    see = f"{_MARGIN}See: {ids}\n" if ids else ""
    printed = f"{_MARGIN}Copyright: as follows\n{notices}" if component.copyright else ""
    return f"\n* {name}\n{package}{supplied}{_MARGIN}Licence: {license_}\n{modified}{place}{see}{printed}"


def _titled(title: str, text: str) -> str:
    return f"\n{title}\n\n{indented(text, _MARGIN)}"


def _statement(statement: Statement) -> str:
    text = one_line(statement.text)
    if statement.kind != "acknowledgement":  # which must stay word for word
        text = textwrap.fill(text, width=len(_RULER), break_long_words=False, break_on_hyphens=False)
    return f"\n{text}\n{_references(statement.components)}"


def _open_point(point: OpenPoint) -> str:
    return f"\n! {one_line(point.message)}\n{_references(point.components)}"


def _references(components: Sequence[ComponentReference]) -> str:
    return "".join(
        [
            f"{_MARGIN}{name}: {source}\n" if source else f"{_MARGIN}{name}\n"
            for name, source, _ in shown_references(components, str)
        ]
    )
