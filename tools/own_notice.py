"""Makes the NOTICE of Licet itself from an SBOM of its runtime environment, with Licet's own readers and rules.

    python -m tools.own_notice [--scan SBOM --environment FOLDER]

Writes NOTICE.txt from what lies in `deploy/notice/`; `make notice` takes over a new scan first: the SBOM, less the packages
of this repository and all that changes with the machine and the day, and the licence and NOTICE files of the installed
packages. `reviewed.json` is written by people: licences where metadata are unclear, copyright, and where source is.
"""

import argparse
import hashlib
import io
import json
import re
import sys
import tarfile
from importlib.metadata import Distribution, version
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import msgspec
from msgspec import structs

from obligations.adapters.catalogue_files import load_obligation_catalogue
from obligations.adapters.license_files import attributions_of_archive
from obligations.adapters.renderers.text_notice import render_text
from obligations.application.decoded_release import decoded_release
from obligations.domain.attributions import Attribution
from obligations.domain.compile_notice import compile_checked, shipped_groups
from obligations.domain.notice import Notice, Organization
from policy_eval.adapters.shipped_policies import default_loaded
from policy_eval.domain.evaluation import evaluate
from policy_eval.domain.knowledge import LicenseKnowledge
from policy_eval.domain.release import PartInventory, ReleaseInventory
from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import Refusal
from shared.contracts.contexts import DEFAULT_CONTEXT
from shared.contracts.inventory import Inventory
from shared.licensing import load_catalogue, normalise
from tests.support.reading import read

_ROOT: Final = Path(__file__).resolve().parents[1]
FOLDER: Final = _ROOT / "deploy" / "notice"
SCAN: Final = FOLDER / "licet.cdx.json"
NOTICE: Final = _ROOT / "NOTICE.txt"
ATTRIBUTIONS: Final = FOLDER / "attributions.json"
REVIEWED: Final = FOLDER / "reviewed.json"
_OURS = "licet-"
_LEGAL = re.compile(r"(.*[-._])?((un)?licen[cs]e|copying|notice|copyright)", re.IGNORECASE)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.own_notice", description="Make Licet's own NOTICE.")
    parser.add_argument("--scan", type=Path, help="an SBOM of the runtime environment, by cyclonedx-py")
    parser.add_argument("--environment", type=Path, help="that environment")
    arguments = parser.parse_args()
    if arguments.scan:
        scan = _lasting(json.loads(arguments.scan.read_bytes()))
        _write(SCAN, scan)
        _write(ATTRIBUTIONS, msgspec.to_builtins(_attributions(scan, arguments.environment)))
    notice = own_notice()
    NOTICE.write_bytes(render_text(notice))
    print(f"{NOTICE.name}: {len(notice.components)} components, {notice.status}")
    for point in notice.open_points:
        print(f"  {point.message}: {', '.join(each.name for each in point.components)}")
    return 1 if notice.open_points else 0


def own_notice() -> Notice:
    """The NOTICE from the files that are committed."""
    scan = json.dumps(_reviewed(json.loads(SCAN.read_bytes()))).encode()
    result = read(scan, Limits())
    if isinstance(result, Refusal):
        raise ValueError(f"{SCAN.name}: {result}")
    part = PartInventory(msgspec.json.decode(result.inventory, type=Inventory), hashlib.sha256(scan).hexdigest())
    release = ReleaseInventory("licet", version("licet-standalone"), DEFAULT_CONTEXT, {"main": part})
    knowledge = LicenseKnowledge(load_catalogue(), normalise)
    decided = evaluate(release, default_loaded().policy, knowledge).release
    release_to_print = decoded_release(msgspec.json.encode(decided), [ATTRIBUTIONS.read_bytes(), _told()])
    catalogue = load_obligation_catalogue()
    shipped = shipped_groups(release_to_print, catalogue)
    organization = Organization("Licet", "the issue tracker of the project")
    return compile_checked(release_to_print, shipped, catalogue, organization, "Licet").notice


def _lasting(scan: dict[str, Any]) -> dict[str, Any]:
    """The scan without our own packages, and without time, serial number and tools."""
    ours = {each["bom-ref"] for each in scan["components"] if each["name"].startswith(_OURS)}
    return {
        "bomFormat": scan["bomFormat"],
        "specVersion": scan["specVersion"],
        "components": [_without_pages(each) for each in scan["components"] if each["bom-ref"] not in ours],
        "dependencies": [each for each in scan["dependencies"] if each["ref"] not in ours | {"root-component"}],
    }


def _without_pages(component: dict[str, Any]) -> dict[str, Any]:
    """The component with no other links than those to its source."""
    links = [each for each in component.get("externalReferences", ()) if each["type"] == "vcs"]
    return {**component, "externalReferences": links}


def _reviewed(scan: dict[str, Any]) -> dict[str, Any]:
    """The scan with the licences that people found."""
    licenses = json.loads(REVIEWED.read_bytes())["licenses"]
    for each in scan["components"]:
        if each["name"] in licenses:
            each["licenses"] = [{"expression": licenses[each["name"]]["license"]}]
    return scan


def _told() -> bytes:
    """Where source is, and the copyright notices that stand in no licence file, as attributions."""
    told = json.loads(REVIEWED.read_bytes())
    purls = {each["name"]: each["purl"] for each in json.loads(SCAN.read_bytes())["components"]}
    sources = [{"purl": purls[name], "source_url": url} for name, url in sorted(told["sources"].items())]
    notices = [{"purl": purls[name], "copyright": lines} for name, lines in sorted(told["copyright"].items())]
    return json.dumps(sources + notices).encode()


def _attributions(scan: dict[str, Any], environment: Path) -> list[Attribution]:
    """What the installed packages bring: read as an archive of licence files is read."""
    [installed] = environment.glob("lib/python*/site-packages")
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        for each in scan["components"]:
            for file in _legal_files(installed, each):
                member = tarfile.TarInfo(f"{quote(each['purl'], safe='')}/{file.name}")
                member.size = file.stat().st_size
                archive.addfile(member, io.BytesIO(file.read_bytes()))
    found, _ = attributions_of_archive(written.getvalue(), None)
    return [structs.replace(each, notice_status=each.notice_status or "absent") for each in found]


def _legal_files(installed: Path, component: dict[str, Any]) -> list[Path]:
    """The files of licences and notices that the package installs, wherever; a wheel lists all its files."""
    distribution = Distribution.at(_folder_of(installed, component["name"]))
    files = [Path(str(each.locate())) for each in distribution.files or ()]
    return sorted(each for each in files if _LEGAL.match(each.name) and each.suffix not in (".py", ".pyc", ".so"))


def _folder_of(installed: Path, name: str) -> Path:
    wanted = re.sub(r"[-_.]+", "_", name).lower()
    return next(
        each
        for each in installed.glob("*.dist-info")
        if re.sub(r"[-_.]+", "_", each.name.split("-")[0]).lower() == wanted
    )


def _write(file: Path, value: object) -> None:
    file.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
