"""The demo: runs Licet, sends it the SBOM of its own runtime environment, and shows what comes back.

    python tools/demo.py SBOM [--out build/demo]

Uses its own port and data folder, unless LICET_PORT and LICET_DATA_DIR say otherwise. Ends with exit code 0 when every
stage was done, whatever the verdict.
"""

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

_SECONDS_TO_START = 30
_WORST = 5


def main() -> int:
    arguments = _arguments()
    out: Path = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    data = Path(os.environ.get("LICET_DATA_DIR", out / "data"))
    if "LICET_DATA_DIR" not in os.environ:
        shutil.rmtree(data, ignore_errors=True)
    port = int(os.environ.get("LICET_PORT", "0")) or _free_port()
    with (
        _licet(port, data, out / "licet.log") as key,
        httpx.Client(
            base_url=f"http://127.0.0.1:{port}", headers={"X-Api-Key": key}, timeout=90, trust_env=False
        ) as client,
    ):
        upload = _submit(client, arguments.sbom)
        if upload["stages"] != {"ingested": "done", "evaluated": "done", "obligations": "done"}:
            print(f"not every stage was done: {json.dumps(upload['problems'], indent=2)}", file=sys.stderr)
            return 1
        release = upload["release"]["id"]
        _show_gate(_get(client, f"/api/v1/releases/{release}/gate"))
        _keep(client, release, out)
    print(f"\nEverything lies in {out}/: NOTICE.txt, obligations.json, gate.json, the SBOM, the log of the run.")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("sbom", type=Path)
    parser.add_argument("--out", type=Path, default=Path("build/demo"))
    return parser.parse_args()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def _licet(port: int, data: Path, log: Path) -> Iterator[str]:
    """Run the standalone; give the administrator's key."""
    print(f"starting Licet on 127.0.0.1:{port} (data in {data})")
    environment = os.environ | {"LICET_PORT": str(port), "LICET_DATA_DIR": str(data), "LICET_HOST": "127.0.0.1"}
    with log.open("wb") as file:
        process = subprocess.Popen([sys.executable, "-m", "standalone"], env=environment, stdout=file, stderr=file)
    try:
        _wait_until_ready(process, port, log)
        yield os.environ.get("LICET_ADMIN_KEY") or (data / "admin.key").read_text().strip()
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait_until_ready(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/readyz", trust_env=False).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    sys.exit(f"Licet did not start; the end of {log}:\n{log.read_text()[-2000:]}")


def _submit(client: httpx.Client, sbom: Path) -> dict[str, Any]:
    """Send the SBOM as a pipeline would: one POST that waits for the verdict."""
    body = sbom.read_bytes()
    print(f"sending {sbom} ({len(body):,} bytes), waiting for the verdict …")
    started = time.monotonic()
    answer = client.post("/api/v1/sboms", params={"project": "licet", "version": "demo", "wait": "60"}, content=body)
    if answer.is_error:
        sys.exit(f"the SBOM was refused: {answer.text}")
    upload: dict[str, Any] = answer.json()
    document = upload["document"]
    buckets = document["buckets"]
    print(
        f"  {document['format']} {document['spec_version']} by {', '.join(document['tool'])}: "
        f"{buckets['elements']} elements = {buckets['components']} components + {buckets['duplicates']} duplicates "
        f"+ {buckets['ignored']} ignored"
    )
    for stage, status in upload["stages"].items():
        print(f"  {stage:<12} {status}")
    print(f"  after {time.monotonic() - started:.1f} s")
    return upload


def _show_gate(gate: dict[str, Any]) -> None:
    counts = gate["counts"]
    policy = f"{gate['policy']['name']} v{gate['policy']['version']}"
    print(f"\nVERDICT: {gate['verdict'].upper()}   (policy {policy})")
    print("  " + ", ".join(f"{counts[each]} {each}{'' if counts[each] == 1 else 's'}" for each in counts))
    for finding in gate["findings"][:_WORST]:
        subject = finding["subject"]
        print(f"\n  {finding['severity']:<8}{subject['name']} {subject['version'] or ''}  [{finding['rule']}]")
        print(f"          {finding['message']}")
        print(f"     fix: {finding['how_to_fix']}")
    hidden = gate["findings_total"] - _WORST
    if hidden > 0:
        print(f"\n  … and {hidden} more in gate.json")


def _keep(client: httpx.Client, release: str, out: Path) -> None:
    notice = client.get(f"/api/v1/releases/{release}/notice", params={"format": "text"}).raise_for_status()
    (out / "NOTICE.txt").write_bytes(notice.content)
    (out / "gate.json").write_text(json.dumps(_get(client, f"/api/v1/releases/{release}/gate"), indent=2))
    obligations = _all(client, f"/api/v1/releases/{release}/obligations")
    (out / "obligations.json").write_text(json.dumps(obligations, indent=2, ensure_ascii=False))
    active = [each for each in obligations if each["kind"] == "active"]
    print(f"\nOBLIGATIONS: {len(active)} active, {len(obligations) - len(active)} passive")
    for each in sorted(active, key=lambda each: -len(each["components"]))[:_WORST]:
        print(f"  {each['title']} ({each['license']} {each['clause']}): {len(each['components'])} components")
    lines = notice.content.count(b"\n")
    print(f"NOTICE: {lines:,} lines, {len(notice.content):,} bytes, {notice.headers['x-notice-status']}")


def _get(client: httpx.Client, path: str) -> dict[str, Any]:
    body: dict[str, Any] = client.get(path).raise_for_status().json()
    return body


def _all(client: httpx.Client, path: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    token = ""
    while True:
        answer = client.get(path, params={"limit": "1000", "page_token": token}).raise_for_status().json()
        items += answer["items"]
        if not (token := answer["next_page_token"]):
            return items


if __name__ == "__main__":
    sys.exit(main())
