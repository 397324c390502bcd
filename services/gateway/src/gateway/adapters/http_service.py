"""A service that is reached over HTTP, on kept connections: see decision 31 for why in this way."""

from urllib.parse import urlsplit

from gateway.adapters.connections import Connections
from gateway.application.services import Answered, Asked
from shared.errors import InvalidInput


class HttpService:
    """`application.services.Service` at an address such as `http://127.0.0.1:8001`."""

    def __init__(self, name: str, url: str) -> None:
        self.name = name
        self._connections = Connections(name, url)
        self._path, self._host = urlsplit(url).path.rstrip("/"), urlsplit(url).netloc

    async def ask(self, asked: Asked) -> Answered:
        head = self._head(asked)
        connection = await self._connections.take(asked.seconds)
        exchange = connection.begin(asked)
        try:
            await exchange.begin(head, asked.body, asked.length)
        except BaseException:
            exchange.close()
            raise
        return Answered(exchange.status, exchange.headers, exchange)

    async def close(self) -> None:
        self._connections.close()

    def _head(self, asked: Asked) -> bytes:
        """The request line and the headers (RFC 9112, §3 and §5)."""
        line = f"{asked.method} {self._path}{asked.target} HTTP/1.1\r\nhost: {self._host}\r\n".encode("latin-1")
        pairs = asked.headers if asked.body is None else [*asked.headers, _framing(asked.length)]
        head = line + b"".join([b"%b: %b\r\n" % pair for pair in pairs]) + b"\r\n"
        if head.count(b"\n") != len(pairs) + 3 or head.count(b"\r") != len(pairs) + 3:
            raise InvalidInput("A header cannot be passed on: there is a line break in it.")
        return head


def _framing(length: int | None) -> tuple[bytes, bytes]:
    """How the end of a body is told (RFC 9112, §6)."""
    return (b"transfer-encoding", b"chunked") if length is None else (b"content-length", b"%d" % length)
