"""An HTTP server on the loopback address that answers each request as it was told, in the order told."""

import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass(frozen=True)
class Told:
    """One answer; status 0 closes the connection instead."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def no_answer(cls) -> Self:
        return cls(0)


@dataclass(frozen=True)
class Seen:
    """One request."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class ToldServer:
    """The server; `seen` are the requests so far."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self._answers: deque[Told] = deque()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _any(self) -> None:
                server._answer(self)

            do_GET = do_POST = do_PUT = do_DELETE = _any  # noqa: N815 - the names that the base class calls

            def log_message(self, *_: Any) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def will_answer(self, *answers: Told) -> None:
        """Answer the next requests so."""
        self._answers.extend(answers)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        headers = {name.lower(): value for name, value in request.headers.items()}
        body = request.rfile.read(int(headers.get("content-length", 0)))
        self.seen.append(Seen(request.command, request.path, headers, body))
        told = self._answers.popleft()
        if told.status == 0:
            request.close_connection = True
            return
        request.send_response(told.status)
        for name, value in {**told.headers, "Content-Length": str(len(told.body))}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(told.body)
