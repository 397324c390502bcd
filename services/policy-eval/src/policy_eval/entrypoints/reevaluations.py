"""Requests to evaluate again: their HTTP interface, and the worker that works them off."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
from typing import Annotated, Any, Final

from fastapi import APIRouter, Request, Response
from msgspec import Meta, Struct

from policy_eval.application.change_ports import Reevaluation
from policy_eval.application.notice_changes import NoticeChanges
from policy_eval.application.notice_export_days import NoticeExportDays
from policy_eval.application.reevaluations import AskForReevaluation, Requester
from policy_eval.application.work_off_reevaluations import WorkOffReevaluations
from policy_eval.entrypoints.http import json_response, only
from shared.observability import get_logger
from shared.web.app import principal_of
from shared.web.bodies import decoded
from shared.web.pagination import page, page_limit, read_token

_PATH: Final = "/api/v1/reevaluations"
_LOOKS_EVERY_SECONDS: Final = 5.0
_LOG = get_logger("policy-eval")


_TEXT: Final = r"^[^\x00]*$"


class Wanted(Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a request."""

    reason: Annotated[str, Meta(min_length=1, max_length=1000, pattern=_TEXT)]
    policy: Annotated[str, Meta(max_length=200, pattern=_TEXT)] | None = None
    project: Annotated[str, Meta(max_length=500, pattern=_TEXT)] | None = None


def reevaluation_routes(ask: AskForReevaluation) -> APIRouter:
    """Return the routes over requests to evaluate again."""
    router = APIRouter()

    @router.get(_PATH)
    async def get_all(request: Request, limit: int | None = None, page_token: str | None = None) -> Response:
        only(request, "limit", "page_token")
        most = page_limit(limit)
        rows = await ask.page(read_token(page_token, str), most + 1)
        found, who = page(rows, most, key=lambda row: row.id, show=lambda row: row), _requester(request)
        visible = [each for each in found["items"] if each.project is None or who.sees(each.project)]
        return json_response({**found, "items": [_shown(each) for each in visible]})

    @router.post(_PATH)
    async def post_one(request: Request) -> Response:
        wanted = await decoded(request, Wanted)
        asked = await ask.ask(_requester(request), wanted.reason, wanted.policy, wanted.project)
        return json_response(_shown(asked), 202)

    return router


def _requester(request: Request) -> Requester:
    principal = principal_of(request)
    return Requester(principal.subject, tuple(principal.projects))


def _shown(request: Reevaluation) -> dict[str, Any]:
    return {name: value for name, value in asdict(request).items() if name != "last"}


class ReevaluationWorker:
    """Works requests off while the service runs; woken by a request, it looks for those of other processes too."""

    def __init__(
        self, work: WorkOffReevaluations, notice: NoticeChanges, export_days: NoticeExportDays, woken: asyncio.Event
    ) -> None:
        """`woken` is set to have it look for work now."""
        self._work = work
        self._notice = notice
        self._export_days = export_days
        self._woken = woken
        self._has_looked = False

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Work while the context lasts; what is begun then is ended by the next process."""
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _run(self) -> None:
        while True:
            self._woken.clear()
            if not await self._stepped():
                with suppress(TimeoutError):
                    async with asyncio.timeout(_LOOKS_EVERY_SECONDS):
                        await self._woken.wait()

    async def _stepped(self) -> bool:
        try:
            if not self._has_looked:
                await self._notice.shipped_anew()
                self._has_looked = True
            await self._notice.new_day()
            await self._notice.ended()
            await self._export_days()
            return await self._work.step()
        except Exception as error:  # the worker outlives every fault of database and other services
            _LOG.warning("evaluating again waits", error=repr(error)[:500])
            return False
