"""No key and no password reaches a log, whatever field or text it hides in."""

import io
import json
from collections.abc import Iterator

import pytest
import structlog

from shared.observability import configure_logging, get_logger

_SECRET = "licet_sk-0123456789abcdef"


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What is logged as in production."""
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    before = structlog.get_config()
    configure_logging()
    yield written
    structlog.configure(**before)


@pytest.mark.parametrize(
    "fields",
    [
        {"path": f"/v1?key={_SECRET}&x=1"},
        {"headers": {"X-Api-Key": _SECRET, "Accept": "*/*"}},
        {"errors": [{"message": f"bad {_SECRET}"}]},
        {"body": f'{{"key": "{_SECRET}"}}'.encode()},
        {"Authorization": "Bearer something else", "note": _SECRET},
        {"api_key": _SECRET},
        {"broker_password": _SECRET},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_a_key_is_redacted(log: io.StringIO, fields: dict[str, object]) -> None:
    get_logger("example").warning("something", **fields)

    line = log.getvalue()
    assert "[redacted]" in line
    assert _SECRET not in line
    assert "something else" not in line


def test_a_key_in_a_traceback_is_redacted(log: io.StringIO) -> None:
    try:
        raise ValueError(f"no such key: {_SECRET}")
    except ValueError:
        get_logger("example").exception("failed")

    line = json.loads(log.getvalue())
    assert "ValueError: no such key: [redacted]" in line["exception"]


def test_the_rest_is_left_alone(log: io.StringIO) -> None:
    get_logger("example").info("read", path="/v1/releases", seconds=0.25, tokens=["a"], license="MIT")

    line = json.loads(log.getvalue())
    assert {
        "path": "/v1/releases",
        "seconds": 0.25,
        "tokens": ["a"],
        "license": "MIT",
        "service": "example",
    }.items() <= (line.items())
