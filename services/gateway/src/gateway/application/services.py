"""What the gateway asks of the services behind it, and how an answer comes back: in pieces, within a time.

Unavailable
├── Unreached     no connection came about: nothing was said yet
├── BrokeOff      the connection ended before the answer began
├── BadAnswer     an answer came that is of no use to anybody
└── TimedOut      the service kept its caller waiting for too long
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from shared.errors import Unavailable

Body = Callable[[], Awaitable[MutableMapping[str, Any]]]
"""Gives the next piece of a request's body: the `receive` of ASGI."""


class Unreached(Unavailable):
    """Whatever was asked may be asked again."""


class BrokeOff(Unavailable):
    """What only asks may be asked again; what changes something may have changed it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to a service. `target` is path and query, percent-encoded.

    The service may take `seconds` from the last piece of the body that it took to the beginning of its answer, and as
    long again for each piece of the answer.
    """

    method: str
    target: str
    headers: dict[str, str]
    seconds: float
    body: Body | None = None


@dataclass(slots=True)
class Answered:
    """A service's answer. Header names are in lower case; `pieces` can be read once and closes it at its end."""

    status_code: int
    headers: Mapping[str, str]
    pieces: AsyncGenerator[bytes, None]
    content: bytes = b""

    async def read(self) -> None:
        """Keep the whole body in `content`."""
        self.content = b"".join([piece async for piece in self.pieces])

    async def close(self) -> None:
        """Give up what was not read."""
        await self.pieces.aclose()

    def json(self) -> Any:
        """Return the body that was read, as JSON."""
        return msgspec.json.decode(self.content)


class Service(Protocol):
    """A service behind the gateway."""

    async def ask(self, asked: Asked) -> Answered:
        """Return the answer, still to be read; raises Unavailable and what the body raises."""
        ...

    async def close(self) -> None: ...
