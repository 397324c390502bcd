"""A folder keeps values under their digest: wholly or not at all, once, and nothing else."""

import asyncio
import hashlib
from pathlib import Path

import pytest

from shared.errors import NotFound
from shared.persistence.blobs import FolderBlobs

_CONTENT = b"a document"
_DIGEST = hashlib.sha256(_CONTENT).hexdigest()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "blobs"


async def test_a_value_is_found_under_its_digest(folder: Path) -> None:
    blobs = FolderBlobs(folder)

    assert await blobs.put(_CONTENT) == _DIGEST
    assert await blobs.get(_DIGEST) == _CONTENT
    assert _files(folder) == [f"{_DIGEST[:2]}/{_DIGEST[2:4]}/{_DIGEST}"]


async def test_a_value_that_is_there_is_not_written_again(folder: Path) -> None:
    blobs = FolderBlobs(folder)
    await blobs.put(_CONTENT)
    place = folder / _files(folder)[0]
    written_at = place.stat().st_mtime_ns

    assert await blobs.put(_CONTENT) == _DIGEST
    assert place.stat().st_mtime_ns == written_at
    assert len(_files(folder)) == 1


async def test_a_file_is_adopted_by_moving_it(folder: Path, tmp_path: Path) -> None:
    blobs = FolderBlobs(folder)
    for _ in range(2):
        upload = tmp_path / "upload"
        upload.write_bytes(_CONTENT)
        await blobs.adopt(upload, _DIGEST)
        assert not upload.exists()

    assert await blobs.get(_DIGEST) == _CONTENT
    assert len(_files(folder)) == 1


async def test_the_same_value_may_be_stored_by_many_at_once(folder: Path) -> None:
    blobs = FolderBlobs(folder)

    assert set(await asyncio.gather(*(blobs.put(_CONTENT) for _ in range(20)))) == {_DIGEST}
    assert len(_files(folder)) == 1


@pytest.fixture
def leftover(folder: Path) -> None:
    """A value that a process had begun to write when it was killed."""
    folder.mkdir()
    (folder / "incoming-0123456789abcdef").write_bytes(_CONTENT[:3])


@pytest.mark.usefixtures("leftover")
async def test_what_a_crash_left_behind_is_no_value(folder: Path) -> None:
    blobs = FolderBlobs(folder)

    with pytest.raises(NotFound):
        await blobs.get(_DIGEST)
    await blobs.put(_CONTENT)

    assert await blobs.get(_DIGEST) == _CONTENT


@pytest.mark.parametrize("name", ["", "0" * 63, "/etc/hostname", "../../../../etc/hostname", "A" * 64, "0" * 64 + "\n"])
async def test_what_is_no_digest_is_not_found(folder: Path, name: str) -> None:
    with pytest.raises(NotFound, match="no SHA-256 digest"):
        await FolderBlobs(folder).get(name)


def _files(folder: Path) -> list[str]:
    return sorted(str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file())
