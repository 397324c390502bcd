"""The floor of printing a NOTICE: f-strings over the same fields, nothing escaped, joined and encoded.

In text it gives the very bytes of the renderer as long as no string needs an escape; in the other formats the same content.
Head, statements and texts are a few parts among thousands and are taken as they are printed.
"""

from collections.abc import Callable, Iterator

from obligations.adapters.renderers.html_notice import html_parts
from obligations.adapters.renderers.markdown_notice import markdown_parts
from obligations.adapters.renderers.text_notice import text_parts
from obligations.domain.notice import Notice, NoticeComponent


def _text(each: NoticeComponent) -> str:
    notices = "".join(f"        {notice}\n" for notice in each.copyright)
    return (
        f"\n* {each.name} {each.version}\n    Package: {each.purl}\n    Supplier: {each.supplier}\n"
        f"    Licence: {each.license}\n    Source: {each.source}\n    See: {', '.join(each.texts)}\n"
        f"    Copyright: as follows\n{notices}"
    )


def _markdown(each: NoticeComponent) -> str:
    notices = "".join(f"{notice}\n" for notice in each.copyright)
    return (
        f"\n### {each.name} {each.version}\n\n* Package: {each.purl}\n* Supplier: {each.supplier}\n"
        f"* Licence: {each.license}\n* Source: <{each.source}>\n* See: {', '.join(each.texts)}\n"
        f"\n```text\n{notices}```\n"
    )


def _html(each: NoticeComponent) -> str:
    notices = "".join(f"{notice}\n" for notice in each.copyright)
    see = ", ".join(f'<a href="#{text}">{text}</a>' for text in each.texts)
    return (
        f'<h3 id="component-{each.name}">{each.name} {each.version}</h3>\n'
        f"<dl><dt>Package</dt><dd>{each.purl}</dd><dt>Supplier</dt><dd>{each.supplier}</dd>"
        f'<dt>Licence</dt><dd>{each.license}</dd><dt>Source</dt><dd><a href="{each.source}" rel="nofollow noopener '
        f'noreferrer">{each.source}</a></dd><dt>See</dt><dd>{see}</dd></dl>\n<pre>{notices}</pre>\n'
        f'<li><a href="#component-{each.name}">{each.name} {each.version}</a></li>'
    )


def _json(each: NoticeComponent) -> str:
    notices = "".join(f'    "{notice}",\n' for notice in each.copyright)
    texts = "".join(f'    "{text}",\n' for text in each.texts)
    return (
        f'  {{\n   "name": "{each.name}",\n   "version": "{each.version}",\n   "purl": "{each.purl}",\n'
        f'   "supplier": "{each.supplier}",\n   "license": "{each.license}",\n   "chosen_from": null,\n'
        f'   "copyright": [\n{notices}   ],\n   "notices": [],\n   "texts": [\n{texts}   ],\n'
        f'   "modified": false,\n   "source": "{each.source}"\n  }},\n'
    )


_COMPONENT: dict[str, Callable[[NoticeComponent], str]] = {
    "text": _text,
    "markdown": _markdown,
    "html": _html,
    "json": _json,
}
_PARTS: dict[str, Callable[[Notice], Iterator[str]]] = {
    "text": text_parts,
    "markdown": markdown_parts,
    "html": html_parts,
}


def join_of(notice: Notice, format_: str) -> Callable[[], bytes]:
    """What joins the components of the NOTICE in this format, between the parts of the rest, which are made before."""
    one = _COMPONENT[format_]
    before, after = _around_components(notice, format_)
    return lambda: "".join([before, *map(one, notice.components), after]).encode("utf-8")


def _around_components(notice: Notice, format_: str) -> tuple[str, str]:
    if format_ not in _PARTS:
        return "", ""
    parts = list(_PARTS[format_](notice))
    first = next(number for number, part in enumerate(parts) if notice.components[0].name in part and "Licence" in part)
    last = max(number for number, part in enumerate(parts) if notice.components[-1].name in part and "Licence" in part)
    return "".join(parts[:first]), "".join(parts[last + 1 :])
