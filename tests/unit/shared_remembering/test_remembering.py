"""What is remembered of texts stays small, however long they are."""

import gc
import weakref

from shared.remembering import remembered


class Made:
    """What a function makes of a text, and whether it is still kept."""


def kept_of(texts: list[str], most: int) -> int:
    made: list[weakref.ref[Made]] = []

    @remembered(most)
    def make(text: str) -> Made:
        result = Made()
        made.append(weakref.ref(result))
        return result

    for text in texts:
        assert make(text) is make(text)
    gc.collect()
    return sum(each() is not None for each in made)


def test_short_texts_are_remembered_up_to_the_number_asked_for() -> None:
    assert kept_of([f"text {number}" for number in range(200)], 100) == 100


def test_of_long_texts_only_the_last_few_are_remembered() -> None:
    assert kept_of([f"{number} {'x' * 1000}" for number in range(200)], 100) == 16
