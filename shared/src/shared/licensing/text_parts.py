"""What a pasted text has beside the licence: fields of the document it was copied from, code behind a comment, and the
same licence once more."""

import re
from collections.abc import Iterator

from shared.licensing.license_text import words_of
from shared.licensing.notices import speaks_of_terms
from shared.licensing.text_matching import changes_terms

_MOST_PARTS = 8
_LONGEST_CAPTION = 400
"""Characters; a longer part between two lines is a text and no caption."""
_LONGEST_REST = 4_000
"""Characters; more than that behind a text is never passed over."""

# The first of the fields that follow `ExtractedText` in the tag-value form of SPDX 2.3, clause 10.
_FIELD = re.compile(r"^LicenseName:", re.MULTILINE)
_END_OF_TEXT = ("</text>", "</")
_ABOUT_CODE = re.compile(r"\b(?:modifications? by|can be found (?:at|in))\b", re.IGNORECASE)
_LINE = re.compile(r"^[ \t]*(?:\"{3,}|={3,}|-{3,}|\*{3,})[ \t]*$", re.MULTILINE)
_CAPTION = re.compile(
    r"(?P<work>\w+(?: \w+){0,3}) is licensed (?:for use )?as follows"
    r"|(?:this|the following) license applies to (?:all )?parts of (?P<part>\w+(?: \w+){0,3}"
    r"(?: originating from (?:the )?(?:http (?:\w+ ){2,8}repository|\w+(?: \w+){0,3}))?)"
)
_OTHER_LICENSE = re.compile(r"\b(?:[al]?gpl|gnu|bsd|apache|mozilla|mpl|epl|cc0?|creative|proprietary|public|commons)\b")


def text_alone(value: str) -> str | None:
    """A text without the fields of an SPDX document or the code that came along behind it; None where there is
    neither, or where what came along has a word that may be of the terms."""
    for head, rest in _cut(value):
        if len(rest) <= _LONGEST_REST and not changes_terms(words_of(rest, with_title=True)):
            return head
    return None


def repeated_texts(value: str) -> tuple[str, ...]:
    """The texts between lines of `\"\"\"`, `===`, `---` or `***` where there are two or more and all else is captions
    that say what each is for; empty for anything else."""
    parts = [part for part in map(str.strip, _LINE.split(value, _MOST_PARTS)) if part]
    if len(parts) > _MOST_PARTS:
        return ()
    texts = tuple(part for part in parts if len(part) > _LONGEST_CAPTION)
    captions = (part for part in parts if len(part) <= _LONGEST_CAPTION)
    return texts if len(texts) > 1 and all(map(_is_caption, captions)) else ()


def _cut(value: str) -> Iterator[tuple[str, str]]:
    if field := _FIELD.search(value):
        head = value[: field.start()].rstrip()
        for end in _END_OF_TEXT:
            head = head.removesuffix(end)
        yield head, value[field.start() :]
    if value.lstrip().startswith("/*"):
        comment, _, code = value.partition("*/")
        if code.strip() and not speaks_of_terms(" ".join(words_of(code, with_title=True))):
            yield comment, _ABOUT_CODE.sub(" ", code)


def _is_caption(part: str) -> bool:
    found = _CAPTION.fullmatch(" ".join(words_of(part, with_title=True)))
    if found is None:
        return False
    named = found["work"] or found["part"]
    return not changes_terms(named.split()) and not _OTHER_LICENSE.search(named)
