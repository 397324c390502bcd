"""Prints the fifteen checks of a NOTICE for real SBOMs, with what each check saw.

    python -m tools.notice_checks [SBOM …]

Without SBOMs, ten of `$LICET_CORPUS/valid`, of many makers and formats. Each is sent to a Licet of its own, in one process,
under the default policy. Prints a table in Markdown: a row for each check, a column for each SBOM (+ passed, - failed,
? not checked), then what every check saw.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import httpx

from tests.support.licet import StandaloneLicet

_TEN = (
    *("cdx12-maven-dropwizard.json", "cdx14-syft-postgres-image.json", "cdx15-cdxgen-java.json"),
    *("cdx16-trivy-alpine317.json", "gen-py-cyclonedx-py.cdx17.json", "ort-result-reporter-input.yml"),
    *("spdx22-openembedded-python3-pyyaml.json", "spdx22-scancode-toolkit.rdf", "spdx23-apko-nginx.json"),
    "spdx22-tern-photon.spdx",
)
_MARKS = {"passed": "+", "failed": "-", "not-checked": "?"}

Checked = dict[str, Any]
"""What `…/notice/checks` answers."""


def main() -> int:
    corpus = Path(os.environ.get("LICET_CORPUS", Path(__file__).parents[2] / "shared" / "corpus")) / "valid"
    parser = argparse.ArgumentParser(prog="python -m tools.notice_checks", description="Check notices of real SBOMs.")
    parser.add_argument("sboms", nargs="*", type=Path, default=[corpus / name for name in _TEN])
    sboms: list[Path] = parser.parse_args().sboms
    with tempfile.TemporaryDirectory() as folder, StandaloneLicet(Path(folder)) as licet, licet.client() as client:
        checked = [_checks(client, each) for each in sboms]
    _print_table(sboms, checked)
    return 0


def _checks(client: httpx.Client, sbom: Path) -> Checked:
    """Raises RuntimeError when the SBOM is refused or a stage gives up."""
    query = {"project": sbom.name, "version": "1", "wait": "120"}
    sent = client.post("/api/v1/sboms", params=query, content=sbom.read_bytes(), timeout=130)
    if sent.is_error or sent.json()["stages"]["obligations"] != "done":
        raise RuntimeError(f"{sbom.name}: {sent.status_code} {sent.text[:2000]}")
    answer = client.get(f"/api/v1/releases/{sent.json()['release']['id']}/notice/checks")
    return dict(answer.raise_for_status().json())


def _print_table(sboms: list[Path], checked: list[Checked]) -> None:
    print("| check | " + " | ".join(str(number) for number in range(1, len(sboms) + 1)) + " |")
    print("| --- |" + " --- |" * len(sboms))
    for row in zip(*(each["checks"] for each in checked), strict=True):
        marks = " | ".join(_MARKS[each["result"]] for each in row)
        print(f"| {row[0]['number']}. {row[0]['title']} | {marks} |")
    for number, (sbom, each) in enumerate(zip(sboms, checked, strict=True), start=1):
        print(f"\n{number}. `{sbom.name}`: {each['status']}\n")
        for check in each["checks"]:
            print(f"   * {_MARKS[check['result']]} {check['number']}: {check['saw']}")


if __name__ == "__main__":
    sys.exit(main())
