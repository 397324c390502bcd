"""Text from elsewhere, made harmless for a terminal: nothing in it moves the cursor, colours, rings or hides."""

import unicodedata
from typing import Final

_KEPT_LINES: Final = "\n"
_HARMFUL: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Unicode categories: control, format (bidirectional overrides, zero width), surrogate, private use, separators of lines."""


def harmless(text: str) -> str:
    r"""Return the text on one line, what is harmful in it written as an escape such as `\x1b`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(character) for character in text)


def harmless_lines(text: str) -> str:
    """The same, but line breaks stay."""
    return _KEPT_LINES.join(harmless(line) for line in text.split("\n"))


def _shown(character: str) -> str:
    if unicodedata.category(character) not in _HARMFUL:
        return character
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")
