"""What every use case may ask of the transaction it works in."""

from types import TracebackType
from typing import Protocol, Self

import msgspec


class Transaction(Protocol):
    """`async with` opens it; leaving without `commit()` undoes all of it, events included."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    async def accept(self, consumer: str, message_id: str) -> bool:
        """Mark the message as handled by `consumer`; False when it was before, and then nothing must be done."""
        ...

    async def emit(self, type_: str, subject: str, data: msgspec.Struct) -> str:
        """Have an event published once the transaction is committed; return its id."""
        ...

    async def commit(self) -> None: ...
