"""The envelope of every event: CloudEvents 1.0 as JSON, with W3C trace context and a correlation id."""

from typing import Any

import msgspec
from msgspec import Struct

from shared.contracts.events import EVENT_TYPES


class UndecodableMessage(ValueError):
    """The bytes are no event that this version understands; the message says why."""


class BrokenPromise(Exception):
    """The message says something that cannot be true; trying again will not help."""


SPEC_VERSION = "1.0"
_UNDECODABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


class Envelope(Struct, frozen=True, omit_defaults=True):
    """One event. `type` is the routing key, `source` is `/licet/<service>`, `subject` the release id."""

    id: str
    source: str
    type: str
    subject: str
    time: str
    data: msgspec.Raw
    specversion: str  # without a default, which would be left out on the wire: CloudEvents 1.0 requires it
    datacontenttype: str = "application/json"
    correlationid: str = ""
    traceparent: str = ""


def encode(envelope: Envelope) -> bytes:
    """Return the envelope as JSON."""
    return msgspec.json.encode(envelope)


def decode(body: bytes) -> Envelope:
    """Return the envelope of `body`; raises UndecodableMessage."""
    try:
        envelope = msgspec.json.decode(body, type=Envelope)
    except _UNDECODABLE as error:
        raise UndecodableMessage(f"no CloudEvents envelope: {error}") from error
    if envelope.specversion != SPEC_VERSION:
        raise UndecodableMessage(f"CloudEvents version {envelope.specversion!r} is not {SPEC_VERSION}")
    return envelope


def data_of(envelope: Envelope) -> Any:
    """Return the typed data of the envelope; unknown fields are ignored; raises UndecodableMessage."""
    expected = EVENT_TYPES.get(envelope.type)
    if expected is None:
        raise UndecodableMessage(f"unknown event type {envelope.type!r}")
    try:
        return msgspec.json.decode(envelope.data, type=expected)
    except _UNDECODABLE as error:
        raise UndecodableMessage(f"{envelope.type}: {error}") from error
