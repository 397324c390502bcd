"""The tables of docs/sizing.md are those that the tool makes, and say of small numbers what a hand would."""

import pytest

from tools.sizing.__main__ import PAGE, costs
from tools.sizing.tables import MIXTURE, foretold, page


def test_the_page_shows_what_was_measured_last() -> None:
    shown = PAGE.read_text(encoding="utf-8")

    assert page(shown, costs()) == shown, "run: python -m tools.sizing"


def test_the_mixture_has_the_average_that_the_page_names() -> None:
    assert sum(MIXTURE.values()) == 100
    assert sum(size * share for size, share in MIXTURE.items()) / 100 == 500


def test_the_simulation_foretells_the_measured_run() -> None:
    run, seconds = costs().run, max(each.ended for each in foretold(costs()))

    assert seconds == pytest.approx(run.seconds, rel=0.35)


def test_a_table_that_nobody_makes_is_refused() -> None:
    with pytest.raises(KeyError):
        page("<!-- weather -->\n<!-- end -->", costs())
