"""The NOTICE as Markdown (CommonMark): names are escaped, texts stand in fences longer than any run inside."""

import re
from collections.abc import Iterable, Iterator

from obligations.adapters.renderers.sections import SCOPE, by_license, component_fields, head_fields
from obligations.adapters.renderers.visible import indented, one_line
from obligations.domain.notice import ComponentReference, Notice, NoticeComponent

_SYNTAX = str.maketrans({character: f"\\{character}" for character in "\\`*_{}[]<>#|&~!@$^"})
"""What CommonMark and its extensions would read as markup, mentions included."""
_WEB_ADDRESS = re.compile(r"https?://[\w.~:/?#@!$&'()*+,;=%-]+", re.ASCII)
_RUN = re.compile(r"`+")


def render_markdown(notice: Notice) -> bytes:
    """The document as bytes; the same notice gives the same bytes."""
    return "".join(markdown_parts(notice)).encode("utf-8")


def render_markdown_by_license(notice: Notice) -> bytes:
    """The same with the components below their licences."""
    return "".join(markdown_parts(notice, group_by_license=True)).encode("utf-8")


def markdown_parts(notice: Notice, group_by_license: bool = False) -> Iterator[str]:
    """The document piece by piece, for streaming."""
    yield f"# Third-party notices of {_line(notice.project)} {_line(notice.version)}\n\n"
    yield "".join(_field(name, value) for name, value in head_fields(notice))
    yield f"\n{SCOPE}\n"
    if notice.open_points:
        yield f"\n## Open points ({len(notice.open_points)})\n"
        for point in notice.open_points:
            yield f"\n**{_line(point.message)}**\n\n{_references(point.components)}"
    yield f"\n## Components ({len(notice.components)})\n"
    yield from _components_by_license(notice) if group_by_license else _components(notice)
    yield f"\n## Statements ({len(notice.statements)})\n"
    for statement in notice.statements:
        yield f"\n{_line(statement.text)}\n\n{_references(statement.components)}"
    yield f"\n## Licence texts ({len(notice.texts)})\n"
    for text in notice.texts:
        yield f"\n### {text.id}: {_line(text.license) or 'licence not named'}\n\n{_fenced(text.text)}"
    yield f"\n## Upstream notices ({len(notice.notices)})\n"
    for upstream in notice.notices:
        yield f"\n### {upstream.id}\n\n{_fenced(upstream.text)}"


def _components(notice: Notice) -> Iterator[str]:
    for component in notice.components:
        yield _component(component, "###")


def _components_by_license(notice: Notice) -> Iterator[str]:
    for license_expression, components in by_license(notice):
        yield f"\n### {_line(license_expression)} ({len(components)})\n"
        for component in components:
            yield _component(component, "####")


def _component(component: NoticeComponent, level: str) -> str:
    fields = "".join(_field(name, value) for name, value in component_fields(component))
    see = ", ".join((*component.texts, *component.notices))
    fields += f"* See: {see}\n" if see else ""
    copyright_lines = "".join(indented(statement, "") for statement in component.copyright)
    printed = f"\n{_fenced(copyright_lines)}" if copyright_lines else ""
    return f"\n{level} {_line(component.name)}{_version(component.version)}\n\n{fields}{printed}"


def _field(name: str, value: str) -> str:
    return f"* {_line(name)}: {_linked(value) if name == 'Source' else _line(value)}\n"


def _references(components: Iterable[ComponentReference]) -> str:
    return "".join(
        f"* {_line(each.name)}{_version(each.version)}{': ' + _linked(each.source) if each.source else ''}\n"
        for each in components
    )


def _fenced(text: str) -> str:
    """The text word for word in a fence that nothing inside can end."""
    printed = indented(text, "")
    longest = max((len(run) for run in _RUN.findall(printed)), default=0) if "`" in printed else 0
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{printed}{fence}\n"


def _version(version: str | None) -> str:
    return f" {_line(version)}" if version else ""


def _linked(address: str) -> str:
    """The address, as a link where it leads to the web and holds nothing that could end the link."""
    return f"<{address}>" if _WEB_ADDRESS.fullmatch(address) else _line(address)


def _line(text: str) -> str:
    """The text on one line, plain: a bare address becomes no link either."""
    escaped = one_line(text).translate(_SYNTAX)
    return escaped.replace("://", "\\://").replace("www.", "www\\.")
