"""Requests as no client library writes them: ambiguous ones are refused, get one answer, and smuggle nothing."""

import socket

import pytest

from tests.support.licet import Licet

_POST = "POST /api/v1/sboms?project=smuggled&version=1 HTTP/1.1\r\n"
_GET = "GET /api/v1/version HTTP/1.1\r\n"
_HEAD = "Host: licet\r\nX-Api-Key: {key}\r\n"
_SECOND = "GET /api/v1/version HTTP/1.1\r\nHost: licet\r\nX-Api-Key: {key}\r\n\r\n"
_AMBIGUOUS = {
    "a length and chunks": _POST + _HEAD + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + _SECOND,
    "two codings": _POST
    + _HEAD
    + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"
    + _SECOND,
    "a coding of before": _POST + _HEAD + "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n" + _SECOND,
    "a coding that only one undoes": _POST + _HEAD + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + _SECOND,
    "chunks of HTTP/1.0": _POST.replace("1.1", "1.0") + _HEAD + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + _SECOND,
    "an unknown coding": _POST + _HEAD + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + _SECOND,
    "a space before the colon": _POST + _HEAD + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + _SECOND,
    "two lengths": _POST + _HEAD + "Content-Length: 2\r\nContent-Length: 44\r\n\r\n{{}}" + _SECOND,
    "a list of lengths": _POST + _HEAD + "Content-Length: 2, 2\r\n\r\n{{}}" + _SECOND,
    "a length with a sign": _POST + _HEAD + "Content-Length: +2\r\n\r\n{{}}" + _SECOND,
    "a chunk of a strange size": _POST + _HEAD + "Transfer-Encoding: chunked\r\n\r\n0x2\r\n{{}}\r\n0\r\n\r\n" + _SECOND,
    "a line break in a chunk's extension": _POST
    + _HEAD
    + 'Transfer-Encoding: chunked\r\n\r\n2;x="\n"\r\n{{}}\r\n0\r\n\r\n',
    "bare line feeds": (_GET + _HEAD + "\r\n").replace("\r", ""),
    "a folded line": _GET + _HEAD + "X-A: b\r\n  c\r\n\r\n",
    "a NUL in a header": _GET + _HEAD + "X-A: b\0c\r\n\r\n",
    "two hosts": _GET + _HEAD + "Host: other\r\n\r\n",
    "no host": _GET + "X-Api-Key: {key}\r\n\r\n",
    "two keys": _GET + _HEAD + "X-Api-Key: licet_another\r\n\r\n",
    "a tunnel": "CONNECT elsewhere:443 HTTP/1.1\r\n" + _HEAD + "\r\n",
}


def _answered(licet: Licet, request: str) -> bytes:
    """Return all that comes back until the other side closes, or is silent for two seconds."""
    host, port = licet.url.removeprefix("http://").split(":")
    answer = b""
    with socket.create_connection((host, int(port)), timeout=2) as connection:
        connection.sendall(request.format(key=licet.admin_key).encode("latin-1"))
        try:
            while piece := connection.recv(65_536):
                answer += piece
        except TimeoutError:
            return answer
    return answer


@pytest.mark.parametrize("request_text", _AMBIGUOUS.values(), ids=_AMBIGUOUS)
def test_an_ambiguous_request_is_refused_with_one_answer(licet: Licet, request_text: str) -> None:
    answer = _answered(licet, request_text)

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b'"version"' not in answer


@pytest.mark.parametrize("more", ["X-A: " + "a" * 70_000 + "\r\n", "X-A: b\r\n" * 300], ids=["long", "many"])
def test_a_head_that_is_too_large_is_refused(licet: Licet, more: str) -> None:
    assert _answered(licet, _GET + _HEAD + more + "Connection: close\r\n\r\n").startswith(b"HTTP/1.1 431 ")


def test_a_key_behind_a_body_is_no_key(licet: Licet) -> None:
    answer = _answered(licet, _GET + "Host: licet\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Api-Key: {key}\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 401 ")


def test_an_upgrade_is_not_followed(licet: Licet) -> None:
    upgrade = (
        "Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n"
    )

    assert b"HTTP/1.1 101" not in _answered(licet, _GET + _HEAD + upgrade)


@pytest.mark.parametrize(
    "path", ["/api/v1/version", "/api/v1/policies/default", "/healthz", "/docs", "/api/v1/nothing"]
)
def test_head_is_answered_without_a_body_and_the_connection_goes_on(licet: Licet, path: str) -> None:
    answer = _answered(licet, f"HEAD {path} HTTP/1.1\r\n{_HEAD}\r\n{_GET}{_HEAD}Connection: close\r\n\r\n")

    head, _, rest = answer.partition(b"\r\n\r\n")
    assert head.split()[1] == (b"404" if path.endswith("nothing") else b"200")
    assert rest.startswith(b"HTTP/1.1 200 ")
    assert rest.endswith(b'"version":"0.1.0"}')


def test_a_body_of_a_question_is_no_second_request(licet: Licet) -> None:
    second = _SECOND.format(key=licet.admin_key)

    answer = _answered(licet, f"{_GET}{_HEAD}Content-Length: {len(second)}\r\nConnection: close\r\n\r\n{second}")

    assert answer.count(b"HTTP/1.1 ") == 1
