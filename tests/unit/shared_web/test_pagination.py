"""Page tokens hold the last key that was shown; whatever else comes as a token is the caller's error."""

import base64
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import InvalidInput
from shared.web.pagination import DEFAULT_LIMIT, MAX_LIMIT, page, page_limit, read_token

_ROWS = list(range(10))


def test_pages_follow_each_other_without_gap_or_repetition() -> None:
    shown, token = [], None
    while True:
        after = read_token(token, int)
        rows = [row for row in _ROWS if after is None or row > after][:4]
        answer = page(rows, 3, key=lambda row: row, show=lambda row: row)
        shown += answer["items"]
        token = answer["next_page_token"]
        if token is None:
            break

    assert shown == _ROWS


@given(st.tuples(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), st.integers(0, 2**53)))
def test_a_token_gives_back_its_key(key: tuple[str, int]) -> None:
    token = page([key, key], 1, key=lambda row: row, show=str)["next_page_token"]

    assert read_token(token, tuple[str, int]) == key


def test_the_last_page_has_no_token() -> None:
    assert page([1, 2], 2, key=lambda row: row, show=str) == {"items": ["1", "2"], "next_page_token": None}


def _encoded(text: bytes) -> str:
    return base64.urlsafe_b64encode(text).decode()


@pytest.mark.parametrize(
    "token",
    [
        *("x", "!!!!", "é", "%00", "=", "A" * 5000),
        *map(_encoded, (b"1", b'"a', b"null", b'"\xff"', b'"\\u0000"', b'["a"]')),
    ],
)
def test_a_token_that_is_not_ours_is_the_callers_error(token: str) -> None:
    with pytest.raises(InvalidInput, match="page_token") as caught:
        read_token(token, str)

    assert caught.value.errors[0].pointer == "page_token"


@given(st.text())
def test_no_text_at_all_breaks_the_reading_of_tokens(token: str) -> None:
    with suppress(InvalidInput):
        assert isinstance(read_token(token, str), str | None)


@pytest.mark.parametrize(("asked", "given_"), [(None, DEFAULT_LIMIT), (1, 1), (MAX_LIMIT + 1, MAX_LIMIT)])
def test_a_page_has_a_hundred_items_unless_told_and_never_more_than_a_thousand(asked: int | None, given_: int) -> None:
    assert page_limit(asked) == given_


@pytest.mark.parametrize("limit", [0, -1])
def test_a_page_of_nothing_is_refused(limit: int) -> None:
    with pytest.raises(InvalidInput, match="at least 1"):
        page_limit(limit)
