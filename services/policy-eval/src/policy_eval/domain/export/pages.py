"""A page of headings, paragraphs, lists and tables, as Markdown or HTML; all text in it is foreign and escaped."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~&:@])")
_STYLE: Final = (
    "body{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse;width:100%}th,td{border:1px solid #999;padding:.3em .5em;text-align:left;"
    "vertical-align:top;overflow-wrap:anywhere}"
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a section."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Points:
    """A list of points."""

    points: Sequence[str]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


Block = Heading | Paragraph | Points | Grid


@dataclass(frozen=True, slots=True)
class Page:
    """A page with its title."""

    title: str
    blocks: Sequence[Block]


def as_markdown(page: Page) -> str:
    """The page as CommonMark with tables."""
    return "\n\n".join([f"# {_plain(page.title)}", *(_markdown(each) for each in page.blocks)]) + "\n"


def as_html(page: Page) -> str:
    """The page as one HTML document without scripts and outside assets."""
    title = html.escape(page.title)
    head = f'<meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
    body = "\n".join(_html(each) for each in page.blocks)
    return f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body><h1>{title}</h1>\n{body}\n</body></html>\n'


def _markdown(block: Block) -> str:
    match block:
        case Heading():
            return f"## {_plain(block.text)}"
        case Paragraph():
            return _plain(block.text)
        case Points():
            return "\n".join(f"* {_plain(each)}" for each in block.points)
        case Grid():
            rule = "| " + " | ".join("---" for _ in block.columns) + " |"
            rows = [f"| {' | '.join(map(_plain, row))} |" for row in (block.columns, *block.rows)]
            return "\n".join([rows[0], rule, *rows[1:]])


def _html(block: Block) -> str:
    match block:
        case Heading():
            return f"<h2>{html.escape(block.text)}</h2>"
        case Paragraph():
            return f"<p>{html.escape(block.text)}</p>"
        case Points():
            return "<ul>" + "".join(f"<li>{html.escape(each)}</li>" for each in block.points) + "</ul>"
        case Grid():
            head = "".join(f"<th>{html.escape(each)}</th>" for each in block.columns)
            rows = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in block.rows)
            return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _plain(text: str) -> str:
    """The text on one line, with nothing in it that Markdown could take for itself."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))
