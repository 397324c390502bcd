"""Text from elsewhere cannot do anything to a terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet.terminal.harmless import harmless, harmless_lines


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("left-pad 1.3.0", "left-pad 1.3.0"),
        ("Müller 日本 →", "Müller 日本 →"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("a\nb\r\tc\x07", "a\\nb\\r\\tc\\x07"),
        ("pad\u202egpj", "pad\\u202egpj"),
        ("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"),
        ("\x9b31m", "\\x9b31m"),
        ("half \ud800", "half \\ud800"),
    ],
)
def test_what_could_do_harm_is_shown_and_not_done(text: str, shown: str) -> None:
    assert harmless(text) == shown


@given(st.text())
def test_no_text_has_control_characters_left(text: str) -> None:
    assert not any(ord(each) < 32 or 127 <= ord(each) < 160 for each in harmless(text))


def test_line_breaks_may_stay() -> None:
    assert harmless_lines("a\nb\x1b") == "a\nb\\x1b"
