"""The dead letters of all services, for administrators: each service owns its own, the gateway shows them in turn."""

import asyncio
from dataclasses import dataclass
from typing import Any

import msgspec
from starlette.responses import Response

from gateway.entrypoints.door import Visit
from gateway.entrypoints.relay import Relay
from gateway.entrypoints.shown import json_response
from shared.errors import InvalidInput

_PATH = "/internal/v1/dead-letters"
SERVICES = ("policy-eval", "obligations")
"""The services behind the gateway that consume events."""


@dataclass(frozen=True, slots=True)
class DeadLetterRoutes:
    """Lists the newest dead letters of each service; `?service=` pages through those of one. Replays one."""

    relay: Relay

    async def all(self, visit: Visit) -> Response:
        service = visit.request.query_params.get("service")
        if service in SERVICES:
            return await self.relay(service, visit.request, visit.caller, _PATH)
        if service is not None:
            raise InvalidInput(f"service: one of {', '.join(SERVICES)}")
        lists = await asyncio.gather(*(self._of(each, visit) for each in SERVICES))
        newest_first = sorted((letter for letters in lists for letter in letters), key=lambda each: each["dead_at"])
        return json_response({"items": newest_first[::-1], "next_page_token": None})

    async def replay(self, visit: Visit) -> Response:
        path = f"{_PATH}/{visit.path['letter_id']}/replay"
        for service in SERVICES:
            answer = await self.relay(service, visit.request, visit.caller, path)
            if answer.status_code != 404:
                break
        return answer

    async def _of(self, service: str, visit: Visit) -> list[Any]:
        answer = await self.relay.open(service, visit.request, visit.caller, _PATH)
        try:
            body = msgspec.json.decode(await answer.aread())
        finally:
            await answer.aclose()
        return list(body.get("items", []))
