"""One reader under atheris, in a process of its own: `python -m tools.fuzz.target READER SECONDS SEED FOLDER`.

It goes on when a promise was broken; it exits with another number than 0 where libFuzzer or the system ended it.
"""

import resource
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

import atheris

with atheris.instrument_imports(include=["sbom_ingest", "shared"]):
    from tools.fuzz.crashes import Crashes
    from tools.fuzz.mutations import mutated
    from tools.fuzz.seeds import MAX_BYTES, RECOGNITION, form

# The instrumented code and what libFuzzer keeps need room beside the reader's own 700 MiB.
_ADDRESS_SPACE = 2 * 1024**3
_SECONDS_TO_HANG = 30
_LARGEST = 2 * MAX_BYTES


def main() -> None:
    """Fuzz until the time is over; libFuzzer ends the process."""
    reader, seconds, seed, folder = sys.argv[1], sys.argv[2], sys.argv[3], Path(sys.argv[4])
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
    crashes = Crashes(folder / "crashes", form(reader))
    arguments = [
        *(f"-max_total_time={seconds}", f"-seed={seed}", f"-max_len={_LARGEST}", f"-timeout={_SECONDS_TO_HANG}"),
        *("-rss_limit_mb=0", "-len_control=0", "-print_final_stats=1", "-verbosity=1"),
        *(f"-artifact_prefix={folder}/crashes/", str(folder / reader)),
    ]
    seeds = folder / f"{reader}.seeds"
    if seeds.stat().st_size:  # libFuzzer takes an empty list for an error
        arguments.append(f"-seed_inputs=@{seeds}")
    mutator = {} if reader == RECOGNITION else {"custom_mutator": _mutator(reader)}
    atheris.Setup([sys.argv[0], *arguments], crashes.check, **mutator)
    atheris.Fuzz()


def _mutator(reader: str) -> Callable[[bytes, int, int], bytes]:
    def mutate(document: bytes, max_size: int, seed: int) -> bytes:
        changed = mutated(bytes(document), form(reader), Random(seed))
        return changed if len(changed) <= max_size else atheris.Mutate(bytes(document), max_size)

    return mutate


if __name__ == "__main__":
    main()
