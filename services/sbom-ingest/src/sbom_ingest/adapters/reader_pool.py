"""Reads documents in processes of their own: bounded in number, time and memory, off the event loop.

Errors: `Saturated` where no process was free in time, `Unavailable` where a process was ended from outside in the
middle of a document (the caller may try again), OSError where the system refused it a file or space, RuntimeError
where a reader has a fault of its own.
"""

import asyncio
import errno
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Self, assert_never

import msgspec
import structlog

from sbom_ingest.adapters.reader_process import ReaderGone, ReaderProcess
from sbom_ingest.adapters.reader_protocol import (
    IGNORED,
    INVENTORY,
    WARNINGS,
    Answer,
    Broken,
    Done,
    Job,
    Ready,
    Refused,
)
from sbom_ingest.application.ports import ReadDocument
from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import Ignored, ReadResult, Refusal
from shared.contracts.documents import DocumentWarning
from shared.errors import Saturated, Unavailable
from shared.tracing import traced

_log = structlog.get_logger()
_RESTART_SECONDS = 1.0
_PASSING = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE)
"""What the system refuses now and may grant later."""
_DEFAULT_LIMITS = Limits()


class ReaderPool:
    """`size` reader processes. Use it as an asynchronous context manager; it owns folders inside `scratch`.

    A process is replaced after `documents_per_process` documents, and whenever one was too much for it.
    """

    def __init__(
        self,
        size: int,
        scratch: Path,
        limits: Limits = _DEFAULT_LIMITS,
        *,
        wait_seconds: float = 10.0,
        documents_per_process: int = 500,
    ) -> None:
        self._size = size
        self._scratch = scratch.absolute()
        self._limits = limits
        self._wait_seconds = wait_seconds
        self._documents_per_process = documents_per_process
        self._processes: set[ReaderProcess] = set()
        self._idle: asyncio.Queue[ReaderProcess] = asyncio.Queue()
        self._replacing: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        try:
            await asyncio.gather(*(self._start_one() for _ in range(self._size)))
        except BaseException:
            await self._close()
            raise
        networks = {process.network for process in self._processes}
        _log.info("readers_started", processes=self._size, network=sorted(networks))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._close()

    async def _start_one(self) -> None:
        process = await ReaderProcess.start()
        self._processes.add(process)
        self._idle.put_nowait(process)

    async def _close(self) -> None:
        for task in self._replacing:
            task.cancel()
        await asyncio.gather(*self._replacing, return_exceptions=True)
        await asyncio.gather(*(process.end() for process in self._processes))
        self._processes.clear()

    @property
    def processes(self) -> list[int]:
        """The ids of the processes that run, in ascending order."""
        return sorted(process.pid for process in self._processes)

    def busy(self) -> int:
        """Return how many processes read now, or are being replaced."""
        return self._size - self._idle.qsize()

    @asynccontextmanager
    async def read(self, path: Path, size: int) -> AsyncIterator[ReadDocument | Refusal]:
        """Read the file of `size` bytes at `path`; raises Saturated, Unavailable or RuntimeError.

        The file of the inventory is gone when the context ends, unless it was moved elsewhere.
        """
        scratch = Path(tempfile.mkdtemp(prefix="reading-", dir=self._scratch))
        try:
            yield await self._outcome(path, size, scratch)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    async def _outcome(self, path: Path, size: int, scratch: Path) -> ReadDocument | Refusal:
        process = await self._free_process()
        reusable = False
        try:
            outcome = await self._read(process, path, size, scratch)
            reusable = not (isinstance(outcome, Refusal) and outcome.limit in ("reading-time", "memory"))
            return outcome
        finally:
            self._give_back(process, reusable and process.documents < self._documents_per_process)

    @traced("wait for a reader")
    async def _free_process(self) -> ReaderProcess:
        try:
            async with asyncio.timeout(self._wait_seconds):
                while not (process := await self._idle.get()).alive:
                    self._give_back(process, reusable=False)
        except TimeoutError:
            raise Saturated("All readers are busy; send the document again later.", retry_after=5) from None
        return process

    @traced("read document")
    async def _read(self, process: ReaderProcess, path: Path, size: int, scratch: Path) -> ReadDocument | Refusal:
        seconds = self._limits.reading_seconds(size)
        try:
            answer = await process.ask(self._job(path, scratch, seconds), seconds)
            return await asyncio.to_thread(_outcome, answer, scratch)
        except TimeoutError:
            return _too_long(seconds)
        except ReaderGone as gone:
            return _after_death(gone, seconds)

    def _job(self, path: Path, scratch: Path, seconds: float) -> Job:
        return Job(str(path.absolute()), str(scratch), seconds, self._limits)

    def _give_back(self, process: ReaderProcess, reusable: bool) -> None:
        if reusable:
            self._idle.put_nowait(process)
            return
        task = asyncio.get_running_loop().create_task(self._replace(process))
        self._replacing.add(task)
        task.add_done_callback(self._replacing.discard)

    async def _replace(self, process: ReaderProcess) -> None:
        self._processes.discard(process)
        await process.kill()
        while True:
            try:
                return await self._start_one()
            except (OSError, TimeoutError, ReaderGone) as fault:
                _log.error("reader_does_not_start", fault=str(fault), again_in_seconds=_RESTART_SECONDS)
                await asyncio.sleep(_RESTART_SECONDS)


def _outcome(answer: Answer, scratch: Path) -> ReadDocument | Refusal:
    match answer:
        case Done():
            warnings = msgspec.json.decode((scratch / WARNINGS).read_bytes(), type=list[DocumentWarning])
            ignored = msgspec.json.decode((scratch / IGNORED).read_bytes(), type=list[Ignored])
            result = ReadResult(answer.facts, answer.inventory_sha256, warnings, ignored)
            return ReadDocument(result, scratch / INVENTORY)
        case Refused():
            return answer.refusal
        case Broken(trace, number):
            if number is not None and number in _PASSING:
                raise OSError(number, f"{os.strerror(number)}, which a reader met")
            raise RuntimeError(f"the reader failed:\n{trace}")
        case Ready():
            raise RuntimeError("the reader answered a document with Ready")
        case _:
            assert_never(answer)


def _too_long(seconds: float) -> Refusal:
    return Refusal("over-limit", f"reading the document takes longer than {seconds:g} s", limit="reading-time")


def _after_death(gone: ReaderGone, seconds: float) -> Refusal:
    """What the end of a process says of its document; raises Unavailable where it says nothing."""
    if gone.signal == signal.SIGXCPU:
        return _too_long(seconds)
    if gone.signal in (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT):
        return Refusal("over-limit", "reading the document exhausts the reader's memory", limit="memory")
    raise Unavailable("The reader was ended while it read the document; send it again.", service="reader")
