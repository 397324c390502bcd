"""Where requests come to the door: below the framework's routes, which answer what the table of endpoints does not have."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.domain.access import ENDPOINTS, Endpoint
from gateway.entrypoints.door import Answer, Door
from gateway.entrypoints.routes import Routes
from shared.errors import LicetError
from shared.web.problems import http_problem, problem_response

Found = tuple[Endpoint, Answer]


def routes_of(answers: Mapping[tuple[str, str], Answer]) -> Routes[Found]:
    """Return a route for every endpoint of the table; raises KeyError for one that nothing answers."""
    routes: Routes[Found] = Routes()
    for endpoint in ENDPOINTS:
        routes.add(endpoint.method, endpoint.path, (endpoint, answers[endpoint.method, endpoint.path]))
    return routes


@dataclass(frozen=True, slots=True)
class Doorway:
    """Leads requests to the door, and answers its refusals as problems; `app` has what needs no key."""

    app: ASGIApp
    door: Door
    routes: Routes[Found]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self.routes.find(scope["method"], scope["path"]) if scope["type"] == "http" else []
        if not found:
            await self.app(scope, receive, send)
        elif isinstance(found, list):
            refusal = HTTPException(405, headers={"Allow": ", ".join(found)})
            await http_problem(refusal, scope["path"])(scope, receive, send)
        else:
            (endpoint, answer), path = found
            scope["route"] = endpoint  # of which the metrics take the path
            await self._answer(Request(scope, receive), endpoint, path, answer, send)

    async def _answer(
        self, request: Request, endpoint: Endpoint, path: dict[str, str], answer: Answer, send: Send
    ) -> None:
        has_begun = False

        async def noted_send(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            response = await self.door(request, endpoint, path, answer)
            await response(request.scope, request.receive, noted_send)
        except (LicetError, HTTPException) as error:
            if has_begun:  # all that is left is to break it off
                raise
            await _refusal(error, request.scope["path"])(request.scope, request.receive, send)


def _refusal(error: LicetError | HTTPException, instance: str) -> Response:
    return problem_response(error, instance) if isinstance(error, LicetError) else http_problem(error, instance)
