"""A server that listens, with an application whose pace is told, and what a client reads of it."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

from shared.web.guarded_protocol import GuardedProtocol

HEAD = b"GET / HTTP/1.1\r\nHost: a\r\n"
ANSWER = b"x" * 10


class Hasty(GuardedProtocol):
    head_seconds = 0.3
    taking_seconds = 0.3
    rest_seconds = 0.3


class App:
    """Answers after `seconds` with `size` bytes, the body read before unless it `is_hasty`; counts requests."""

    def __init__(self, seconds: float = 0.0, size: int = 10, *, is_hasty: bool = False) -> None:
        self.seconds, self.size, self.is_hasty = seconds, size, is_hasty
        self.headers: list[tuple[bytes, bytes]] = []
        self.asked = 0
        self.sent = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked += 1
        while not self.is_hasty and (await receive()).get("more_body"):
            pass
        self.headers = scope["headers"]
        await asyncio.sleep(self.seconds)
        length = str(self.size).encode()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", length)]})
        while self.size:
            piece = min(self.size, 100_000)
            self.size -= piece
            await send({"type": "http.response.body", "body": b"x" * piece, "more_body": bool(self.size)})
            self.sent += piece
        self.size = 10


@asynccontextmanager
async def serving(app: Any, protocol: type[GuardedProtocol] = Hasty) -> AsyncIterator[int]:
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, http=protocol, log_level="critical", lifespan="off", timeout_keep_alive=1)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([listening]))
    while not server.started:  # noqa: ASYNC110 - uvicorn tells it by a flag
        await asyncio.sleep(0.01)
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        await serving


async def all_of_it(reader: asyncio.StreamReader) -> bytes:
    """All that comes until the server closes."""
    return await asyncio.wait_for(reader.read(), 10)


def status_and_problem(answer: bytes) -> tuple[int, Any]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head.lower()
    return int(head.split()[1]), json.loads(body)


async def read_what_comes(reader: asyncio.StreamReader) -> bytes:
    answer = b""
    try:
        while piece := await asyncio.wait_for(reader.read(65_536), 10):
            answer += piece
    except ConnectionError:  # the server closed with some of the head unread
        pass
    return answer


async def head_of(reader: asyncio.StreamReader) -> bytes:
    return await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)


async def drip(writer: asyncio.StreamWriter, what: bytes) -> None:
    while True:
        await asyncio.sleep(0.05)
        writer.write(what)
