"""Documents that are made to cost as much as they can, for the benchmark of what others notice of them."""

import itertools
from pathlib import Path

_CYCLONEDX = b'{"bomFormat":"CycloneDX","specVersion":"1.6","components":['
_SPDX = b"SPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\n"
_DOCUMENTS = {
    "deep.json": b"[" * 2_000_000,
    "numbers.json": _CYCLONEDX + b"0," * 2_000_000 + b"0]}",
    "operands.json": _CYCLONEDX + b'{"name":"a","licenses":[{"expression":"' + b"MIT OR " * 100_000 + b'MIT"}]}]}',
    "string.json": _CYCLONEDX + b'{"name":"' + b"x" * 20_000_000 + b'"}]}',
    "same.json": _CYCLONEDX + b",".join([b'{"name":"a","bom-ref":"a"}'] * 150_000) + b"]}",
    "entities.xml": b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">]><bom xmlns="http://cyclonedx.org/schema/bom/1.5">&a;</bom>',
    "deep.xml": b'<bom xmlns="http://cyclonedx.org/schema/bom/1.5">' + b"<a>" * 1_000_000,
    "aliases.yaml": b"a: &a [x,x,x,x,x,x,x,x,x]\n"
    + b"".join(
        b"%c: &%c [%s]\n" % (new, new, b",".join([b"*%c" % old] * 9)) for old, new in itertools.pairwise(b"abcdefghi")
    ),
    "text.spdx": _SPDX + b"PackageComment: <text>" + b"x\n" * 4_000_000,
    "rubbish.bin": bytes(range(256)) * 40_000,
}


def hostile_documents(folder: Path, count: int) -> list[Path]:
    """Write the documents; return `count` paths, each document as often as the others."""
    hostile = folder / "hostile"
    hostile.mkdir()
    for name, content in _DOCUMENTS.items():
        (hostile / name).write_bytes(content)
    return list(itertools.islice(itertools.cycle(sorted(hostile.iterdir())), count))
