"""Prints what each distinct licence string of a folder of SBOMs means.

    python -m tools.license_strings [FOLDER] [--without-exact]

FOLDER is `$LICET_CORPUS/valid` unless told. A table in Markdown, one row a string or text; long ones are cut.
`--without-exact` leaves out SPDX expressions that mean what they say. The last line counts the statuses of all.
"""

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import msgspec

from sbom_ingest.adapters.readers.registry import read
from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import Refusal
from shared.contracts.inventory import Inventory
from shared.licensing import Normalised, normalise

_SHOWN = 90


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    corpus = Path(os.environ.get("LICET_CORPUS", "corpus")) / "valid"
    parser.add_argument("folder", type=Path, nargs="?", default=corpus, help="holds SBOM documents")
    parser.add_argument("--without-exact", action="store_true", help="only what had to be interpreted")
    arguments = parser.parse_args()
    strings: set[str] = set()
    for path in sorted(arguments.folder.iterdir()):
        strings.update(_strings(path))
    found = [normalise(string) for string in sorted(strings)]
    print("| string | status | meaning |\n| --- | --- | --- |")
    for each in (each for each in found if each.status != "exact" or not arguments.without_exact):
        print(f"| {_cell(each.input)} | {each.status} | {_cell(_meaning(each))} |")
    print(f"\n{len(found)} distinct: {dict(sorted(Counter(each.status for each in found).items()))}")


def _strings(path: Path) -> Iterator[str]:
    """The licence values of components, the names of what the document defines, and all texts that came along."""
    encoded = BytesIO()
    with path.open("rb") as document:
        result = read(document, encoded, Limits())
    if isinstance(result, Refusal):
        print(f"{path.name}: {result.detail}", file=sys.stderr)
        return
    inventory = msgspec.json.decode(encoded.getvalue(), type=Inventory)
    for component in inventory.components:
        yield from (claim.value for claim in component.licenses)
    yield from (each.name for each in inventory.extracted_licenses if each.name)
    yield from inventory.texts.values()


def _meaning(each: Normalised) -> str:
    return str(each.expression) if each.expression else ", ".join(each.candidates) or each.why


def _cell(text: str) -> str:
    line = " ".join(text.split()).replace("|", "\\|")
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]} … ({len(text)} characters)"


if __name__ == "__main__":
    main()
