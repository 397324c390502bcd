"""What a body that is refused is told: what is wrong, and where."""

from collections.abc import AsyncIterator

import msgspec
import pytest

from shared.errors import InvalidInput, OverLimit
from shared.web.bodies import counted, value_of


class Part(msgspec.Struct):
    name: str


class Whole(msgspec.Struct):
    parts: list[Part] = []
    named: dict[str, list[int]] = {}


@pytest.mark.parametrize(
    ("body", "pointer", "what"),
    [
        (b'{"parts": [{"name": "a"}, {"name": 1}]}', "/parts/1/name", "Expected `str`, got `int`"),
        (b'{"parts": [{}]}', "/parts/0/name", "missing required field `name`"),
        (b'{"named": {"a": [1, "2"]}}', "/named/.../1", "Expected `int`, got `str`"),
        (b"[]", "", "Expected `object`, got `array`"),
        (b"{", "", "not JSON that can be read"),
        (b'{"other": ' + b"[" * 100_000, "", "not JSON that can be read"),
        (b'{"parts": [{"name": "\xff"}]}', "", "not JSON that can be read"),
    ],
)
def test_what_is_wrong_has_a_place(body: bytes, pointer: str, what: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        value_of(body, lambda content: msgspec.json.decode(content, type=Whole))
    (error,) = refused.value.errors
    assert error.pointer == pointer
    assert what in error.message


async def test_a_body_ends_at_its_limit() -> None:
    async def body() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"x" * 10

    assert [len(piece) async for piece in counted(body(), 30)] == [10, 10, 10]
    with pytest.raises(OverLimit, match="29") as refused:
        [piece async for piece in counted(body(), 29)]
    assert refused.value.limit == "sent-bytes"
