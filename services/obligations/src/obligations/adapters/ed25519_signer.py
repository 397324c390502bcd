"""Signs with an Ed25519 key (RFC 8032) that an operator keeps in a file."""

from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key


class Ed25519Signer:
    """`application.sign_notice.Signer`."""

    def __init__(self, file: Path) -> None:
        """Read the private key, PKCS #8 in PEM without a password; raises ValueError, OSError."""
        try:
            key = load_pem_private_key(file.read_bytes(), password=None)
        except (TypeError, UnsupportedAlgorithm) as error:  # it has a password, or is of a kind that nobody knows
            raise ValueError(f"{file}: {error}") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError(f"{file}: the key is no Ed25519 key; make one with: openssl genpkey -algorithm ed25519")
        self._key = key

    def sign(self, content: bytes) -> bytes:
        return self._key.sign(content)

    def public_key(self) -> bytes:
        return self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
