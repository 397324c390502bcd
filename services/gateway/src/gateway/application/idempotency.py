"""Answer a repeated request as the first one was answered (`Idempotency-Key`, IETF httpapi draft 07, §2).

A key belongs to its caller. The same request under it gets the first answer again; another one is refused, and so is the
same one while the first still runs. Answers that refuse are not kept, so that the request can be sent again.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from shared.clock import Clock, timestamp
from shared.errors import Conflict, ErrorAt, InvalidInput

KEPT = timedelta(hours=24)
LEASE = timedelta(seconds=180)
MAX_KEY = 255


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """The answer to the first request."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """What is known under a key: the request line's digest, and once it is answered the body's digest and the answer."""

    request: str
    lease_until: str
    body_sha256: str | None = None
    answer: KeptAnswer | None = None

    @property
    def finished(self) -> bool:
        """Whether the first request was answered; its answer is not kept if it held a secret."""
        return self.body_sha256 is not None


class KeyStore(Protocol):
    """The keys in use, each for one caller."""

    async def begin(self, key: str, record: KeyRecord, now: str, forget_before: str) -> KeyRecord | None:
        """Store the record unless the key is in use; return the record that is there, None if this one is now."""
        ...

    async def finish(self, key: str, record: KeyRecord) -> None:
        """Keep the record, unless a finished one is there already."""
        ...

    async def release(self, key: str) -> None:
        """Forget the key, unless its request is finished."""
        ...


@dataclass(frozen=True, slots=True)
class Idempotency:
    """Keeps first answers."""

    store: KeyStore
    clock: Clock

    async def begin(self, key: str, request: str) -> KeyRecord | None:
        """Begin a request under the key; return the record of the finished first one, None if this is the first.

        Raises InvalidInput for a key that is used for another request, Conflict while the first runs.
        """
        now = self.clock.now()
        new = KeyRecord(request, timestamp(now + LEASE))
        known = await self.store.begin(key, new, timestamp(now), timestamp(now - KEPT))
        if known is None:
            return None
        if known.request != request:
            raise _refused("this key was used for another request")
        if not known.finished:
            raise Conflict("The first request under this Idempotency-Key is still running.", retry_after=1)
        return known

    def replay(self, known: KeyRecord, body_sha256: str) -> KeptAnswer | None:
        """Return the first answer, None if it held a secret; raises InvalidInput when the body is another one."""
        if known.body_sha256 != body_sha256:
            raise _refused("this key was used for a request with another body")
        return known.answer

    async def finish(self, key: str, request: str, body_sha256: str, answer: KeptAnswer, *, secret: bool) -> None:
        """Keep the answer unless it holds a secret, or forget the key if the answer refuses."""
        if answer.status >= 400:
            await self.store.release(key)
            return
        kept = None if secret else answer
        await self.store.finish(key, KeyRecord(request, timestamp(self.clock.now()), body_sha256, kept))

    async def abandon(self, key: str) -> None:
        """Forget the key: the request ended without an answer."""
        await self.store.release(key)


def own_key(subject: str, key: str) -> str:
    """Return what stands for the caller's key in the store; raises InvalidInput for a text that is no key."""
    if not key.isprintable() or not 0 < len(key) <= MAX_KEY:
        raise _refused(f"1 to {MAX_KEY} printable characters")
    return hashlib.sha256(f"{subject} {key}".encode()).hexdigest()


def _refused(message: str) -> InvalidInput:
    return InvalidInput(f"Idempotency-Key: {message}", errors=(ErrorAt("Idempotency-Key", message),))
