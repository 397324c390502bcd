"""How long it takes to fetch a stored NOTICE: from the obligations service, and through all of Licet over HTTP."""

import asyncio
import secrets
import tempfile
import time
from pathlib import Path
from statistics import median

import httpx

from obligations.bootstrap import create_app
from obligations.settings import Settings
from shared.clock import SystemClock
from shared.messaging.memory import MemoryBroker
from shared.web.principal import Principal
from shared.web.upstream import Upstream, http_client
from tests.support.licet import StandaloneLicet
from tests.support.sboms import a_cyclonedx
from tools.bench.accounting import cpu_seconds
from tools.bench.shapes import Shape, standalone

_REQUESTS = 40

Served = dict[str, tuple[int, float, float]]
"""Bytes, and the median milliseconds that pass and that Licet computes, by what was fetched."""


def milliseconds_to_serve(components: int) -> Served:
    """Of the NOTICE as text of so many components, of a 304 for its digest, and of a request that does nothing."""
    with tempfile.TemporaryDirectory() as folder:
        with standalone(Path(folder)) as shape, shape.licet.client() as client:
            sbom = a_cyclonedx({f"package-{number}": "MIT" for number in range(components)})
            query = {"project": "p", "version": "1", "wait": "120"}
            sent = client.post("/api/v1/sboms", params=query, content=sbom, timeout=130)
            path = f"/api/v1/releases/{sent.json()['release']['id']}/notice"
            through_all = {
                "over HTTP": (len(client.get(path).content), *_medians(shape, client, path)),
                "nothing, over HTTP": (0, *_medians(shape, client, "/healthz")),
            }
        assert isinstance(shape.licet, StandaloneLicet)
        return asyncio.run(_by_the_service(shape.licet, path)) | through_all


async def _by_the_service(licet: StandaloneLicet, path: str) -> Served:
    """The same NOTICE from the obligations service alone, in this process."""
    key = secrets.token_hex(32)
    settings = Settings(
        database_url=licet.databases["obligations"],
        broker_url="memory:",
        blob_dir=licet.data / "blobs" / "obligations",
        internal_key=key,
    )
    client = http_client("http://obligations", create_app(settings, MemoryBroker()))
    signing = Upstream("obligations", client, key, SystemClock())
    principal = Principal("bench", ["admin"], ["*"])
    first = await client.get(path, headers=signing.headers_for(principal))
    matching = signing.headers_for(principal) | {"if-none-match": first.headers["etag"]}
    served = {
        "by the service": (len(first.content), *await _median(client, path, signing.headers_for(principal), 200)),
        "304, by the service": (0, *await _median(client, path, matching, 304)),
    }
    await client.aclose()
    return served


async def _median(client: httpx.AsyncClient, path: str, headers: dict[str, str], status: int) -> tuple[float, float]:
    taken = []
    for _ in range(_REQUESTS):
        used, begun = time.process_time(), time.perf_counter()
        answer = await client.get(path, headers=headers)
        taken.append((time.perf_counter() - begun, time.process_time() - used))
        if answer.status_code != status:
            raise RuntimeError(f"{answer.status_code} {answer.text[:2000]}")
    return median(passed for passed, _ in taken) * 1000, median(computed for _, computed in taken) * 1000


def _medians(shape: Shape, client: httpx.Client, path: str) -> tuple[float, float]:
    taken = [_once(shape, client, path) for _ in range(_REQUESTS)]
    return median(passed for passed, _ in taken), median(computed for _, computed in taken)


def _once(shape: Shape, client: httpx.Client, path: str) -> tuple[float, float]:
    pids = [pid for pids in shape.processes().values() for pid in pids]
    used, begun = cpu_seconds(pids), time.perf_counter()
    client.get(path).raise_for_status()
    passed = time.perf_counter() - begun
    return passed * 1000, (cpu_seconds(pids) - used) * 1000
