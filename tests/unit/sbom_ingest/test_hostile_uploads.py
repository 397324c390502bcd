"""Bodies that lie about themselves: compressed, in forms, too long."""

import gzip
import os
import tracemalloc
import zlib
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import zstandard
from fastapi import Request

from sbom_ingest.entrypoints.spool import SizeLimits, spool
from sbom_ingest.entrypoints.upload import Upload, receive
from shared.errors import InvalidInput, LicetError, OverLimit, Unreadable, UnsupportedEncoding

_MIB = 1024 * 1024
_BODY = b'{"bomFormat": "CycloneDX"}' * 100
_NOISE = os.urandom(3 * 64 * 1024)
_BOUNDARY = "----x"


async def _pieces(body: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


async def _spooled(
    folder: Path, body: bytes, encoding: str, size: int = _MIB, limits: SizeLimits | None = None
) -> bytes:
    path = folder / "upload"
    await spool(_pieces(body, size), encoding, path, limits or SizeLimits())
    return path.read_bytes()


_PACK = {"gzip": gzip.compress, "zstd": zstandard.compress}


@pytest.mark.parametrize("size", [1, 7, 1024, _MIB])
@pytest.mark.parametrize("encoding", _PACK)
@pytest.mark.parametrize("body", [_BODY, _NOISE[:5000], b"x"], ids=["text", "noise", "byte"])
async def test_a_packed_body_comes_out_unchanged_in_whatever_pieces(
    tmp_path: Path, encoding: str, size: int, body: bytes
) -> None:
    assert await _spooled(tmp_path, _PACK[encoding](body), encoding, size) == body


@pytest.mark.parametrize("size", [1, 100, _MIB])
@pytest.mark.parametrize("encoding", _PACK)
@pytest.mark.parametrize("rest", ["the same", "rubbish"])
async def test_something_after_the_first_member_is_refused(tmp_path: Path, encoding: str, size: int, rest: str) -> None:
    packed = _PACK[encoding](_BODY)

    with pytest.raises(UnsupportedEncoding, match="exactly one"):
        await _spooled(tmp_path, packed + (packed if rest == "the same" else b"rubbish"), encoding, size)


async def test_gzip_may_be_padded_with_zeros(tmp_path: Path) -> None:
    assert await _spooled(tmp_path, gzip.compress(_BODY) + bytes(512), "gzip") == _BODY


@pytest.mark.parametrize("encoding", _PACK)
@pytest.mark.parametrize("cut", [1, 8, 20])
async def test_a_truncated_body_is_refused(tmp_path: Path, encoding: str, cut: int) -> None:
    with pytest.raises(Unreadable):
        await _spooled(tmp_path, _PACK[encoding](_NOISE)[:-cut], encoding)


@pytest.mark.parametrize("encoding", _PACK)
async def test_an_empty_body_is_no_packed_one(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(Unreadable):
        await _spooled(tmp_path, b"", encoding)


@pytest.mark.parametrize("encoding", _PACK)
@pytest.mark.parametrize("changed", range(0, 40, 3))
async def test_changed_bytes_end_in_a_refusal_or_a_whole_document(tmp_path: Path, encoding: str, changed: int) -> None:
    packed = bytearray(_PACK[encoding](_BODY))
    packed[changed % len(packed)] ^= 0xFF

    with suppress(LicetError):
        assert len(await _spooled(tmp_path, bytes(packed), encoding)) == len(_BODY)


@cache
def _bombs() -> dict[str, tuple[str, bytes]]:
    flat = bytes(16 * _MIB)
    raw = zlib.compressobj(6, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return {
        "gzip": ("gzip", raw.compress(flat) + raw.flush()),
        "zstd": ("zstd", zstandard.ZstdCompressor(level=3).compress(flat)),
        "zstd without a size": ("zstd", zstandard.ZstdCompressor(write_content_size=False).compress(flat)),
    }


@pytest.mark.parametrize("name", _bombs())
async def test_a_bomb_is_refused_after_little_of_it(tmp_path: Path, name: str) -> None:
    encoding, bomb = _bombs()[name]
    tracemalloc.start()

    with pytest.raises(OverLimit) as refusal:
        await _spooled(tmp_path, bomb, encoding)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert refusal.value.limit == "compression-ratio"
    assert (tmp_path / "upload").stat().st_size <= 8 * _MIB
    assert most < 32 * _MIB


async def test_a_zstd_window_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=27, write_content_size=False)
    stream = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    body = stream.compress(_NOISE) + stream.flush()

    with pytest.raises(Unreadable):
        await _spooled(tmp_path, body, "zstd")


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip", "gzip,zstd", "compress", "x" * 1000])
async def test_other_encodings_are_refused_before_anything_is_read(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(UnsupportedEncoding):
        await _spooled(tmp_path, b"", encoding)
    assert not (tmp_path / "upload").exists()


async def test_a_body_over_the_limit_is_refused_while_it_comes(tmp_path: Path) -> None:
    came = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal came
        while True:
            came += _MIB
            yield bytes(_MIB)

    with pytest.raises(OverLimit) as refusal:
        await spool(endless(), "", tmp_path / "upload", SizeLimits(sent=5 * _MIB))

    assert refusal.value.limit == "sent-bytes"
    assert came <= 6 * _MIB


async def _received(folder: Path, body: bytes, **headers: str) -> Upload:
    scope: dict[str, Any] = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": []}
    sent = {"content_type": f"multipart/form-data; boundary={_BOUNDARY}"} | headers
    scope["headers"] = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in sent.items()]
    pieces = [body[start : start + 65536] for start in range(0, len(body), 65536)] or [b""]

    async def next_piece() -> dict[str, Any]:
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

    return await receive(Request(scope, next_piece), folder / "upload", SizeLimits())


def _part(name: str, content: bytes, filename: str | None = None, more: str = "") -> bytes:
    file = "" if filename is None else f'; filename="{filename}"'
    head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n{more}\r\n'
    return head.encode() + content + b"\r\n"


_END = f"--{_BOUNDARY}--\r\n".encode()
_DOCUMENT = _part("sbom", _BODY, "bom.json")


async def test_a_form_gives_its_document_and_fields(tmp_path: Path) -> None:
    upload = await _received(tmp_path, _part("project", b"shop") + _DOCUMENT + _END)

    assert (upload.fields, upload.spooled.path.read_bytes()) == ({"project": "shop"}, _BODY)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a\\..\\b", "\u202egpj.exe"])
async def test_the_name_of_a_file_is_never_used(tmp_path: Path, name: str) -> None:
    await _received(tmp_path, _part("sbom", _BODY, name) + _END)

    assert os.listdir(tmp_path) == ["upload"]


_ABUSE = {
    "nothing": b"",
    "no boundary in it": _BODY,
    "no document": _part("project", b"shop") + _END,
    "two documents": _DOCUMENT + _DOCUMENT + _END,
    "both names": _DOCUMENT + _part("bom", _BODY, "bom.json") + _END,
    "another file": _DOCUMENT + _part("picture", b"png", "a.png") + _END,
    "a field twice": _part("project", b"a") + _part("project", b"b") + _DOCUMENT + _END,
    "ten thousand fields": b"".join(_part(f"f{number}", b"1") for number in range(10_000)) + _DOCUMENT + _END,
    "a thousand files": b"".join(_part(f"f{number}", b"1", "a") for number in range(1_000)) + _END,
    "a huge field": _part("project", b"x" * (2 * _MIB)) + _DOCUMENT + _END,
    "a huge header": _part("sbom", _BODY, "bom.json", "X-Long: " + "y" * 100_000 + "\r\n") + _END,
    "many headers": _part("sbom", _BODY, "bom.json", "X-A: b\r\n" * 10_000) + _END,
    "a part without a name": f"--{_BOUNDARY}\r\nX-A: b\r\n\r\nx\r\n".encode() + _END,
}


@pytest.mark.parametrize("what", _ABUSE)
async def test_an_abused_form_is_refused(tmp_path: Path, what: str) -> None:
    with pytest.raises(InvalidInput):
        await _received(tmp_path, _ABUSE[what])


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; b"])
async def test_a_form_without_a_boundary_is_refused(tmp_path: Path, kind: str) -> None:
    with pytest.raises(InvalidInput):
        await _received(tmp_path, _DOCUMENT + _END, content_type=kind)


async def test_a_form_is_not_taken_compressed(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedEncoding):
        await _received(tmp_path, gzip.compress(_DOCUMENT + _END), content_encoding="gzip")


async def test_a_body_that_says_that_it_is_too_long_is_refused_unread(tmp_path: Path) -> None:
    with pytest.raises(OverLimit) as refusal:
        await _received(tmp_path, b"", content_length=str(10**30), content_type="application/json")

    assert refusal.value.limit == "sent-bytes"
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("kind", ["image/png", "text/html", "application/x-tar", "\xff", ""])
async def test_the_content_type_says_nothing(tmp_path: Path, kind: str) -> None:
    upload = await _received(tmp_path, _BODY, content_type=kind)

    assert upload.spooled.path.read_bytes() == _BODY
