"""The floor of an upload: an application that writes each body to a file, `python -m tools.bench.spooling FILE PORT`."""

import sys
from pathlib import Path

import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

_FILE = Path(sys.argv[1])


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Write the body to the file; answer with nothing."""
    if scope["type"] != "http":
        return
    with _FILE.open("wb") as file:  # noqa: ASYNC230 - the cheapest way is what is measured
        async for chunk in Request(scope, receive).stream():
            file.write(chunk)
    await Response()(scope, receive, send)


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="error", lifespan="off")
