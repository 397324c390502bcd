"""`python -m tools.api_fuzz --seconds 600`: a long run; ends with 1 when an answer is a 5xx or not as described."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.support.licet import StandaloneLicet
from tools.api_fuzz.run import fuzz


def main() -> int:
    """Start a Licet, and fuzz it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=600, help="how long")
    parser.add_argument("--seed", type=int, default=None, help="the seed, to repeat a run")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, StandaloneLicet(Path(folder)) as licet:
        done = fuzz(licet, Path(folder), asked.seconds, asked.seed)
    print(done.stdout)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
