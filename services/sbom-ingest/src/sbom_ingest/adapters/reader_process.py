"""One reader process, as the service sees it."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from typing import Self

from sbom_ingest.adapters.reader_protocol import PREFIX, Answer, Job, Network, Ready, decode_answer, framed

START_SECONDS = 30.0
_END_SECONDS = 2.0


class ReaderGone(Exception):
    """The process ended in the middle of a document; `signal` is what ended it, 0 where it ended by itself."""

    def __init__(self, returncode: int) -> None:
        super().__init__(f"the reader process ended with {returncode}")
        self.signal = max(0, -returncode)


class ReaderProcess:
    """A running child that reads one document at a time."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self.network: Network = "open"
        self.documents = 0

    @classmethod
    async def start(cls) -> Self:
        """Start a child and wait until it can read; raises OSError, TimeoutError or ReaderGone where it cannot."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            "-m",
            "sbom_ingest.adapters.reader_child",
            str(os.getpid()),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env={},
            cwd="/",
            start_new_session=True,
        )
        reader = cls(process)
        try:
            async with asyncio.timeout(START_SECONDS):
                ready = await reader._receive()
        except BaseException:
            await reader.kill()
            raise
        assert isinstance(ready, Ready)
        reader.network = ready.network
        return reader

    @property
    def alive(self) -> bool:
        """Whether the child has not ended; asks the system, since asyncio hears of an end only later."""
        try:
            return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
        except ChildProcessError:
            return False

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    async def ask(self, job: Job, seconds: float) -> Answer:
        """The answer to one job; raises TimeoutError after `seconds` of wall time, ReaderGone if the child ended."""
        self.documents += 1
        assert self._process.stdin is not None
        async with asyncio.timeout(seconds):
            try:
                self._process.stdin.write(framed(job))
                await self._process.stdin.drain()
            except ConnectionError:
                raise ReaderGone(await self._process.wait()) from None
            return await self._receive()

    async def _receive(self) -> Answer:
        assert self._process.stdout is not None
        try:
            prefix = await self._process.stdout.readexactly(PREFIX.size)
            return decode_answer(await self._process.stdout.readexactly(PREFIX.unpack(prefix)[0]))
        except (asyncio.IncompleteReadError, ConnectionError):
            raise ReaderGone(await self._process.wait()) from None

    async def end(self) -> None:
        """Let the child end by itself, which it does when its input ends, or kill it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(_END_SECONDS):
                await self._process.wait()
        await self.kill()

    async def kill(self) -> None:
        """End the child now and wait until nothing of it is left."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError):  # it may end by itself in this moment
                self._process.send_signal(signal.SIGKILL)
        await self._process.communicate()
