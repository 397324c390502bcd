"""Messages as they are on the wire of AMQP, and what a foreign one becomes."""

import hashlib
import re
from typing import Any

import aio_pika
from aio_pika.abc import AbstractIncomingMessage

from shared.messaging.broker import TRIES, Message

_MESSAGE_ID = re.compile(r"[!-~]{1,100}")


def outgoing(message: Message) -> aio_pika.Message:
    """Return the message as it is published, persistent."""
    return aio_pika.Message(
        message.body,
        message_id=message.id,
        type=message.type,
        content_type="application/cloudevents+json",
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        headers={
            "licet-subject": message.subject,
            "licet-attempt": message.attempt,
            "licet-postponed": message.postponed,
            **({"traceparent": message.traceparent} if message.traceparent else {}),
        },
    )


def received(message: AbstractIncomingMessage) -> Message:
    """Return the message that came; what a foreign one lacks is made up."""
    return Message(
        id=_id_of(message),
        type=message.type or message.routing_key or "",
        subject=str(message.headers.get("licet-subject", "")),
        body=message.body,
        attempt=_count(message, "licet-attempt", least=1),
        postponed=_count(message, "licet-postponed", least=0),
        traceparent=str(message.headers.get("traceparent", "")),
    )


def _id_of(message: AbstractIncomingMessage) -> str:
    """Return the message's id; one that is foreign and has none gets one, to be buried under."""
    given = message.message_id or ""
    return given if _MESSAGE_ID.fullmatch(given) else hashlib.sha256(message.body).hexdigest()


def _count(message: AbstractIncomingMessage, header: str, least: int) -> int:
    value = message.headers.get(header)
    return value if isinstance(value, int) and value >= least else least


def reason_of(message: AbstractIncomingMessage) -> str:
    """Return why the broker gave the message up."""
    deaths: Any = message.headers.get("x-death") or [{}]
    return f"given up by the broker: {deaths[0].get('reason', 'unknown')} after {TRIES} deliveries"
