"""An authority that certifies a server on 127.0.0.1, for as long as it is told, or no longer."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from shutil import chown

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_DAY = timedelta(days=1)
_NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Licet test authority")])
_SERVER = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])


class Authority:
    """Its certificate, and the server's with its key, as PEM files in `folder`, which belong to the owner of its parent."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.certificate = folder / "authority.pem"
        self.server_certificate = folder / "server.pem"
        self.server_key = folder / "server.key"
        self._key = ec.generate_private_key(ec.SECP256R1())
        own = x509.BasicConstraints(ca=True, path_length=0)
        self._write(self.certificate, _signed(_NAME, self._key, self._key, own, timedelta(days=2)))
        self.certify(_DAY)

    def certify(self, remaining: timedelta) -> None:
        """Write a new key and a certificate that is good for so long from now; one below zero has expired."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
        self._write(self.server_certificate, _signed(_SERVER, key, self._key, names, remaining))
        plain = serialization.NoEncryption()
        kind = serialization.PrivateFormat.PKCS8
        self._write(self.server_key, key.private_bytes(serialization.Encoding.PEM, kind, plain))

    def _write(self, path: Path, content: bytes) -> None:
        path.write_bytes(content)
        path.chmod(0o600)
        owner = path.parents[1].stat()
        for each in (path.parent, path):
            chown(each, owner.st_uid, owner.st_gid)


def _signed(
    subject: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    by: ec.EllipticCurvePrivateKey,
    extension: x509.ExtensionType,
    remaining: timedelta,
) -> bytes:
    ends = datetime.now(UTC) + remaining
    draft = x509.CertificateBuilder(
        _NAME, subject, key.public_key(), x509.random_serial_number(), ends - 2 * _DAY, ends
    )
    signed = draft.add_extension(extension, critical=True).sign(by, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.PEM)
