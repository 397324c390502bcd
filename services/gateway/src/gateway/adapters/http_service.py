"""A service that is reached over HTTP, through aiohttp's client: see decision 25 for why this one."""

from collections.abc import AsyncGenerator

import aiohttp
from yarl import URL

from gateway.adapters.patience import Patience, timed_out, within
from gateway.application.services import Answered, Asked, BrokeOff, Unreached
from shared.errors import BadAnswer, LicetError

_CONNECTIONS = 200
_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=2.0)  # the rest of the time is watched by `Patience`
# The services close a connection that was idle for 5 s; whoever used it at that moment would lose a request.
_KEPT_ALIVE_SECONDS = 4.0
_NOTHING_OF_ITS_OWN = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")


class HttpService:
    """`application.services.Service` at an address such as `http://127.0.0.1:8001`."""

    def __init__(self, name: str, url: str) -> None:
        self.name = name
        self._url = url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    async def ask(self, asked: Asked) -> Answered:
        patience = Patience(self.name, asked)
        try:
            async with patience.until_answered():
                answer = await self._client().request(
                    asked.method,
                    URL(self._url + asked.target, encoded=True),
                    headers=asked.headers,
                    data=None if asked.body is None else patience.pieces(),
                    allow_redirects=False,
                )
        except (aiohttp.ClientError, OSError) as error:
            raise patience.failure or _named(self.name, error) from error
        return Answered(answer.status, answer.headers, _pieces(self.name, answer, asked.seconds))

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:  # not before there is an event loop
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=_CONNECTIONS, keepalive_timeout=_KEPT_ALIVE_SECONDS),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                skip_auto_headers=_NOTHING_OF_ITS_OWN,
                timeout=_TIMEOUT,
            )
        return self._session


async def _pieces(name: str, answer: aiohttp.ClientResponse, seconds: float) -> AsyncGenerator[bytes, None]:
    try:
        while not answer.content.at_eof():
            # What came with the head is there already; only what is still to come needs a limit.
            piece = answer.content.read_nowait() or await within(seconds, name, answer.content.readany())
            if piece:
                yield piece
    except (aiohttp.ClientError, OSError) as error:
        raise _broken(name) from error
    finally:
        answer.close()


def _named(name: str, error: Exception) -> LicetError:
    match error:
        case aiohttp.ServerTimeoutError():
            return timed_out(name)
        case aiohttp.ClientConnectorError():
            return Unreached(f"{name} cannot be reached.", service=name, retry_after=2)
        case aiohttp.ServerDisconnectedError() | OSError():
            return BrokeOff(f"{name} ended the connection without an answer.", service=name, retry_after=2)
        case _:
            return BadAnswer(f"{name} gave an answer that is not HTTP.", service=name, retry_after=2)


def _broken(name: str) -> BadAnswer:
    return BadAnswer(f"{name} broke its answer off.", service=name, retry_after=2)
