"""Whether what a clause of the obligation catalogue names is there in the text of the licence."""

import re
from collections.abc import Iterator

# What a licence text calls the parts that a clause names before the section sign.
_PARTS = {
    "PSF": ("PYTHON SOFTWARE FOUNDATION LICENSE", "BEOPEN.COM LICENSE"),
    "BeOpen": ("BEOPEN.COM LICENSE", "\nCNRI "),
    "CNRI": ("\nCNRI ", "CWI LICENSE"),
    "GPL": ("\nGNU GENERAL PUBLIC LICENSE", None),
}
_SECTION = re.compile(
    r"(?:(?P<part>PSF|BeOpen|CNRI|GPL) )?§(?P<number>\d+(?:\.\d+)?)(?:-(?P<last>\d+)(?!\.))?(?P<points>(?:\(\w+\))*)"
)
_NUMBERED = re.compile(r"(?:cl\.|items? |cond\.)(\d+)(?:-(\d+))?")
_PARAGRAPH = re.compile(r"(?<!CWI )\bpara (\d+)(?:-(\d+))?")
_BULLET = re.compile(r"\bbullets? (\d+)(?:-(\d+))?")
_QUOTED = re.compile(r"“([^”]+)”")
_POINT = re.compile(r"^\((\w+)\)")
_ROMAN = re.compile(r"(?:^|, )([IV]+)\)")
_HEADING = re.compile(r"^([A-Z][a-z]+(?: [A-Z][a-z]+)*)")
_PLAIN = ("last para", "whole text", "first list", "second list", "last sentence", "CWI para")


def references_in(clause: str, text: str) -> list[tuple[str, bool]]:
    """Everything that the clause names (sections, items, bullets, paragraphs, headings, quotations), and whether the
    text has it. Empty = the clause points nowhere."""
    return [*_numbers_in(clause, text), *_words_in(clause, text)]


def _numbers_in(clause: str, text: str) -> Iterator[tuple[str, bool]]:
    for match in _SECTION.finditer(clause):
        yield match.group(), _has_section(match, text)
    for match in _NUMBERED.finditer(clause):
        yield match.group(), all(_has_number(each, text) for each in _span(match))
    for match in _PARAGRAPH.finditer(clause):
        yield match.group(), _span(match)[-1] <= len(_paragraphs(text))
    for match in _BULLET.finditer(clause):
        yield match.group(), _span(match)[-1] <= len(_bullets(text))


def _words_in(clause: str, text: str) -> Iterator[tuple[str, bool]]:
    for match in _QUOTED.finditer(clause):
        yield match.group(), all(_says(part, text) for part in match[1].split("…"))
    for match in (*_POINT.finditer(clause), *_ROMAN.finditer(clause)):
        yield match.group(), re.search(rf"[\s(]{match[1]}\)", f"\n{text}") is not None
    if heading := _HEADING.match(clause):
        yield heading[1], re.search(rf"(?m)^\W*{heading[1]}\W*$", text) is not None
    yield from ((plain, True) for plain in _PLAIN if plain in clause)


def _span(match: re.Match[str]) -> range:
    return range(int(match[1]), int(match[2] or match[1]) + 1)


def _has_section(match: re.Match[str], text: str) -> bool:
    start, end = _PARTS.get(match["part"] or "", (None, None))
    scope = text[text.index(start) if start else 0 :]
    scope = scope[: scope.index(end, 1) if end else None]
    numbers = range(int(match["number"]), int(match["last"]) + 1) if match["last"] else [match["number"]]
    points = re.findall(r"\w+", match["points"])
    return all(any(_has_points(part, points) for part in _sections(str(each), scope)) for each in numbers)


def _sections(number: str, text: str) -> list[str]:
    """The text from every heading of this number to the end of the text or the next heading of the same depth."""
    name = r"(?:Section |Article |§ ?)?"
    heading = re.compile(rf"^\s*{name}\(?{re.escape(number)}(?![\d.]*\d)[.\s)]", re.MULTILINE)
    depth = r"[.]\d+" * number.count(".")
    following = re.compile(rf"^{name}\(?\d+{depth}(?![\d.]*\d)[.\s)]", re.MULTILINE)
    found = []
    for start in heading.finditer(text):
        end = following.search(text, start.end())
        found.append(text[start.start() : end.start() if end else None])
    return found


def _has_points(section: str, points: list[str]) -> bool:
    """Whether the points, such as (a) and (1) of §3(a)(1), follow each other in the section."""
    at = 0
    for point in points:
        mark = re.compile(rf"^\s*\(?{point}[.)]|[\s(]\(?{point}\)\s|[.;] {point}\. ", re.MULTILINE).search(section, at)
        if mark is None:
            return False
        at = mark.end() - 1
    return True


def _has_number(number: int, text: str) -> bool:
    return re.search(rf"^[\s*#]*\(?{number}[.)]", text, re.MULTILINE) is not None


def _paragraphs(text: str) -> list[str]:
    """The paragraphs below title and copyright line."""
    return [each for each in re.split(r"\n\s*\n", text) if len(each) > 100]


def _bullets(text: str) -> list[str]:
    return re.findall(r"(?m)^\s*[-*•o·]\s+\S", text)


def _says(words: str, text: str) -> bool:
    return _even(words) in _even(text)


def _even(text: str) -> str:
    return re.sub(r"[\s\"'‘’“”`*#]+", " ", text).strip().lower()
