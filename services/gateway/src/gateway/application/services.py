"""What the gateway asks of the services behind it, and how an answer comes back: in pieces, within a time.

Unavailable
├── Unreached     no connection came about: nothing was said yet
├── BrokeOff      the connection ended before the answer began
├── BadAnswer     an answer came that is of no use to anybody
└── TimedOut      the service kept its caller waiting for too long
"""

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec
from msgspec import Struct

from shared.errors import Unavailable

Body = Callable[[], Awaitable[MutableMapping[str, Any]]]
"""Gives the next piece of a request's body: the `receive` of ASGI."""
Headers = list[tuple[bytes, bytes]]
"""Names, in lower case, and values, as ASGI has them."""


class Unreached(Unavailable):
    """Whatever was asked may be asked again."""


class BrokeOff(Unavailable):
    """What only asks may be asked again; what changes something may have changed it."""


class Asked(Struct, frozen=True, gc=False):
    """A request to a service. `target` is path and query, percent-encoded; `length` the bytes of the body, if known.

    The service may take `seconds` from the last piece of the body that it took to the beginning of its answer, and as
    long again for each piece of the answer.
    """

    method: str
    target: str
    headers: Headers
    seconds: float
    body: Body | None = None
    length: int | None = None


class Pieces(Protocol):
    """The body of an answer as it comes. It is held back while nobody takes it."""

    @property
    def at_end(self) -> bool:
        """Whether it is known that nothing follows."""
        ...

    async def next(self) -> bytes:
        """Return what has come, or wait for it; nothing is the end. Raises BadAnswer, TimedOut."""
        ...

    def close(self) -> None:
        """Give up what was not read."""
        ...


@dataclass(slots=True)
class Answered:
    """A service's answer, whose body can be read once."""

    status_code: int
    headers: Headers
    pieces: Pieces
    content: bytes = b""

    async def read(self) -> None:
        """Keep the whole body in `content`."""
        found = []
        while piece := await self.pieces.next():
            found.append(piece)
        self.content = b"".join(found)

    def close(self) -> None:
        """Give up what was not read."""
        self.pieces.close()

    def json(self) -> Any:
        """Return the body that was read, as JSON."""
        return msgspec.json.decode(self.content)


class Service(Protocol):
    """A service behind the gateway."""

    async def ask(self, asked: Asked) -> Answered:
        """Return the answer, still to be read; raises Unavailable and what the body raises."""
        ...

    async def close(self) -> None: ...
