"""What the gateway is measured beside: `python -m tools.bench.relays service|bare|obvious|gateway PORT SERVICE`.

`service` answers with 1 KB, after it has read whatever body comes. `bare` is Starlette with aiohttp's client, `obvious` a
route of FastAPI that passes everything on with httpx. `gateway` is Licet's own, its settings in the environment.
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import httpx
import uvicorn
from fastapi import FastAPI, Request
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

_BODY = b'{"a":"' + b"x" * 1016 + b'"}'
_METHODS = ["GET", "POST"]


async def service(scope: Scope, receive: Receive, send: Send) -> None:
    """Read the body, answer."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    await Response(_BODY, media_type="application/json")(scope, receive, send)


def bare(url: str) -> ASGIApp:
    """Return the relay that does nothing but relay."""
    clients: list[aiohttp.ClientSession] = []

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with aiohttp.ClientSession(url, auto_decompress=False) as client:
            clients.append(client)
            yield

    async def relay(request: Request) -> Response:
        body = request.stream() if request.method == "POST" else None
        async with clients[0].request(request.method, request.url.path, data=body) as answer:
            return Response(await answer.read(), answer.status, media_type=answer.content_type)

    return Starlette(routes=[Route("/{path:path}", relay, methods=_METHODS)], lifespan=lifespan)


def obvious(url: str) -> ASGIApp:
    """Return the relay that is written first."""
    client = httpx.AsyncClient(base_url=url, trust_env=False)
    app = FastAPI()

    @app.api_route("/{path:path}", methods=_METHODS)
    async def relay(request: Request) -> Response:
        headers, body = request.headers.raw, request.stream()
        outgoing = client.build_request(request.method, request.url.path, headers=headers, content=body)
        answer = await client.send(outgoing, stream=True)
        closing = BackgroundTask(answer.aclose)
        return StreamingResponse(answer.aiter_raw(), answer.status_code, dict(answer.headers), background=closing)

    return app


def _serve_gateway() -> None:
    from gateway.bootstrap import create_app  # noqa: PLC0415 - the others do not pay for it
    from gateway.settings import Settings  # noqa: PLC0415 - the others do not pay for it
    from shared.messaging.memory import MemoryBroker  # noqa: PLC0415 - the others do not pay for it
    from shared.web.serve import serve  # noqa: PLC0415 - the others do not pay for it

    settings = Settings()
    serve(create_app(settings, MemoryBroker()), settings.host, settings.port)


if __name__ == "__main__":
    _, name, port, url = sys.argv
    if name == "gateway":
        _serve_gateway()
    else:
        app = service if name == "service" else {"bare": bare, "obvious": obvious}[name](url)
        uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="critical", access_log=False)
