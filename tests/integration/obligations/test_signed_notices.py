"""A signature is verified by OpenSSL, as the README says, and by nothing of ours."""

import subprocess
from pathlib import Path

import pytest

from obligations.adapters.ed25519_signer import Ed25519Signer


def openssl(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True, check=False)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    made = openssl("genpkey", "-algorithm", "ed25519", "-out", tmp_path / "key.pem")
    assert made.returncode == 0, made.stderr
    return tmp_path / "key.pem"


def verified(folder: Path, signer: Ed25519Signer, content: bytes, signature: bytes) -> bool:
    (folder / "key.pub").write_bytes(signer.public_key())
    (folder / "NOTICE.txt").write_bytes(content)
    (folder / "NOTICE.txt.sig").write_bytes(signature)
    files = ("-in", folder / "NOTICE.txt", "-sigfile", folder / "NOTICE.txt.sig")
    done = openssl("pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", folder / "key.pub", *files)
    return done.returncode == 0


def test_a_signature_is_verified_by_openssl_and_one_of_other_bytes_is_not(key: Path, tmp_path: Path) -> None:
    signer = Ed25519Signer(key)
    signature = signer.sign(b"NOTICE")

    assert len(signature) == 64
    assert verified(tmp_path, signer, b"NOTICE", signature)
    assert not verified(tmp_path, signer, b"NOTICE.", signature)
    assert signer.sign(b"NOTICE") == signature


def test_a_key_of_another_kind_or_with_a_password_is_refused_by_name(tmp_path: Path, key: Path) -> None:
    rsa, locked = tmp_path / "rsa.pem", tmp_path / "locked.pem"
    openssl("genpkey", "-algorithm", "rsa", "-out", rsa)
    openssl("pkey", "-in", key, "-aes256", "-passout", "pass:word", "-out", locked)

    for file in (rsa, locked):
        with pytest.raises(ValueError, match=file.name):
            Ed25519Signer(file)
