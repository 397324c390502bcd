"""The numbers of duties that policy-eval ships are those of the catalogue."""

from tools.make_duty_counts import FILE, render


def test_the_shipped_numbers_are_those_of_the_catalogue() -> None:
    assert FILE.read_text(encoding="utf-8") == render()
