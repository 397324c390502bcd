"""`python -m gateway audit verify [--head SEQ:HASH]`: has somebody changed the audit trail?"""

import argparse
import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from gateway.application.audit_trail import VerifyAudit
from gateway.domain.audit import Head

UNBROKEN, BROKEN = 0, 1


@dataclass(frozen=True, slots=True)
class AuditCommand:
    """Runs the command; `close` gives back what it needed."""

    verify: VerifyAudit
    close: Callable[[], Awaitable[None]]

    def run(self, arguments: Sequence[str]) -> int:
        """Print what was found; return 0 for an unbroken trail, 1 for a broken one."""
        parser = argparse.ArgumentParser(prog="python -m gateway audit", description=__doc__)
        parser.add_argument("command", choices=["verify"])
        parser.add_argument("--head", type=_head, help="a head that was noted earlier and must still be in the trail")
        return asyncio.run(self._verified(parser.parse_args(arguments).head))

    async def _verified(self, noted: Head | None) -> int:
        try:
            head, fault = await self.verify(noted)
        finally:
            await self.close()
        state = "unbroken" if fault is None else f"BROKEN: {fault}"
        print(f"audit trail {state}\nhead {head.seq}:{head.hash}")  # noqa: T201 - a command
        return UNBROKEN if fault is None else BROKEN


def _head(text: str) -> Head:
    seq, _, digest = text.partition(":")
    return Head(int(seq), digest)
