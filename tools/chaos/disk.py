"""File systems of their own for the data of a run, to be filled and made read-only. Needs root and loop devices."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_FILLER = "filler"
_SECONDS_TO_REMOUNT = 10.0


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
    subprocess.run(["mkfs.ext4", "-q", "-m", "0", str(image)], check=True)
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
