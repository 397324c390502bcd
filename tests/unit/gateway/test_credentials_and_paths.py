"""What is read of a request before anything is asked of it: the key, the path as it was sent, the time to wait."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from gateway.application.access import key_hash
from gateway.entrypoints.door import credential_of, seconds_to_wait
from gateway.entrypoints.routes import decoded, path_as_sent
from shared.errors import InvalidInput


def _request(**headers: bytes) -> Request:
    sent = [(name.replace("_", "-").encode(), value) for name, value in headers.items()]
    return Request({"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": sent})


@pytest.mark.parametrize(
    ("headers", "credential"),
    [
        ({}, None),
        ({"x_api_key": b"licet_a"}, "licet_a"),
        ({"authorization": b"Bearer licet_a"}, "licet_a"),
        ({"authorization": b"bearer   licet_a "}, "licet_a"),
        ({"authorization": b"Basic licet_a"}, None),
        ({"authorization": b"licet_a"}, None),
        ({"authorization": b"Bearer"}, None),
        ({"authorization": b"Bearer "}, None),
        ({"x_api_key": b"", "authorization": b"Bearer licet_a"}, "licet_a"),
        ({"x_api_key": b"licet_a", "authorization": b"Bearer licet_b"}, "licet_a"),
        ({"x_api_key": "schlüssel".encode()}, "schlüssel"),
    ],
)
def test_a_key_is_taken_from_either_header(headers: dict[str, bytes], credential: str | None) -> None:
    assert credential_of(_request(**headers)) == credential


@given(st.binary(min_size=1).filter(lambda sent: sent.strip() == sent))
def test_the_digest_of_a_key_is_that_of_the_bytes_that_were_sent(sent: bytes) -> None:
    credential = credential_of(_request(x_api_key=sent))

    assert credential is not None
    assert key_hash(credential) == hashlib.sha256(sent).hexdigest()


@pytest.mark.parametrize(("value", "seconds"), [(None, 0), ("", 0), ("0", 0), ("60", 60), ("0.5", 0.5), ("9999", 9999)])
def test_a_wait_is_a_number_of_seconds(value: str | None, seconds: float) -> None:
    assert seconds_to_wait(value) == seconds


@pytest.mark.parametrize("value", ["-1", "nan", "inf", "-inf", "1e999", "soon", "1,5", "0x10", "true"])
def test_a_wait_that_is_no_number_of_seconds_is_refused(value: str) -> None:
    with pytest.raises(InvalidInput, match="wait"):
        seconds_to_wait(value)


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        (b"/api/v1/projects/org%2Frepo/releases/1", "/api/v1/projects/org%2Frepo/releases/1"),
        (b"/a%252Fb", "/a%252Fb"),
        (b"/a/%2e%2e/b", "/a/%2e%2e/b"),
        (b"/a?b=c", "/a"),
        (b"/\xff", "/\xff"),
    ],
)
def test_a_path_is_routed_as_it_was_sent(raw: bytes, path: str) -> None:
    assert path_as_sent({"type": "http", "path": "/decoded", "raw_path": raw}) == path


def test_a_path_that_came_decoded_is_taken_as_it_is() -> None:
    assert path_as_sent({"type": "http", "path": "/x"}) == "/x"


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("org%2Frepo", "org/repo"),
        ("a%252Fb", "a%2Fb"),
        ("100%25", "100%"),
        ("%C3%BC", "ü"),
        ("%ff", "\N{REPLACEMENT CHARACTER}"),
        ("a+b", "a+b"),
    ],
)
def test_a_segment_is_decoded_once(sent: str, name: str) -> None:
    assert decoded({"project": sent}) == {"project": name}
