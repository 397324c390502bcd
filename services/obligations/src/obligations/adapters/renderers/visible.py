"""Makes text from strangers harmless to print: what would steer a terminal or hide is shown as an escape.

The characters: C0 and C1 controls, line and paragraph separators, bidirectional marks (Unicode UAX 9), invisible format
characters, tags, and lone surrogates. The list is written out so that every Python version prints the same.
"""

import re

_STEERING = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
_PLAIN = bytes(range(0x20, 0x7F))
_TAB_WIDTH = 8


def one_line(text: str) -> str:
    """The text on one line, with every steering character as a visible escape such as `\\x1b` or `\\u202e`."""
    return text if text.isascii() and text.isprintable() else _STEERING.sub(_escape, text)


def is_harmless(text: str) -> bool:
    """Whether nothing in the text would be escaped; it has no line end then either."""
    rest = text.encode("utf-8", "surrogatepass").translate(None, _PLAIN)  # what is left of long texts is short
    return not rest or not _STEERING.search(rest.decode("utf-8", "surrogatepass"))


def indented(text: str, margin: str) -> str:
    """The text word for word, every line behind the margin, ending in a line feed.

    Line ends of any kind become LF and tabs become spaces; other steering characters are shown as escapes. No line of
    it can start at the left edge, so none can pass for a heading of the document.
    """
    if is_harmless(text):
        return f"{margin}{text}\n" if text else ""
    lines = text.removeprefix("\ufeff").strip("\r\n").splitlines()
    return "".join(f"{margin}{one_line(line.expandtabs(_TAB_WIDTH))}".rstrip() + "\n" for line in lines)


def _escape(found: re.Match[str]) -> str:
    code = ord(found.group())
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
