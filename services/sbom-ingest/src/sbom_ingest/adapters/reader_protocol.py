"""What the service and its reader processes say to each other: length-prefixed MessagePack over two pipes.

The service sends `Job`s, a process answers each with `Done`, `Refused` or `Broken`; its first word is `Ready`. What is
big goes through files in the job's scratch folder: `INVENTORY`, `WARNINGS` and `IGNORED`, each JSON.
"""

import struct
from typing import Literal

import msgspec
from msgspec import Struct

from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import DocumentFacts, Refusal

INVENTORY, WARNINGS, IGNORED = "inventory.json", "warnings.json", "ignored.json"
PREFIX = struct.Struct(">I")

Network = Literal["none", "open"]


class Job(Struct, frozen=True):
    """One document to read: the file at `path`, with `seconds` of CPU time for it."""

    path: str
    scratch: str
    seconds: float
    limits: Limits


class Ready(Struct, frozen=True, tag=True):
    """The process can take jobs. `network` is "none" where the system let it give up the network."""

    network: Network


class Done(Struct, frozen=True, tag=True):
    """The document was read, and its files are in the scratch folder."""

    facts: DocumentFacts
    inventory_sha256: str


class Refused(Struct, frozen=True, tag=True):
    """The document is not taken."""

    refusal: Refusal


class Broken(Struct, frozen=True, tag=True):
    """The reader failed in a way that nobody foresaw; `errno` where the system refused something."""

    trace: str
    errno: int | None = None


Answer = Ready | Done | Refused | Broken

encode = msgspec.msgpack.Encoder().encode
decode_job = msgspec.msgpack.Decoder(Job).decode
_answers = msgspec.msgpack.Decoder[Answer](Answer)


def decode_answer(body: bytes) -> Answer:
    """The answer that a process sent."""
    answer: Answer = _answers.decode(body)
    return answer


def framed(message: Struct) -> bytes:
    """The message with its length in front, four bytes, big-endian."""
    body: bytes = encode(message)
    return PREFIX.pack(len(body)) + body
