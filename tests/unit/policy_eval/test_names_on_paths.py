"""How the names of components are shown on paths, which repeat them in every component behind."""

import pytest

from policy_eval.adapters.shown_findings import name_on_a_path


@pytest.mark.parametrize("name", ["", "lodash", "x" * 255])
def test_a_name_of_usual_length_is_shown_whole(name: str) -> None:
    assert name_on_a_path(name) == name


def test_of_a_longer_name_the_beginning_is_shown() -> None:
    shown = name_on_a_path("a" * 100_000)

    assert shown == "a" * 254 + "…"
