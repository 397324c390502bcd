"""Fills a Licet with something to ask about, and runs schemathesis against it."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx

from tests.support.licet import Licet
from tests.support.sboms import a_cyclonedx

_CHECKS: Final = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
_COMPONENTS: Final = {"left-pad": "MIT", "readline": "GPL-3.0-only", "choice": "MIT OR GPL-2.0-only"}


def fuzz(
    licet: Licet, folder: Path, seconds: int, seed: int | None = None, phases: str = "examples,fuzzing"
) -> subprocess.CompletedProcess[str]:
    """Return how schemathesis ended after about so many seconds, and what it said."""
    with licet.client() as api:
        names = _filled(api)
    environment = os.environ | {"SCHEMATHESIS_HOOKS": "tools.api_fuzz.hooks", "LICET_FUZZ_NAMES": json.dumps(names)}
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{licet.url}/api/v1/openapi.json"),
        *("--header", f"X-Api-Key: {licet.admin_key}", "--checks", _CHECKS, "--phases", phases),
        *("--max-time", str(seconds), "--request-timeout", "60", "--continue-on-failure"),
        *("--suppress-health-check", "all", "--warnings", "off", "--no-color"),
        *(() if seed is None else ("--seed", str(seed))),
    ]
    root = Path(__file__).resolve().parents[2]
    environment["PYTHONPATH"] = os.pathsep.join((str(root), environment.get("PYTHONPATH", "")))
    return subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )


def _filled(api: httpx.Client) -> dict[str, list[str]]:
    """Put releases, decisions and a key there; return their names and ids, those of the query with a `?` before."""
    sent = [_sent(api, f"fuzzed/{part}", version) for part in ("a", "b") for version in ("1", "2")]
    releases = [each["release"]["id"] for each in sent]
    duties = api.get(f"/api/v1/releases/{releases[0]}/obligations").json()["items"]
    gate = api.get(f"/api/v1/releases/{releases[0]}/gate").json()
    key = api.post("/api/v1/keys", json={"name": "fuzzed", "roles": ["viewer"]}).json()
    reason = {
        "reason": "other",
        "expires_at": (datetime.now(UTC) + timedelta(days=30)).isoformat(),
        "purl": "pkg:npm/left-pad@1.0",
    }
    waiver = api.post("/api/v1/waivers", json=reason).json()
    request = {"kind": "source-request", "from": "Ada", "subject": "readline", "release": releases[0]}
    inquiry = api.post("/api/v1/inquiries", json=request).json()
    return {
        "release_id": releases,
        "document_id": [each["document"]["id"] for each in sent],
        "obligation_id": [each["id"] for each in duties],
        "project": ["fuzzed/a", "fuzzed/b"],
        "version": ["1", "2"],
        "name": ["default", "procurement"],
        "license_id": ["MIT", "GPL-3.0-only"],
        "key_id": [key["id"]],
        "decision_id": [waiver["id"]],
        "inquiry_id": [inquiry["id"]],
        "?base": releases,
        "?baseline": [*releases, "latest", "1"],
        "?evaluation": [gate["evaluation"]],
        "?destination": ["DE,US", "IR"],
        "?purl": ["pkg:npm/left-pad@1.0", "pkg:npm/readline"],
        "?project": ["fuzzed/a"],
    }


def _sent(api: httpx.Client, project: str, version: str) -> Any:
    query = {"project": project, "version": version, "wait": "60"}
    answer = api.post("/api/v1/sboms", params=query, content=a_cyclonedx(_COMPONENTS))
    answer.raise_for_status()
    return answer.json()
