"""Where requests come to the door: below the framework's routes, which answer what the table of endpoints does not have."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.domain.access import ENDPOINTS, Endpoint
from gateway.entrypoints.door import Answer, Door
from gateway.entrypoints.head_only import answer_head
from gateway.entrypoints.rate_headers import Told
from gateway.entrypoints.routes import Routes, path_as_sent
from gateway.entrypoints.sound_head import fault_of_head
from gateway.entrypoints.steady_body import SteadyBody
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
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["method"] == "HEAD":
            await answer_head(self, scope, receive, send)
            return
        scope["path"] = path_as_sent(scope)
        fault, status = fault_of_head(scope)
        if fault is not None:
            refused = problem_response(fault, scope["path"][:255], status)
            refused.headers["Connection"] = "close"  # where this request ends is as doubtful
            await refused(scope, receive, send)
            return
        found = self.routes.find(scope["method"], scope["path"])
        if not found:
            await self.app(scope, receive, send)
        elif isinstance(found, list):
            allowed = sorted({*found, "HEAD"} if "GET" in found else found)
            refusal = HTTPException(405, headers={"Allow": ", ".join(allowed)})
            await http_problem(refusal, scope["path"])(scope, receive, send)
        else:
            (endpoint, answer), path = found
            scope["route"] = endpoint  # of which the metrics take the path
            steady = receive if scope["method"] == "GET" else SteadyBody(receive).receive
            await self._answer(Request(scope, steady), endpoint, path, answer, Told(scope, send))

    async def _answer(
        self, request: Request, endpoint: Endpoint, path: dict[str, str], answer: Answer, send: Told
    ) -> None:
        try:
            response = await self.door(request, endpoint, path, answer)
            await response(request.scope, request.receive, send)
        except (LicetError, HTTPException) as error:
            if send.has_begun:  # all that is left is to break it off
                raise
            await _refusal(error, request.scope["path"])(request.scope, request.receive, send)


def _refusal(error: LicetError | HTTPException, instance: str) -> Response:
    return problem_response(error, instance) if isinstance(error, LicetError) else http_problem(error, instance)
