"""Routes on the path as it was sent, so that a name with `/` is one percent-encoded segment (`org%2Frepo`)."""

from urllib.parse import unquote

from starlette.types import ASGIApp, Receive, Scope, Send


class RawPath:
    """Puts the undecoded path where routing looks for it; `decoded` undoes the encoding of one segment."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope.get("raw_path"):
            scope = dict(scope, path=scope["raw_path"].decode("latin-1").partition("?")[0])
        await self._app(scope, receive, send)


def decoded(parameters: dict[str, str]) -> dict[str, str]:
    """Return path parameters with their percent-encoding undone."""
    return {name: unquote(value) for name, value in parameters.items()}
