"""Sends messages of webhooks: over checked connections, without following anything, and within ten seconds."""

import asyncio
import ssl
from functools import cache
from urllib.parse import urlsplit

import httpcore

from gateway.adapters.safe_connections import RefusedAddress, SafeAddresses, SafeBackend
from gateway.application.ports import Sent
from shared.errors import ErrorAt, InvalidInput

_SECONDS = 10.0
_MOST_OF_AN_ANSWER = 64 * 1024
_MOST_OF_A_URL = 2000
_FIRST_FREE_PORT = 1024


@cache
def _trusted() -> ssl.SSLContext:
    """Whom to trust, which takes long to read: once in a process."""
    return ssl.create_default_context()


class WebhookSender:
    """`application.ports.Sender`."""

    def __init__(self, addresses: SafeAddresses) -> None:
        self._addresses = addresses
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=_trusted(),
            network_backend=SafeBackend(addresses),
            max_keepalive_connections=0,  # each message is checked anew
        )

    async def check(self, url: str) -> None:
        """Raise InvalidInput for a URL that messages are not sent to."""
        refused = _refusal(url)
        if refused is None:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port or _usual_port(parts.scheme)
            try:
                if parts.scheme == "http" and not await self._addresses.is_inside(host, port):
                    refused = "only https goes to public addresses"
                await self._addresses.of(host, port)
            except RefusedAddress as error:
                refused = str(error)
        if refused is not None:
            raise InvalidInput(f"url: {refused}", errors=(ErrorAt("url", refused),))

    async def send(self, url: str, headers: dict[str, str], body: bytes) -> Sent:
        """Send one message; what comes of it is in the answer, whatever it is."""
        try:
            await self.check(url)  # the name may lead elsewhere today, and the settings may be others
            async with asyncio.timeout(_SECONDS):
                return await self._posted(url, headers, body)
        except InvalidInput as error:
            return Sent(None, error.detail)
        except TimeoutError:
            return Sent(None, f"no answer within {_SECONDS:.0f} s")
        except (
            httpcore.NetworkError,
            httpcore.ProtocolError,
            httpcore.TimeoutException,
            RefusedAddress,
            OSError,
        ) as error:
            return Sent(None, f"{type(error).__name__}: {error}"[:500])

    async def close(self) -> None:
        await self._pool.aclose()

    async def _posted(self, url: str, headers: dict[str, str], body: bytes) -> Sent:
        lines = [(name.encode(), value.encode()) for name, value in headers.items()]
        async with self._pool.stream("POST", url.encode(), headers=lines, content=body) as answer:
            read = 0
            async for piece in answer.aiter_stream():
                read += len(piece)
                if read > _MOST_OF_AN_ANSWER:
                    break
            is_taken = 200 <= answer.status < 300
            return Sent(answer.status, None if is_taken else f"answered {answer.status}")


def _refusal(url: str) -> str | None:
    """Return what is wrong with the URL itself."""
    try:
        parts = urlsplit(url)
        port = parts.port or _usual_port(parts.scheme)
    except ValueError as error:
        return str(error)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        return "an https URL is needed"
    if parts.username is not None or parts.password is not None:
        return "no user and no password in it: the signature says who sends"
    if not url.isascii() or not url.isprintable() or " " in url or len(url) > _MOST_OF_A_URL:
        return f"at most {_MOST_OF_A_URL} printable ASCII characters, without spaces"
    if port != _usual_port(parts.scheme) and port < _FIRST_FREE_PORT:
        return f"port {port} belongs to another service"
    return None


def _usual_port(scheme: str) -> int:
    return 443 if scheme == "https" else 80
