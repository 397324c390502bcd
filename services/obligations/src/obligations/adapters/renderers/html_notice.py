"""The NOTICE as one HTML page: nothing is loaded from elsewhere, no script; readable on a phone, on paper, and aloud."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from html import escape
from itertools import count

from obligations.adapters.renderers.sections import SCOPE, by_license, head_fields, modified_of
from obligations.adapters.renderers.shown import (
    ShownComponent,
    in_pieces,
    names_of,
    shown_components,
    shown_references,
)
from obligations.adapters.renderers.visible import indented, one_line
from obligations.domain.notice import ComponentReference, Notice, OpenPoint, Statement

_Ids = tuple[str, ...]
_STYLE = """
:root{color-scheme:light dark;--ink:#1c2024;--soft:#566069;--line:#d8dde2;--back:#fff;--panel:#f5f7f9;--mark:#0b57a4}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ec;--soft:#a4aeb7;--line:#3a424a;--back:#14181c;--panel:#1d2329;--mark:#7db8f5}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:60rem;padding:1.5rem 1.25rem 4rem;font:1rem/1.55 system-ui,sans-serif;
color:var(--ink);background:var(--back)}
h1{font-size:1.7rem;line-height:1.2;margin:.5rem 0 1rem}
h2{font-size:1.3rem;margin:2.5rem 0 .75rem;padding-top:.75rem;border-top:1px solid var(--line)}
h3{font-size:1.05rem;margin:1.5rem 0 .35rem;overflow-wrap:anywhere}
h4{font-size:1rem;margin:1.25rem 0 .3rem;overflow-wrap:anywhere}
a{color:var(--mark)}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;background:var(--back);padding:.5rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:.25rem 0}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
nav,.open{background:var(--panel);border:1px solid var(--line);border-radius:.5rem;padding:.75rem 1.25rem;margin:1rem 0}
nav ol{margin:.25rem 0;padding-left:1.5rem}nav details ul{columns:3 14rem;padding-left:1.25rem;overflow-wrap:anywhere}
summary{cursor:pointer}
pre{font:.82rem/1.45 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere;
background:var(--panel);border:1px solid var(--line);border-radius:.5rem;padding:.75rem 1rem;margin:.4rem 0}
ul{margin:.3rem 0;padding-left:1.5rem}li{overflow-wrap:anywhere}
@media(max-width:36rem){dl{grid-template-columns:5.25rem 1fr;gap:.1rem .5rem}
header dl{grid-template-columns:1fr;gap:0}header dd{margin:0 0 .35rem}
body{padding:1rem .9rem 3rem}h1{font-size:1.4rem}}
@media print{body{max-width:none;padding:0}nav details{display:none}pre{background:none}h3{break-after:avoid}}
"""


def render_html(notice: Notice) -> bytes:
    """The document as bytes; the same notice gives the same bytes."""
    return b"".join(in_pieces(html_parts(notice)))


def render_html_by_license(notice: Notice) -> bytes:
    """The same with the components below their licences."""
    return b"".join(in_pieces(html_parts(notice, group_by_license=True)))


def html_parts(notice: Notice, group_by_license: bool = False) -> Iterator[str]:
    """The document piece by piece, for streaming."""
    yield _head(notice)
    yield _contents(notice, group_by_license)
    yield '<main id="content">\n'
    yield from _open_points(notice)
    yield _heading("components", "Components", len(notice.components))
    yield from _components_by_license(notice) if group_by_license else _components(notice)
    yield _heading("statements", "Statements", len(notice.statements))
    yield from map(_statement, notice.statements)
    yield _heading("texts", "Licence texts", len(notice.texts))
    for text in notice.texts:
        yield _printed(text.id, text.license or "licence not named", text.text)
    yield _heading("notices", "Upstream notices", len(notice.notices))
    for upstream in notice.notices:
        yield _printed(upstream.id, upstream.id, upstream.text)
    yield "</main>\n</body>\n</html>\n"


def _head(notice: Notice) -> str:
    title = f"Third-party notices of {_line(notice.project)} {_line(notice.version)}"
    fields = "".join(f"<dt>{_line(name)}</dt><dd>{_line(value)}</dd>" for name, value in head_fields(notice))
    own = f"<pre>{escape(indented(notice.header, ''))}</pre>\n" if notice.header else ""
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f'<style>{_STYLE}</style>\n</head>\n<body>\n<a class="skip" href="#content">Skip to content</a>\n'
        f"<header>\n<h1>{title}</h1>\n<dl>{fields}</dl>\n<p>{SCOPE}</p>\n{own}</header>\n"
    )


def _contents(notice: Notice, group_by_license: bool) -> str:
    sections = [
        ("components", "Components", len(notice.components)),
        ("statements", "Statements", len(notice.statements)),
        ("texts", "Licence texts", len(notice.texts)),
        ("notices", "Upstream notices", len(notice.notices)),
    ]
    if notice.open_points:
        sections.insert(0, ("open-points", "Open points", len(notice.open_points)))
    listed = "".join(f'<li><a href="#{id_}">{title}</a> ({count})</li>' for id_, title, count in sections)
    named = enumerate(names_of(notice.components, _escaped), start=1)
    names = "".join([f'<li><a href="#component-{number}">{name}</a></li>' for number, name in named])
    index = f"<details><summary>All components</summary><ul>{names}</ul></details>" if names else ""
    groups = f"<ul>{''.join(_licenses(notice))}</ul>\n" if group_by_license else ""
    return f'<nav aria-label="Table of contents">\n<ol>{listed}</ol>\n{groups}{index}\n</nav>\n'


def _licenses(notice: Notice) -> Iterator[str]:
    for number, (license_expression, components) in enumerate(by_license(notice), start=1):
        yield f'<li><a href="#license-{number}">{_line(license_expression)}</a> ({len(components)})</li>'


def _open_points(notice: Notice) -> Iterator[str]:
    if notice.open_points:
        yield _heading("open-points", "Open points", len(notice.open_points))
        yield '<p>This document is a draft: what is listed here must be settled first.</p>\n<div class="open">\n'
        yield from map(_open_point, notice.open_points)
        yield "</div>\n"


def _components(notice: Notice) -> Iterator[str]:
    see = _references_to(notice)
    numbers = count(1)
    for some in shown_components(notice.components, _escaped):
        yield "".join([_component(next(numbers), shown, "h3", see) for shown in some])


def _components_by_license(notice: Notice) -> Iterator[str]:
    see = _references_to(notice)
    numbers = {id(component): number for number, component in enumerate(notice.components, start=1)}
    for group, (license_expression, components) in enumerate(by_license(notice), start=1):
        yield f'<h3 id="license-{group}">{_line(license_expression)} ({len(components)})</h3>\n'
        for some in shown_components(components, _escaped):
            yield "".join([_component(numbers[id(shown[-1])], shown, "h4", see) for shown in some])


def _component(number: int, shown: ShownComponent, level: str, see_also: Callable[[_Ids], str]) -> str:
    name, purl, supplier, license_, source, notices, component = shown
    package = f"<dt>Package</dt><dd>{purl}</dd>" if purl else ""
    supplied = f"<dt>Supplier</dt><dd>{supplier}</dd>" if supplier else ""
    modified = "" if component.modified is False else f"<dt>Modified</dt><dd>{modified_of(component)}</dd>"
    place = f"<dt>Source</dt><dd>{_link(source)}</dd>" if source else ""
    see = see_also(component.texts + component.notices)
    printed = f"<pre>{escape(notices)}</pre>\n" if notices else ""
    fields = f"{package}{supplied}<dt>Licence</dt><dd>{license_}</dd>{modified}{place}{see}"
    return f'<{level} id="component-{number}">{name}</{level}>\n<dl>{fields}</dl>\n{printed}'


def _references_to(notice: Notice) -> Callable[[_Ids], str]:
    """What prints the field that links a component to its texts, by name."""
    names = {each.id: f"{each.id} ({_line(each.license)})" for each in notice.texts if each.license}

    @cache
    def see(ids: _Ids) -> str:
        links = ", ".join(f'<a href="#{each}">{names.get(each, each)}</a>' for each in ids)
        return f"<dt>See</dt><dd>{links}</dd>" if links else ""

    return see


def _statement(statement: Statement) -> str:
    return f"<p>{_line(statement.text)}</p>\n{_references(statement.components)}"


def _open_point(point: OpenPoint) -> str:
    return f"<p><strong>{_line(point.message)}</strong></p>\n{_references(point.components)}"


def _references(components: Sequence[ComponentReference]) -> str:
    items = [
        f"<li>{name}: {_link(source)}</li>" if source else f"<li>{name}</li>"
        for name, source, _ in shown_references(components, _escaped)
    ]
    return f"<ul>{''.join(items)}</ul>\n"


def _printed(id_: str, title: str, text: str) -> str:
    return f'<h3 id="{id_}">{_line(title)}</h3>\n<pre>{escape(indented(text, ""))}</pre>\n'


def _heading(id_: str, title: str, count: int) -> str:
    return f'<h2 id="{id_}">{title} ({count})</h2>\n'


def _link(shown: str) -> str:
    """The escaped address, as a link where it leads to the web."""
    is_web = shown.startswith(("https://", "http://"))
    return f'<a href="{shown}" rel="nofollow noopener noreferrer">{shown}</a>' if is_web else shown


def _line(text: str) -> str:
    return escape(one_line(text))


def _escaped(lines: str) -> str:
    """As `escape`, which counts in long texts one by one what it then does not find."""
    return escape(lines) if any(map(lines.__contains__, "&<>\"'")) else lines
