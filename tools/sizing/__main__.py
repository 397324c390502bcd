"""Writes the tables of docs/sizing.md from the costs in `measured.json`.

    python -m tools.sizing [--measure]

With `--measure` the costs are measured anew on this machine first.
"""

import argparse
import sys
from pathlib import Path

import msgspec

from tools.sizing.measuring import Measured, measure
from tools.sizing.tables import page

FOLDER = Path(__file__).parent
COSTS = FOLDER / "measured.json"
PAGE = FOLDER.parents[1] / "docs" / "sizing.md"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.sizing", description="Write the tables of docs/sizing.md.")
    parser.add_argument("--measure", action="store_true", help="measure the costs anew, which takes some minutes")
    if parser.parse_args().measure:
        COSTS.write_bytes(msgspec.json.format(msgspec.json.encode(measure()), indent=1) + b"\n")
    written = page(PAGE.read_text(encoding="utf-8"), costs())
    PAGE.write_text(written, encoding="utf-8")
    return 0


def costs() -> Measured:
    """What was measured last."""
    return msgspec.json.decode(COSTS.read_bytes(), type=Measured)


if __name__ == "__main__":
    sys.exit(main())
