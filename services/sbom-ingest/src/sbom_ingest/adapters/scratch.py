"""The folder of documents that are being received and read, kept free of what a killed process left behind."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

_OLD_SECONDS = 3600.0
_EVERY_SECONDS = 900.0


@asynccontextmanager
async def swept(folder: Path) -> AsyncIterator[None]:
    """Make the folder, and remove what is older than an hour, now and every quarter of an hour.

    No document takes that long; other processes may share the folder.
    """
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    sweeping = asyncio.create_task(_keep_swept(folder))
    try:
        yield
    finally:
        sweeping.cancel()
        with suppress(asyncio.CancelledError):
            await sweeping


async def _keep_swept(folder: Path) -> None:
    while True:
        await asyncio.to_thread(sweep, folder, time.time() - _OLD_SECONDS)
        await asyncio.sleep(_EVERY_SECONDS)


def sweep(folder: Path, before: float) -> None:
    """Remove the entries that were last changed before that moment (seconds since the epoch)."""
    for entry in folder.iterdir():
        with suppress(FileNotFoundError):
            if entry.stat().st_mtime >= before:
                continue
            if entry.is_dir():
                shutil.rmtree(entry)
            else:
                entry.unlink()
