"""A bucket keeps the promises of a folder: values under their digest, wholly or not at all."""

import asyncio
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from shared.errors import NotFound, Unavailable
from shared.persistence.blobs import Blobs, FolderBlobs
from shared.persistence.object_blobs import blobs_in
from tests.support.ports import free_port

_CONTENT = b"a document"
_DIGEST = hashlib.sha256(_CONTENT).hexdigest()
_PREFIX = "installation"


@pytest.fixture(scope="module")
def server() -> Iterator[ThreadedMotoServer]:
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def bucket(server: ThreadedMotoServer, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Any:
    host, port = server.get_host_and_port()
    variables = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ALLOW_HTTP": "true",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "somebody",
        "AWS_SECRET_ACCESS_KEY": "a secret",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    made = boto3.resource("s3").Bucket(hashlib.sha256(request.node.name.encode()).hexdigest()[:40])
    made.create()
    return made


@pytest.fixture
def blobs(bucket: Any, tmp_path: Path) -> Blobs:
    return blobs_in(tmp_path / "unused", f"s3://{bucket.name}/{_PREFIX}")


async def test_a_value_is_found_under_its_digest(blobs: Blobs, bucket: Any, tmp_path: Path) -> None:
    assert await blobs.put(_CONTENT) == _DIGEST
    assert await blobs.get(_DIGEST) == _CONTENT
    assert _keys(bucket) == [f"{_PREFIX}/{_DIGEST[:2]}/{_DIGEST[2:4]}/{_DIGEST}"]
    assert not (tmp_path / "unused").exists()


async def test_a_value_that_is_there_is_not_written_again(blobs: Blobs, bucket: Any) -> None:
    await blobs.put(_CONTENT)
    (key,) = _keys(bucket)
    bucket.put_object(Key=key, Body=b"as it was")

    assert await blobs.put(_CONTENT) == _DIGEST
    assert await blobs.get(_DIGEST) == b"as it was"


async def test_a_large_file_is_adopted_and_read_in_pieces(blobs: Blobs, tmp_path: Path) -> None:
    content = bytes(range(256)) * 50_000
    digest = hashlib.sha256(content).hexdigest()
    for _ in range(2):
        upload = tmp_path / "upload"
        upload.write_bytes(content)
        await blobs.adopt(upload, digest)
        assert not upload.exists()

    stored = await blobs.stream(digest)
    pieces = [piece async for piece in stored.pieces]

    assert stored.size == len(content)
    assert b"".join(pieces) == content
    assert max(map(len, pieces)) < len(content) / 5  # how many there are depends on what the network brings at a time


async def test_the_same_value_may_be_stored_by_many_at_once(blobs: Blobs, bucket: Any) -> None:
    assert set(await asyncio.gather(*(blobs.put(_CONTENT) for _ in range(20)))) == {_DIGEST}
    assert len(_keys(bucket)) == 1


async def test_what_is_not_there_is_not_found(blobs: Blobs) -> None:
    with pytest.raises(NotFound, match="no stored value"):
        await blobs.get(_DIGEST)
    with pytest.raises(NotFound, match="no stored value"):
        await blobs.stream(_DIGEST)


@pytest.mark.parametrize("name", ["", "../other", "A" * 64])
async def test_what_is_no_digest_is_not_found(blobs: Blobs, name: str) -> None:
    with pytest.raises(NotFound, match="no SHA-256 digest"):
        await blobs.get(name)


@pytest.mark.usefixtures("bucket")
async def test_a_store_that_is_away_is_told_without_its_address(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    away, upload = blobs_in(tmp_path, "s3://bucket/prefix"), tmp_path / "upload"
    upload.write_bytes(_CONTENT)

    with pytest.raises(Unavailable) as told:
        await away.adopt(upload, _DIGEST)

    assert "127.0.0.1" not in str(told.value)
    assert upload.exists()


def test_without_a_bucket_values_lie_in_the_folder(tmp_path: Path) -> None:
    assert isinstance(blobs_in(tmp_path, ""), FolderBlobs)


def _keys(bucket: Any) -> list[str]:
    return [each.key for each in bucket.objects.all()]
