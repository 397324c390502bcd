"""HEAD: the answer to a GET without its body (RFC 9110, §9.3.2), behind the same row of the table."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send


async def answer_head(app: ASGIApp, scope: Scope, _receive: Receive, send: Send) -> None:
    """Have `app` answer a GET, send the head of its answer, and let it know that nobody waits for the body."""
    asked = {**scope, "method": "GET"}  # a copy: the server below leaves out the body by the method of its own
    is_told = asyncio.Event()
    has_asked = False

    async def nothing() -> Message:
        nonlocal has_asked
        if not has_asked:
            has_asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await is_told.wait()
        return {"type": "http.disconnect"}

    async def head_of(message: Message) -> None:
        if message["type"] == "http.response.start":
            await send(message)
            await send({"type": "http.response.body", "body": b""})
            is_told.set()

    try:
        await app(asked, nothing, head_of)
    finally:
        if "route" in asked:  # of which the metrics take the path
            scope["route"] = asked["route"]
