"""Sign final notices, with a signature that stands beside the document."""

from dataclasses import dataclass
from typing import Protocol

from obligations.application.look_up import check_final
from obligations.application.ports import DerivationRecord
from obligations.application.print_notice import Form, PrintNotice
from shared.computation import compute
from shared.errors import NotFound


class Signer(Protocol):
    """Holds a private key."""

    def sign(self, content: bytes) -> bytes:
        """Return the signature, the same every time for the same content."""
        ...

    def public_key(self) -> bytes:
        """Return what the signature is verified with, as PEM."""
        ...


@dataclass(frozen=True, slots=True)
class SignNotice:
    """The use case, with what it needs; without a signer every question raises NotFound."""

    printed: PrintNotice
    signer: Signer | None

    async def signature(self, record: DerivationRecord, form: Form) -> bytes:
        """The signature of the document as it is served; raises Conflict for a draft, NotFound."""
        signer = self._signer()
        check_final(record)
        content = await self.printed.content(record, form)
        return await compute(signer.sign, b"".join([piece async for piece in content.pieces]))

    def public_key(self) -> bytes:
        """The public key as PEM."""
        return self._signer().public_key()

    def _signer(self) -> Signer:
        if self.signer is None:
            raise NotFound("No key is configured to sign notices with (LICET_NOTICE_SIGNING_KEY).")
        return self.signer
