"""A signature is verified by OpenSSL, as the README says, and by nothing of ours."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from obligations.adapters.derivations import SqlDerivationReader
from obligations.adapters.ed25519_signer import Ed25519Signer
from obligations.adapters.renderers.json_notice import read_json
from obligations.application.look_up import LookUp
from obligations.application.ports import DerivationRecord
from obligations.application.print_notice import PrintNotice
from obligations.application.sign_notice import SignNotice, to_archive
from shared.errors import NotFound
from shared.persistence.blobs import FolderBlobs
from shared.persistence.engine import Database
from shared.persistence.look_up import LookUps

TEXT = b"NOTICE"
RECORD = DerivationRecord("e", "r", "shop", "1", 1, "2026-11-28T10:00:00Z", "final", {}, [])


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


async def test_the_signature_that_was_archived_stays_when_the_key_changes(tmp_path: Path, key: Path) -> None:
    blobs = FolderBlobs(tmp_path / "blobs")
    attached = {name: await blobs.put(each) for name, each in to_archive(Ed25519Signer(key), {"text": TEXT}).items()}
    openssl("genpkey", "-algorithm", "ed25519", "-out", tmp_path / "next.pem")
    next_signer = Ed25519Signer(tmp_path / "next.pem")
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/none.sqlite")
    look_up = LookUp(SqlDerivationReader(database, LookUps(database)), blobs)
    sign = SignNotice(look_up, PrintNotice(look_up, read_json, {}), next_signer)
    record = replace(RECORD, notices={"text": await blobs.put(TEXT)}, attached=attached)

    archived = await sign.signature(record, ("text", "component"))
    asked_for = await sign.signature(replace(record, attached={}), ("text", "component"))

    (tmp_path / "key.pub").write_bytes(await sign.public_key(archived.key_sha256))
    assert Ed25519Signer(key).public_key() == (tmp_path / "key.pub").read_bytes()
    assert archived.value == Ed25519Signer(key).sign(TEXT)
    assert (asked_for.value, await sign.public_key(None)) == (next_signer.sign(TEXT), next_signer.public_key())
    with pytest.raises(NotFound, match="no key"):
        await sign.public_key(record.notices["text"])
    with pytest.raises(NotFound, match="No key is configured"):
        await SignNotice(look_up, sign.printed, None).public_key(None)
