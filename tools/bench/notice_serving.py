"""How long it takes to fetch a stored NOTICE: from the obligations service, and through all of Licet over HTTP."""

import asyncio
import secrets
import tempfile
import time
from collections.abc import MutableMapping
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from statistics import median
from typing import Any

import httpx
from fastapi import FastAPI

from obligations.bootstrap import create_app
from obligations.settings import Settings
from shared.clock import SystemClock
from shared.messaging.memory import MemoryBroker
from shared.web.principal import HEADER, Principal, sign
from tests.support.licet import StandaloneLicet
from tests.support.sboms import a_cyclonedx
from tools.bench.accounting import cpu_seconds
from tools.bench.shapes import Shape, standalone

_REQUESTS = 40


class _Answer:
    """Takes what an ASGI application sends."""

    def __init__(self) -> None:
        self.status = 0
        self.size = 0
        self.headers: dict[str, str] = {}

    async def send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        self.size += len(message.get("body", b""))


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
        with redirect_stdout(StringIO()):  # the log
            by_the_service = asyncio.run(_by_the_service(shape.licet, path))
        return by_the_service | through_all


async def _by_the_service(licet: StandaloneLicet, path: str) -> Served:
    """The same NOTICE from the obligations service alone, called in this process without a client or a socket."""
    key = secrets.token_hex(32)
    settings = Settings(
        database_url=licet.databases["obligations"],
        broker_url="memory:",
        blob_dir=licet.data / "blobs" / "obligations",
        internal_key=key,
    )
    app = create_app(settings, MemoryBroker())
    signed = sign(Principal("bench", ["admin"], ["*"]), "obligations", key, SystemClock().now())
    first = await _asked(app, path, {HEADER: signed})
    matching = {HEADER: signed, "if-none-match": first.headers["etag"]}
    return {
        "by the service": (first.size, *await _median(app, path, {HEADER: signed}, 200)),
        "304, by the service": (0, *await _median(app, path, matching, 304)),
    }


async def _median(app: FastAPI, path: str, headers: dict[str, str], status: int) -> tuple[float, float]:
    taken = []
    for _ in range(_REQUESTS):
        used, begun = time.process_time(), time.perf_counter()
        answer = await _asked(app, path, headers)
        taken.append((time.perf_counter() - begun, time.process_time() - used))
        if answer.status != status:
            raise RuntimeError(f"{answer.status} for {path}")
    return median(passed for passed, _ in taken) * 1000, median(computed for _, computed in taken) * 1000


async def _asked(app: FastAPI, path: str, headers: dict[str, str]) -> _Answer:
    answer = _Answer()
    waiting = asyncio.Event()  # the caller stays connected

    async def receive() -> dict[str, Any]:
        await waiting.wait()
        return {"type": "http.disconnect"}

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(name.encode().lower(), value.encode()) for name, value in headers.items()],
    }
    await app(scope, receive, answer.send)
    return answer


def _medians(shape: Shape, client: httpx.Client, path: str) -> tuple[float, float]:
    taken = [_once(shape, client, path) for _ in range(_REQUESTS)]
    return median(passed for passed, _ in taken), median(computed for _, computed in taken)


def _once(shape: Shape, client: httpx.Client, path: str) -> tuple[float, float]:
    pids = [pid for pids in shape.processes().values() for pid in pids]
    used, begun = cpu_seconds(pids), time.perf_counter()
    client.get(path).raise_for_status()
    passed = time.perf_counter() - begun
    return passed * 1000, (cpu_seconds(pids) - used) * 1000
