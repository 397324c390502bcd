"""A process that reads documents and can do little else: `python -I -m sbom_ingest.adapters.reader_child PARENT`.

It reads jobs from standard input until that ends, and dies with its parent.
"""

import ctypes
import gc
import math
import os
import resource
import signal
import sys
import traceback
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, cast

import msgspec

from sbom_ingest.adapters.reader_protocol import (
    IGNORED,
    INVENTORY,
    PREFIX,
    WARNINGS,
    Answer,
    Broken,
    Done,
    Job,
    Network,
    Ready,
    Refused,
    decode_job,
    framed,
)
from sbom_ingest.adapters.readers.registry import read
from sbom_ingest.domain.limits import MIB, Limits
from sbom_ingest.domain.outcome import ReadResult, Refusal

ADDRESS_SPACE = 700 * MIB
LARGEST_FILE = 512 * MIB
OPEN_FILES = 64
_BUFFER = 1 << 17
_NICENESS = 5  # answering others goes before reading

# From <sys/prctl.h> and <sched.h> of Linux.
_PR_SET_PDEATHSIG = 1
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_WARM_UP = b'{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"library","name":"a","licenses":[%s]}]}'


def main() -> None:
    """Serve jobs until standard input ends."""
    parent = int(sys.argv[1])
    answers = _claim_standard_output()
    _die_with(parent)
    network = _leave_network()
    os.nice(_NICENESS)
    _warm_up()
    _limit_resources()
    gc.collect()
    gc.freeze()
    gc.disable()
    _send(answers, Ready(network))
    while (body := _next_message(sys.stdin.buffer)) is not None:
        _send(answers, _answer(decode_job(body)))
        gc.collect()


def _claim_standard_output() -> BinaryIO:
    """The pipe to the parent; whatever else is printed must not get into it."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _die_with(parent: int) -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the call
        sys.exit(0)


def _leave_network() -> Network:
    """Move into a network namespace without interfaces, where the system permits."""
    unshare = ctypes.CDLL(None).unshare
    left = unshare(_CLONE_NEWNET) == 0 or unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0
    return "none" if left else "open"


def _warm_up() -> None:
    """Load what the first document would load: the licence catalogue above all."""
    document = _WARM_UP % b'{"expression":"MIT OR Apache-2.0"},{"license":{"id":"MIT"}}'
    read(BytesIO(document), BytesIO(), Limits())


def _limit_resources() -> None:
    for limit, value in (
        (resource.RLIMIT_AS, ADDRESS_SPACE),
        (resource.RLIMIT_FSIZE, LARGEST_FILE),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(limit)[1]
        bounded = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (bounded, bounded))


def _allow_cpu(seconds: float) -> None:
    """Let the system end this process when it has used `seconds` more of CPU time, rounded up."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = math.ceil(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _answer(job: Job) -> Answer:
    _allow_cpu(job.seconds)
    try:
        return _read(job)
    except MemoryError:
        detail = f"reading the document takes more than {ADDRESS_SPACE // MIB} MiB of memory"
        return Refused(Refusal("over-limit", detail, limit="memory"))
    except Exception as error:
        return Broken(traceback.format_exc(), error.errno if isinstance(error, OSError) else None)


def _read(job: Job) -> Answer:
    scratch = Path(job.scratch)

    def new_stream() -> BinaryIO:
        return cast(BinaryIO, TemporaryFile(dir=scratch, buffering=_BUFFER))

    with Path(job.path).open("rb") as document, (scratch / INVENTORY).open("wb") as inventory:
        outcome = read(document, inventory, job.limits, new_stream)
    return _stored(outcome, scratch) if isinstance(outcome, ReadResult) else Refused(outcome)


def _stored(result: ReadResult, scratch: Path) -> Done:
    (scratch / WARNINGS).write_bytes(msgspec.json.encode(result.warnings))
    (scratch / IGNORED).write_bytes(msgspec.json.encode(result.ignored))
    return Done(result.facts, result.inventory_sha256)


def _next_message(stream: BinaryIO) -> bytes | None:
    prefix = stream.read(PREFIX.size)
    if len(prefix) < PREFIX.size:
        return None
    return stream.read(PREFIX.unpack(prefix)[0])


def _send(stream: BinaryIO, answer: Answer) -> None:
    stream.write(framed(answer))
    stream.flush()


if __name__ == "__main__":
    main()
