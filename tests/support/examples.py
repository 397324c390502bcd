"""How many examples the property tests try: few in each run, `LICET_EXAMPLES` times as many in a thorough one."""

import os

from hypothesis import settings

_TIMES = int(os.environ.get("LICET_EXAMPLES", "1"))


def examples(number: int) -> settings:
    """Settings, to decorate a property with, for so many examples in an ordinary run."""
    return settings(max_examples=number * _TIMES)
