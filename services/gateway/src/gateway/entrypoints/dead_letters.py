"""The dead letters of all services, for administrators: each service owns its own, the gateway shows them in turn."""

import asyncio
from dataclasses import dataclass, replace
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message

from gateway.application.services import Answered
from gateway.entrypoints.door import Visit
from gateway.entrypoints.relay import Relay, passed_back
from gateway.entrypoints.shown import json_response
from shared.errors import InvalidInput

_PATH = "/internal/v1/dead-letters"
SERVICES = ("policy-eval", "obligations", "gateway")
"""The services that consume events."""


@dataclass(frozen=True, slots=True)
class DeadLetterRoutes:
    """Lists the newest dead letters of each service; `?service=` pages through those of one. Replays one."""

    relay: Relay

    async def all(self, visit: Visit) -> Response:
        service = visit.request.query_params.get("service")
        if service in SERVICES:
            return await self.relay(service, visit, _PATH)
        if service is not None:
            raise InvalidInput(f"service: one of {', '.join(SERVICES)}")
        asked = [self.relay.read(each, visit, _PATH) for each in SERVICES]
        answers: list[Answered] = []
        for answer in await asyncio.gather(*asked, return_exceptions=True):
            if isinstance(answer, BaseException):  # the first in their order, whichever failed first
                raise answer
            if answer.status_code != 200:
                return passed_back(answer)
            answers.append(answer)
        letters = [letter for answer in answers for letter in answer.json()["items"]]
        newest_first = sorted(letters, key=lambda each: each["dead_at"], reverse=True)
        return json_response({"items": newest_first, "next_page_token": None})

    async def replay(self, visit: Visit) -> Response:
        path = f"{_PATH}/{quote(visit.path['letter_id'], safe='')}/replay"
        bodyless = replace(visit, request=_without_body(visit.request))  # it is sent to more than one service
        for service in SERVICES:
            answer = await self.relay.read(service, bodyless, path)
            if answer.status_code != 404:
                break
        return passed_back(answer)


def _without_body(request: Request) -> Request:
    async def nothing() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    headers = [each for each in request.scope["headers"] if not each[0].startswith(b"content-")]
    return Request(dict(request.scope, headers=headers), nothing)
