"""A test over a catalogue tells everything that is wrong in it."""

import pytest

from tests.support.catalogues import over


def test_all_that_fail_are_told_and_why() -> None:
    @over(["MIT", "ISC", "0BSD"])
    def test_starts_with_a_zero(license_id: str) -> None:
        assert license_id[0] == "0", license_id

    with pytest.raises(ExceptionGroup, match="2 of 3 fail") as raised:
        test_starts_with_a_zero()

    assert [each.__notes__ for each in raised.value.exceptions] == [["of MIT"], ["of ISC"]]


def test_a_catalogue_with_nothing_in_it_fails() -> None:
    @over([])
    def test_holds(license_id: str) -> None:
        pass

    with pytest.raises(AssertionError):
        test_holds()
