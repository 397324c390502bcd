"""Sign final notices: what is archived of them when they are derived, other forms when they are asked for."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from obligations.application.look_up import LookUp, check_final
from obligations.application.ports import DerivationRecord
from obligations.application.print_notice import BY_COMPONENT, Form, PrintNotice
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


_KEY: Final = "signing-key"
_PEM: Final = b"-----BEGIN PUBLIC KEY-----"


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature, and the SHA-256 of the key in PEM that verifies it."""

    value: bytes
    key_sha256: str


def to_archive(signer: Signer, rendered: Mapping[str, bytes]) -> dict[str, bytes]:
    """What is attached to a final NOTICE: a signature for each format, and the key that verifies them."""
    signatures = {_name(format_): signer.sign(content) for format_, content in rendered.items()}
    return signatures | {_KEY: signer.public_key()}


@dataclass(frozen=True, slots=True)
class SignNotice:
    """The use case, with what it needs. Without a signer there are only signatures that were archived."""

    look_up: LookUp
    printed: PrintNotice
    signer: Signer | None

    async def signature(self, record: DerivationRecord, form: Form) -> Signature:
        """The signature of the document as it is served; raises Conflict for a draft, NotFound."""
        format_, group = form
        archived = record.attached.get(_name(format_)) if group == BY_COMPONENT else None
        if archived is not None:
            return Signature(await self.look_up.content(archived), record.attached[_KEY])
        signer = self._signer()
        check_final(record)
        content = await self.printed.content(record, form)
        value = await compute(signer.sign, b"".join([piece async for piece in content.pieces]))
        return Signature(value, _sha256(signer.public_key()))

    async def public_key(self, sha256: str | None) -> bytes:
        """The public key as PEM: the present one, or the one with this digest that a signature was archived with."""
        if sha256 is None:
            return self._signer().public_key()
        key = await self.look_up.content(sha256)
        if not key.startswith(_PEM):
            raise NotFound(f"There is no key with the digest {sha256}.")
        return key

    def _signer(self) -> Signer:
        if self.signer is None:
            raise NotFound("No key is configured to sign notices with (LICET_NOTICE_SIGNING_KEY).")
        return self.signer


def _name(format_: str) -> str:
    return f"signature-{format_}"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
