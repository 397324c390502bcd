"""File systems of their own for the data of a run: to be filled, made read-only and slow. Needs root and loop devices.

A disk is slow for the processes that `slow_disk.c` is preloaded into, by `slow` as their environment.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_FILLER = "filler"
_SECONDS_TO_REMOUNT = 10.0
_SLOW = "slow"
CAN_BE_SLOW = shutil.which("gcc") is not None


class Disk:
    """A small ext4 that is mounted at `place`."""

    def __init__(self, place: Path) -> None:
        self._place = place

    def fill(self) -> None:
        """Take all blocks that are free."""
        with (self._place / _FILLER).open("wb") as file:
            size, step = 0, 64 * 1024 * 1024
            while step >= 4096:
                try:
                    os.posix_fallocate(file.fileno(), size, step)
                except OSError:  # no space left for so much
                    step //= 2
                else:
                    size += step

    def free(self) -> None:
        (self._place / _FILLER).unlink(missing_ok=True)

    def read_only(self) -> None:
        """Refuse all writing, as soon as no file is open for writing; raises CalledProcessError if that does not come."""
        deadline = time.monotonic() + _SECONDS_TO_REMOUNT
        while True:
            try:
                _mount("-o", "remount,ro", str(self._place))
            except subprocess.CalledProcessError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
            else:
                return

    def takes(self, milliseconds: int) -> None:
        """From now on each read, write and sync of a file on this disk takes so much longer; 0: as usual."""
        marker = self._place / _SLOW
        marker.touch()
        os.truncate(marker, milliseconds)

    def slow(self, folder: Path) -> dict[str, str]:
        """The environment of a process that `takes` is to slow down; what it loads is built in `folder`."""
        library = folder / "slow_disk.so"
        if not library.exists():
            source = Path(__file__).with_name("slow_disk.c")
            subprocess.run(["gcc", "-shared", "-fPIC", "-O2", "-o", str(library), str(source)], check=True)
        return {"LD_PRELOAD": str(library), "SLOW_DISK": str(self._place / _SLOW)}

    def writable(self) -> None:
        _mount("-o", "remount,rw", str(self._place))


@contextmanager
def disk(place: Path, mebibytes: int, image: Path) -> Iterator[Disk]:
    """Mount a new file system at the folder `place`, which keeps its owner; `image` is the file that holds it."""
    place.mkdir(parents=True, exist_ok=True)
    owner = place.stat()
    image.parent.mkdir(parents=True, exist_ok=True)
    with image.open("wb") as file:
        file.truncate(mebibytes * 1024 * 1024)
    subprocess.run(["mkfs.ext4", "-q", "-m", "0", "-i", "4096", str(image)], check=True)
    _mount("-o", "loop", str(image), str(place))
    try:
        os.chown(place, owner.st_uid, owner.st_gid)
        yield Disk(place)
    finally:
        with suppress(subprocess.CalledProcessError):
            subprocess.run(["umount", "--lazy", str(place)], check=True)
        image.unlink()


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True, capture_output=True)
