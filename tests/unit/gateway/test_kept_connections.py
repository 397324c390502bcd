"""Connections to a service are kept and used again, on the event loop of production as on that of Python."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
import uvloop

from gateway.adapters import connections
from gateway.adapters.http_service import HttpService
from gateway.application.services import Asked, Unreached
from shared.errors import InvalidInput
from tests.support.ports import free_port

_LOOPS = [asyncio.new_event_loop, uvloop.new_event_loop]


class _Always204(asyncio.Protocol):
    """Answers every request so."""

    def __init__(self, opened: list["_Always204"]) -> None:
        opened.append(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if data.endswith(b"\r\n\r\n"):
            self._transport.write(b"HTTP/1.1 204 No Content\r\n\r\n")


async def _counted(work: Callable[[HttpService], Awaitable[None]]) -> int:
    """Do the work with a service that answers every request; return how many connections it had."""
    opened: list[_Always204] = []
    port = free_port()
    server = await asyncio.get_running_loop().create_server(lambda: _Always204(opened), "127.0.0.1", port)
    service = HttpService("policy-eval", f"http://127.0.0.1:{port}/below")
    await work(service)
    await service.close()
    server.close()
    await asyncio.sleep(0.01)  # the connections end
    return len(opened)


async def _ask(service: HttpService) -> None:
    answer = await service.ask(Asked("GET", "/", [], 5.0))
    await answer.read()
    assert answer.status_code == 204


async def _thrice(service: HttpService) -> None:
    for _ in range(3):
        await _ask(service)


async def _at_once(service: HttpService) -> None:
    await asyncio.gather(*(_ask(service) for _ in range(6)))


@pytest.mark.parametrize("new_loop", _LOOPS)
def test_one_connection_serves_one_request_after_the_other(new_loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
    with asyncio.Runner(loop_factory=new_loop) as runner:
        assert runner.run(_counted(_thrice)) == 1


async def test_one_that_was_idle_for_long_is_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_KEPT_SECONDS", -1.0)

    assert await _counted(_thrice) == 3


async def test_there_are_no_more_than_so_many_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_MOST", 2)

    assert await _counted(_at_once) == 2


async def test_where_nobody_listens_nothing_was_said() -> None:
    with pytest.raises(Unreached):
        await HttpService("policy-eval", f"http://127.0.0.1:{free_port()}").ask(Asked("GET", "/", [], 5.0))


async def test_a_header_with_a_line_break_goes_nowhere() -> None:
    async def split(service: HttpService) -> None:
        with pytest.raises(InvalidInput):
            await service.ask(Asked("GET", "/", [(b"accept", b"a\r\nx-licet-principal: root")], 5.0))

    assert await _counted(split) == 0
