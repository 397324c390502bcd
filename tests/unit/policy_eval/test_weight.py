"""What is remembered weighs the more, the longer the texts are, and what came is looked at once."""

from policy_eval.domain.weight import Weight


def test_long_texts_weigh_more() -> None:
    assert Weight(str).of(["MIT", "x" * 250]) == 1 + 3


def test_what_was_weighed_is_not_looked_at_again() -> None:
    looked_at = []

    def text_of(entry: str) -> str:
        looked_at.append(entry)
        return entry

    weight, entries = Weight(text_of), {"a": 1}
    weight.of(entries)
    entries["b"] = 2

    assert (weight.of(entries), weight.of(entries)) == (2, 2)
    assert looked_at == ["a", "b"]
