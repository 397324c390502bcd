"""Tests over everything in a catalogue."""

from collections.abc import Callable, Sequence


def over(names: Sequence[str]) -> Callable[[Callable[[str], None]], Callable[[], None]]:
    """Make one test of a check of each name, such as each licence of a catalogue; it tells all that fail.

    A test for each would cost some milliseconds of pytest's beside the microseconds of most checks.
    """

    def of_all(check: Callable[[str], None]) -> Callable[[], None]:
        def test() -> None:
            assert names
            failures = []
            for name in names:
                try:
                    check(name)
                except AssertionError as failure:
                    failure.add_note(f"of {name}")
                    failures.append(failure)
            if failures:
                raise ExceptionGroup(f"{len(failures)} of {len(names)} fail", failures)

        test.__name__, test.__doc__ = check.__name__, check.__doc__
        return test

    return of_all
