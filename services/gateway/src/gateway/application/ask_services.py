"""Ask a service with care: again where that is safe, and not at all while it is known not to answer."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from gateway.application.services import Answered, Asked, BrokeOff, Service, Unreached
from shared.errors import Unavailable

_PAUSE: Final = 0.1
SECONDS_TO_START: Final = 5.0


@dataclass(slots=True)
class Circuit:
    """Keeps requests from a service that has failed `most` times in a row, but for one that tries it every `seconds`."""

    name: str
    most: int = 5
    seconds: float = 1.0
    clock: Callable[[], float] = time.monotonic
    _failures: int = 0
    _closed_until: float = 0.0

    def admit(self) -> None:
        """Let a request through; raises Unavailable at once instead of letting it wait for what will not come."""
        if self._failures < self.most:
            return
        left = self._closed_until - self.clock()
        if left > 0:
            detail = f"{self.name} has not answered {self._failures} times in a row; it is tried again in a moment."
            raise Unavailable(detail, service=self.name, retry_after=max(round(left), 1))
        self._closed_until = self.clock() + self.seconds  # this one tries, the others still wait

    def note(self, *, answered: bool) -> None:
        """Count what came of a request."""
        self._failures = 0 if answered else self._failures + 1
        if self._failures >= self.most:
            self._closed_until = self.clock() + self.seconds


@dataclass(slots=True)
class Retries:
    """Allows one repetition for every ten requests, and ten at once: repeating must not be what breaks a service."""

    most: float = 10.0
    share: float = 0.1
    _left: float = 10.0

    def earn(self) -> None:
        self._left = min(self._left + self.share, self.most)

    def spend(self) -> bool:
        """Whether there is one left."""
        if self._left < 1:
            return False
        self._left -= 1
        return True


@dataclass(slots=True)
class CarefullyAsked:
    """A `Service`. A question whose answer never began is asked once more; what was never said waits for the service.

    It waits for as long as a service takes to start again (`patience`, in seconds), so that nobody notices a restart.
    """

    service: Service
    circuit: Circuit
    retries: Retries = field(default_factory=Retries)
    patience: float = field(default_factory=lambda: SECONDS_TO_START)

    async def ask(self, asked: Asked) -> Answered:
        self.circuit.admit()
        self.retries.earn()
        try:
            answer = await self._ask(asked)
        except Unavailable:
            self.circuit.note(answered=False)
            raise
        self.circuit.note(answered=True)
        return answer

    async def _ask(self, asked: Asked) -> Answered:
        try:
            return await self.service.ask(asked)
        except (Unreached, BrokeOff) as error:
            is_safe = isinstance(error, Unreached) or asked.method == "GET"
            if not (is_safe and self.retries.spend()):
                raise
        until = time.monotonic() + self.patience
        while True:
            await asyncio.sleep(_PAUSE)
            try:
                return await self.service.ask(asked)
            except Unreached:
                if time.monotonic() > until:
                    raise

    async def close(self) -> None:
        await self.service.close()
