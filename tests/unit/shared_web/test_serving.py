"""A server that has started looks through nothing that lasts when it collects garbage."""

import gc
import threading
import time
from typing import Any

import pytest

from shared.web.serve import server_of
from tests.support.ports import free_port


@pytest.fixture
def _thawed() -> Any:
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("_thawed")
def test_what_is_there_at_the_start_is_no_garbage_to_look_through() -> None:
    started = threading.Event()
    frozen: list[int] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "lifespan"
        await receive()
        await send({"type": "lifespan.startup.complete"})
        started.set()
        await receive()
        frozen.append(gc.get_freeze_count())
        await send({"type": "lifespan.shutdown.complete"})

    server = server_of(app, "127.0.0.1", free_port())

    def end_when_started() -> None:
        started.wait(30)
        while not server.started:
            time.sleep(0.01)
        server.should_exit = True

    ending = threading.Thread(target=end_when_started)
    ending.start()
    server.run()
    ending.join()

    assert frozen[0] > 1_000
