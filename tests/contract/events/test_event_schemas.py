"""What the services tell each other changes by addition only."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from shared.contracts.envelope import Envelope, data_of, decode, encode
from shared.contracts.events import EVENT_TYPES
from tests.support.schema_changes import breaking_changes
from tools.make_event_schemas import TARGET, schemas

_DATA = Path(__file__).parents[2] / "data" / "events"
_GOLDEN = sorted(_DATA.glob("*.json"))
_NAMES = ("envelope", *sorted(EVENT_TYPES))


def test_the_committed_schemas_are_those_of_the_code() -> None:
    committed = {path.name: path.read_text() for path in TARGET.glob("*.json")}

    assert committed == schemas(), "run python tools/make_event_schemas.py"


@pytest.mark.parametrize("name", _NAMES)
def test_nothing_that_was_released_is_broken(name: str) -> None:
    released = json.loads((_DATA / "released" / f"{name}.json").read_text())

    assert breaking_changes(released, json.loads(schemas()[f"{name}.json"])) == []


def test_there_is_a_golden_message_of_every_type() -> None:
    assert {decode(path.read_bytes()).type for path in _GOLDEN} == EVENT_TYPES.keys()


@pytest.mark.parametrize("path", _GOLDEN, ids=lambda path: path.stem)
def test_a_released_message_is_understood(path: Path) -> None:
    golden = json.loads(path.read_text())

    envelope = decode(path.read_bytes())
    understood = msgspec.to_builtins(data_of(envelope))

    lost = _lost(golden["data"], understood)
    assert lost == (["a_later_field", "gate.counts.notice", "gate.reviewed_by"] if "later" in path.stem else [])
    again = json.loads(encode(envelope))
    assert again | {"datacontenttype": "application/json"} == {k: v for k, v in golden.items() if "later" not in k}


def test_what_cloudevents_requires_is_always_written() -> None:
    written = json.loads(encode(Envelope("1", "/licet/x", "t", "s", "2026-03-01T12:00:00Z", msgspec.Raw(b"{}"), "1.0")))

    # CloudEvents 1.0.2, "REQUIRED Attributes".
    assert {"id", "source", "specversion", "type"} <= written.keys()


def _lost(golden: Any, understood: Any, at: str = "") -> list[str]:
    """The places in `golden` that are not the same in `understood`, sorted."""
    if isinstance(golden, dict) and isinstance(understood, dict):
        found = [_lost(value, understood.get(key, "missing"), f"{at}.{key}") for key, value in golden.items()]
        return sorted(each for places in found for each in places)
    return [] if golden == understood else [at.removeprefix(".")]
