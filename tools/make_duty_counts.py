"""Writes how many active duties each licence brings, by which policy-eval settles a draw among OR branches.

`python tools/make_duty_counts.py`, whenever the catalogue of obligations changes. Counted for a component that is
linked as a package, not modified, and delivered in a binary.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from obligations.adapters.catalogue_files import load_obligation_catalogue
from obligations.domain.duties import duties_of
from obligations.domain.triggers import Usage
from shared.licensing import parse

FILE = Path(__file__).parent.parent / "services/policy-eval/src/policy_eval/policies/active_duties.json"


def render() -> str:
    """Return the file's content."""
    return json.dumps(dict(sorted(_counts())), indent=1) + "\n"


def _counts() -> Iterator[tuple[str, int]]:
    catalogue = load_obligation_catalogue()
    usage = Usage(frozenset({"binary"}))
    licenses = catalogue.licenses
    pairs = [
        f"{each.id} WITH {exception}"
        for exception in catalogue.effects
        for each in licenses.licenses
        if each.id in catalogue.duties and licenses.pair_category(each.id, exception)
    ]
    for name in (*catalogue.duties, *pairs):
        duties = {duty.obligation for duty in duties_of(parse(name), usage, catalogue)}
        yield name, sum(catalogue.generic[each].kind == "active" for each in duties)


if __name__ == "__main__":
    FILE.write_text(render(), encoding="utf-8")
