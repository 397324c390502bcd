"""The NOTICE as Markdown (CommonMark): names are escaped, texts stand in fences longer than any run inside."""

import re
from collections.abc import Iterator, Sequence

from obligations.adapters.renderers.sections import SCOPE, by_license, head_fields, modified_of
from obligations.adapters.renderers.shown import ShownComponent, in_pieces, shown_components, shown_references
from obligations.adapters.renderers.visible import indented, one_line
from obligations.domain.notice import ComponentReference, Notice, NoticeComponent

_SYNTAX = "\\`*_{}[]<>#|&~!@$^"
"""What CommonMark and its extensions would read as markup, mentions included; the escape itself comes first."""
_WEB_ADDRESS = r"https?://[\w.~:/?#@!$&'()*+,;=%-]+"
_is_web_address = re.compile(_WEB_ADDRESS, re.ASCII).fullmatch
_are_web_addresses = re.compile(f"(?:{_WEB_ADDRESS}\n)*+{_WEB_ADDRESS}", re.ASCII).fullmatch
_RUN = re.compile(r"`+")


def render_markdown(notice: Notice) -> bytes:
    """The document as bytes; the same notice gives the same bytes."""
    return b"".join(in_pieces(markdown_parts(notice)))


def render_markdown_by_license(notice: Notice) -> bytes:
    """The same with the components below their licences."""
    return b"".join(in_pieces(markdown_parts(notice, group_by_license=True)))


def markdown_parts(notice: Notice, group_by_license: bool = False) -> Iterator[str]:
    """The document piece by piece, for streaming."""
    yield f"# Third-party notices of {escaped_line(notice.project)} {escaped_line(notice.version)}\n\n"
    yield "".join(_field(name, value) for name, value in head_fields(notice))
    yield f"\n{SCOPE}\n"
    yield f"\n{fenced(notice.header)}" if notice.header else ""
    if notice.open_points:
        yield f"\n## Open points ({len(notice.open_points)})\n"
        for point in notice.open_points:
            yield f"\n**{escaped_line(point.message)}**\n\n{_references(point.components)}"
    yield f"\n## Components ({len(notice.components)})\n"
    yield from _components_by_license(notice) if group_by_license else _components(notice.components, "###")
    yield f"\n## Statements ({len(notice.statements)})\n"
    for statement in notice.statements:
        yield f"\n{escaped_line(statement.text)}\n\n{_references(statement.components)}"
    yield f"\n## Licence texts ({len(notice.texts)})\n"
    for text in notice.texts:
        yield f"\n### {text.id}: {escaped_line(text.license) or 'licence not named'}\n\n{fenced(text.text)}"
    yield f"\n## Upstream notices ({len(notice.notices)})\n"
    for upstream in notice.notices:
        yield f"\n### {upstream.id}\n\n{fenced(upstream.text)}"


def _components_by_license(notice: Notice) -> Iterator[str]:
    for license_expression, components in by_license(notice):
        yield f"\n### {escaped_line(license_expression)} ({len(components)})\n"
        yield from _components(components, "####")


def _components(components: Sequence[NoticeComponent], level: str) -> Iterator[str]:
    for some in shown_components(components, _escaped, source_markup=_linked_lines):
        yield "".join([_component(each, level) for each in some])


def _component(shown: ShownComponent, level: str) -> str:
    name, purl, supplier, license_, source, notices, component = shown
    package = f"* Package: {purl}\n" if purl else ""
    supplied = f"* Supplier: {supplier}\n" if supplier else ""
    modified = "" if component.modified is False else f"* Modified: {modified_of(component)}\n"
    place = f"* Source: {source}\n" if source else ""
    ids = ", ".join(component.texts + component.notices)
    see = f"* See: {ids}\n" if ids else ""
    printed = f"\n{_in_fence(notices)}" if "`" in notices else f"\n```text\n{notices}```\n" if notices else ""
    return f"\n{level} {name}\n\n{package}{supplied}* Licence: {license_}\n{modified}{place}{see}{printed}"


def _field(name: str, value: str) -> str:
    return f"* {escaped_line(name)}: {escaped_line(value)}\n"


def _references(components: Sequence[ComponentReference]) -> str:
    return "".join(
        [
            f"* {name}: {_linked(one_line(each.source))}\n" if each.source else f"* {name}\n"
            for name, _, each in shown_references(components, _escaped)
        ]
    )


def fenced(text: str) -> str:
    """The text word for word in a fence that nothing inside can end."""
    return _in_fence(indented(text, ""))


def _in_fence(lines: str) -> str:
    fence = "`" * max(3, 1 + max(map(len, _RUN.findall(lines)), default=0))
    return f"{fence}text\n{lines}{fence}\n"


def _linked_lines(lines: str) -> str:
    if _are_web_addresses(lines):
        return "<" + lines.replace("\n", ">\n<") + ">"
    return "\n".join(map(_linked, lines.split("\n")))


def _linked(line: str) -> str:
    """The address on its line, as a link where it leads to the web and holds nothing that could end the link."""
    return f"<{line}>" if _is_web_address(line) else _escaped(line)


def escaped_line(text: str) -> str:
    return _escaped(one_line(text))


def _escaped(text: str) -> str:
    """The text as plain text: a bare address becomes no link either."""
    for character in _SYNTAX:
        if character in text:  # `replace` would count one by one, `in` does not
            text = text.replace(character, f"\\{character}")
    return text.replace("://", "\\://").replace("www.", "www\\.")
