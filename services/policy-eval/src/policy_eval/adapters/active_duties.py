"""How many active duties each analysed licence brings, as `tools/make_duty_counts.py` counted them."""

import json
from collections.abc import Callable
from importlib.resources import files

from shared.licensing import License, With


def load_active_duties() -> Callable[[License | With], int]:
    """The count for a licence or pair; one that is not analysed counts more than any that is."""
    counts: dict[str, int] = json.loads(files("policy_eval.policies").joinpath("active_duties.json").read_bytes())
    most = max(counts.values()) + 1

    def active_duties(leaf: License | With) -> int:
        name = str(leaf)
        return counts.get(name, counts.get(name.removesuffix("+"), most))

    return active_duties
