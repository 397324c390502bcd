"""Prints what is read of the corpus, and how it agrees with the reference libraries: format × version × files.

    python -m tools.reading_table [FOLDER] [--seconds 20]

FOLDER holds SBOMs, by default `$LICET_CORPUS/valid`. The witnesses are cyclonedx-python-lib, spdx-tools and the SPDX 3
bindings; each reads a document in a process of its own, for so many seconds at most. Two readings agree where both find
the same components (or packages, or files where there is no package), by name, version and package URL.
"""

import argparse
import json
import multiprocessing
import os
import sys
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from io import StringIO
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import msgspec
from cyclonedx.model.bom import Bom
from packageurl import PackageURL
from spdx_python_model import v3_0_1 as bindings
from spdx_tools.spdx.parser.parse_anything import parse_file

from sbom_ingest.domain.limits import Limits
from shared.contracts.inventory import Inventory
from tests.support.reading import Read, read

Elements = Counter[tuple[str, str, str]]
"""How often a name, version and package URL stand in a document."""
Witness = Callable[[Path], Elements]
_VERDICTS = ("agrees", "differs", "refuses", "gave up", "is none")
_Bom: Any = Bom  # its readers are made by a decorator
_CONTEXT = multiprocessing.get_context("fork")


def main() -> int:
    """Print the table; returns 1 where a document of the folder is refused by us."""
    arguments = _arguments()
    rows: defaultdict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    refused = 0
    for path in sorted(arguments.folder.iterdir()):
        outcome = read(path.read_bytes(), Limits())
        if not isinstance(outcome, Read):
            refused += 1
            print(f"{path.name} is refused: {outcome.detail}", file=sys.stderr)
            continue
        facts = outcome.facts
        verdict = _verdict(path, msgspec.json.decode(outcome.inventory, type=Inventory), arguments.seconds)
        version = facts.spec_version if facts.format != "ort" else None  # ORT's is that of the tool
        rows[facts.format, facts.serialization, version or "-"][verdict] += 1
        if verdict in ("differs", "gave up"):
            print(f"{path.name}: the library {verdict}", file=sys.stderr)
    _print(rows, arguments.seconds)
    return 1 if refused else 0


def _arguments() -> argparse.Namespace:
    corpus = Path(os.environ.get("LICET_CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=corpus / "valid")
    parser.add_argument("--seconds", type=float, default=20.0)
    return parser.parse_args()


def _print(rows: dict[tuple[str, str, str], Counter[str]], seconds: float) -> None:
    told = {"gave up": f"gave up after {seconds:g} s"}
    verdicts_told = (f"library {told.get(verdict, verdict)}" for verdict in _VERDICTS)
    head = ("format", "serialization", "version", "files", *verdicts_told)
    print("| " + " | ".join(head) + " |")
    print("| " + " | ".join("---" for _ in head) + " |")
    for kind, verdicts in sorted(rows.items()):
        counts = (str(verdicts[verdict] or "") for verdict in _VERDICTS)
        print("| " + " | ".join((*kind, str(sum(verdicts.values())), *counts)) + " |")


def _verdict(path: Path, inventory: Inventory, seconds: float) -> str:
    witness = _witness(inventory)
    if witness is None:
        return "is none"
    receiving, sending = _CONTEXT.Pipe(duplex=False)
    process = _CONTEXT.Process(target=_testify, args=(witness, path, sending))
    process.start()
    try:
        if not receiving.poll(seconds):
            return "gave up"
        theirs = receiving.recv()
    finally:
        process.kill()
        process.join()
    if theirs is None:
        return "refuses"
    return "agrees" if theirs == _ours(inventory) else "differs"


def _testify(witness: Witness, path: Path, answer: Connection) -> None:
    """Send what the witness finds; None where it refuses the document, in whatever way."""
    warnings.simplefilter("ignore")
    try:
        with Path(os.devnull).open("w") as nowhere:
            os.dup2(nowhere.fileno(), 2)
            found = witness(path)
    except Exception:
        answer.send(None)
    else:
        answer.send(found)


def _ours(inventory: Inventory) -> Elements:
    found: Elements = Counter()
    for each in inventory.components:
        found[each.name, each.version or "", _canonical(each.purl or "")] += each.occurrences
    return found


def _canonical(purl: str) -> str:
    """The package URL as the libraries write it; we keep it as it is written."""
    try:
        return PackageURL.from_string(purl).to_string()
    except ValueError:
        return purl


def _witness(inventory: Inventory) -> Witness | None:
    if inventory.format == "cyclonedx":
        return _cyclonedx_json if inventory.serialization == "json" else _cyclonedx_xml
    if inventory.format == "spdx":
        return _spdx3 if inventory.serialization == "json-ld" else _spdx2
    return None


def _cyclonedx_json(path: Path) -> Elements:
    return _of_cyclonedx(_Bom.from_json(json.loads(path.read_bytes())).components)


def _cyclonedx_xml(path: Path) -> Elements:
    return _of_cyclonedx(_Bom.from_xml(StringIO(path.read_text())).components)


def _of_cyclonedx(components: Iterable[Any]) -> Elements:
    found: Elements = Counter()
    pending = list(components)
    while pending:
        each = pending.pop()
        pending += each.components
        found[each.name, each.version or "", each.purl.to_string() if each.purl else ""] += 1
    return found


def _spdx2(path: Path) -> Elements:
    document = parse_file(str(path))
    if not document.packages:
        return Counter((file.name, "", "") for file in document.files)
    return Counter(
        (each.name, _said(each.version), _canonical(_purl2(each.external_references))) for each in document.packages
    )


def _said(version: str | None) -> str:
    return "" if version in (None, "NOASSERTION", "NONE") else str(version)


def _purl2(references: Iterable[Any]) -> str:
    return next((str(each.locator) for each in references if each.reference_type.endswith("purl")), "")


def _spdx3(path: Path) -> Elements:
    graph = bindings.SHACLObjectSet()
    with path.open("rb") as content:
        bindings.JSONLDDeserializer().read(content, graph)
    packages = list(graph.foreach_type(bindings.software_Package))
    return Counter((str(each.name), _said(each.software_packageVersion), _canonical(_purl3(each))) for each in packages)


def _purl3(package: Any) -> str:
    others = [
        each.identifier
        for each in package.externalIdentifier
        if str(each.externalIdentifierType).endswith("/packageUrl")
    ]
    return str(package.software_packageUrl or next(iter(others), ""))


if __name__ == "__main__":
    sys.exit(main())
