"""Blobs in a bucket of S3-compatible object storage, under the keys that they have as files: `ab/cd/abcd…`.

What a bucket holds it holds wholly, and the same value may be written twice: its key is its digest.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import obstore
from obstore.exceptions import BaseError
from obstore.store import ObjectStore, S3Store

from shared.errors import NotFound, Unavailable
from shared.persistence.blobs import PIECE, Blobs, FolderBlobs, StoredBytes, digest_of, key_of

if TYPE_CHECKING:
    from obstore import GetResult
    from obstore.store import RetryConfig

_TRIES: Final = 2
_SECONDS: Final = timedelta(seconds=10)


def blobs_in(folder: Path, url: str) -> Blobs:
    """Return the blobs of the bucket at `url` (`s3://bucket/prefix`), or of the folder if there is no url.

    Keys, region and endpoint are those of the usual variables: `AWS_ACCESS_KEY_ID`, `AWS_REGION`, `AWS_ENDPOINT_URL` …
    """
    if not url:
        return FolderBlobs(folder)
    retries: RetryConfig = {"max_retries": _TRIES, "retry_timeout": _SECONDS}
    return ObjectBlobs(S3Store.from_url(url, retry_config=retries))


class ObjectBlobs:
    """Blobs below one prefix of a bucket. Raises Unavailable where it does not answer."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def put(self, content: bytes) -> str:
        sha256 = digest_of(content)
        await self._put(sha256, content)
        return sha256

    async def adopt(self, path: Path, sha256: str) -> None:
        await self._put(sha256, path)
        await asyncio.to_thread(path.unlink)

    async def get(self, sha256: str) -> bytes:
        with _told(sha256):
            found = await obstore.get_async(self._store, key_of(sha256))
            return bytes(await found.bytes_async())

    async def stream(self, sha256: str) -> StoredBytes:
        with _told(sha256):
            found = await obstore.get_async(self._store, key_of(sha256))
        return StoredBytes(found.meta["size"], _pieces(found, sha256))

    async def _put(self, sha256: str, content: bytes | Path) -> None:
        with _told(sha256):
            if not await self._has(sha256):
                await obstore.put_async(self._store, key_of(sha256), content)

    async def _has(self, sha256: str) -> bool:
        try:
            await obstore.head_async(self._store, key_of(sha256))
        except FileNotFoundError:
            return False
        return True


async def _pieces(found: "GetResult", sha256: str) -> AsyncIterator[bytes]:
    with _told(sha256):
        async for piece in found.stream(min_chunk_size=PIECE):
            yield bytes(piece)


@contextmanager
def _told(sha256: str) -> Iterator[None]:
    """Turn the store's errors into ours; their texts name the bucket and are for nobody outside."""
    try:
        yield
    except FileNotFoundError as error:
        raise NotFound(f"There is no stored value with the digest {sha256}.") from error
    except BaseError as error:
        raise Unavailable("The store of documents does not answer.", service="object storage") from error
