"""How long a service may keep its caller waiting."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, MutableMapping
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from gateway.application.services import Asked
from shared.errors import TimedOut

T = TypeVar("T")


class Patience:
    """The time that a service has for the beginning of its answer; waiting for the caller's body does not count."""

    def __init__(self, service: str, asked: Asked) -> None:
        self._service = service
        self._seconds = asked.seconds
        self._body = asked.body
        self._limit: asyncio.Timeout | None = None
        self.is_complete = asked.body is None
        """Whether all of the body was taken."""
        self.failure: BaseException | None = None
        """What kept the body from being read to its end."""

    @asynccontextmanager
    async def until_answered(self) -> AsyncIterator[None]:
        """Raise TimedOut inside when the time is over."""
        try:
            async with asyncio.timeout(self._seconds) as self._limit:
                yield
        except TimeoutError as error:
            raise timed_out(self._service) from error
        finally:
            self._limit = None

    async def receive(self) -> MutableMapping[str, Any]:
        """Return the next piece of the body, as ASGI has it; raises what reading it raises."""
        assert self._body is not None
        self._reschedule(None)
        try:
            message = await self._body()
        except BaseException as error:
            self.failure = error
            raise
        finally:
            self._reschedule(asyncio.get_running_loop().time() + self._seconds)
        self.is_complete = not message.get("more_body", False)
        return message

    def _reschedule(self, when: float | None) -> None:
        if self._limit is not None and not self._limit.expired():
            self._limit.reschedule(when)


async def within(seconds: float, service: str, awaited: Awaitable[T]) -> T:
    """Return what is awaited; raises TimedOut."""
    try:
        async with asyncio.timeout(seconds):
            return await awaited
    except TimeoutError as error:
        raise timed_out(service) from error


def timed_out(service: str) -> TimedOut:
    return TimedOut(f"{service} did not answer in time.", service=service)
