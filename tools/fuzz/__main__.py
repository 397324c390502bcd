"""Reads changed documents, guided by what code they reach, until a promise of reading breaks or the time is over.

    python -m tools.fuzz [--seconds 60] [--reader NAME ...] [--seed 1]
    python -m tools.fuzz --document FILE

Each reader has `seconds` to itself. What was interesting stays in build/fuzz/READER for the next time, what broke a
promise in build/fuzz/crashes. Exits with 1 where a promise was broken.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path
from typing import BinaryIO

from tools.fuzz import seeds
from tools.fuzz.promises import check

FOLDER = Path("build") / "fuzz"
_SECONDS_TO_START_AND_END = 90


def main() -> int:
    arguments = _arguments()
    if arguments.document:
        check(arguments.document.read_bytes())
        print("all promises hold")
        return 0
    started = time.time()
    by_reader = seeds.by_reader(seeds.project_seeds() + seeds.corpus_seeds())
    ended_well = [_fuzzed(reader, by_reader[reader], arguments) for reader in arguments.reader]
    crashes = _written_since(started)
    print(f"{len(crashes)} documents that break a promise, in {FOLDER / 'crashes'}")
    return 0 if all(ended_well) and not crashes else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz", description="Fuzz the SBOM readers.")
    parser.add_argument("--seconds", type=int, default=60, help="time of each reader")
    parser.add_argument("--reader", nargs="+", choices=seeds.READERS, default=list(seeds.READERS))
    parser.add_argument("--seed", type=int, default=1, help="of the random changes")
    parser.add_argument("--document", type=Path, help="check this document only, and show what it breaks")
    return parser.parse_args()


def _fuzzed(reader: str, paths: list[Path], arguments: argparse.Namespace) -> bool:
    """Fuzz one reader in a process of its own; whether it ended by itself."""
    print(f"== {reader}: {len(paths)} seeds, {arguments.seconds} s", flush=True)
    _prepare(reader, paths)
    words = ("-m", "tools.fuzz.target", reader, arguments.seconds, arguments.seed, FOLDER)
    log = FOLDER / f"{reader}.log"
    with log.open("wb") as output:
        exit_code = _ended([sys.executable, *map(str, words)], output, arguments.seconds + _SECONDS_TO_START_AND_END)
    for line in _worth_telling(log.read_text(errors="replace")):
        print(f"   {line}")
    if exit_code:
        print(f"   ended with {exit_code}: see {log}")
    return exit_code == 0


def _ended(command: list[str], output: BinaryIO, seconds: int) -> int | str:
    """Run the command; return its exit code, or that it had to be ended, so that the other readers get their turn."""
    try:
        return subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, timeout=seconds, check=False).returncode
    except subprocess.TimeoutExpired:
        return f"no answer in {seconds} s"


def _prepare(reader: str, paths: list[Path]) -> None:
    """The folders, and the list of seeds, which libFuzzer reads where they lie."""
    (FOLDER / reader).mkdir(parents=True, exist_ok=True)
    (FOLDER / "crashes").mkdir(exist_ok=True)
    if not paths:
        raise SystemExit(f"no document to begin with is known for {reader}")
    (FOLDER / f"{reader}.seeds").write_text(",".join(map(str, paths)))


def _worth_telling(log: str) -> list[str]:
    lines = log.splitlines()
    last = [line for line in lines if line.startswith("#") and "cov:" in line][-1:]
    return [*(line for line in lines if "python -m tools.fuzz" in line), *last]


def _written_since(started: float) -> list[Path]:
    return sorted(path for path in (FOLDER / "crashes").iterdir() if path.stat().st_mtime >= started)


if __name__ == "__main__":
    sys.exit(main())
