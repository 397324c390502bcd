"""The door: every endpoint of the table is answered behind the same three questions.

Who calls? May this role and these project patterns do that? Has the release come far enough?
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import Response

from gateway.application.access import Access, not_found
from gateway.application.limit_requests import LimitRequests, refuse_if_spent
from gateway.application.wait import WaitForRelease
from gateway.domain.access import Caller, Endpoint
from gateway.domain.stages import ReleaseProgress
from gateway.entrypoints.audited import Audited, Noted
from gateway.entrypoints.repeated import Repeated
from gateway.entrypoints.routes import decoded
from shared.errors import Conflict, ErrorAt, InvalidInput, NotReady, Unauthenticated


@dataclass(frozen=True, slots=True)
class Visit:
    """A request that was let in: who it is from, and the names in its path."""

    request: Request
    caller: Caller
    path: dict[str, str]
    noted: Noted
    release: ReleaseProgress | None = None


_ENDED = ("done", "failed")
Answer = Callable[[Visit], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Door:
    """Lets requests in."""

    access: Access
    limit: LimitRequests
    wait: WaitForRelease
    repeated: Repeated
    audited: Audited

    async def __call__(self, request: Request, endpoint: Endpoint, path: dict[str, str], answer: Answer) -> Response:
        """Return the answer to a request whose path has these names in it; raises the error that refuses it."""

        async def answered(noted: Noted) -> Response:
            visit = await self._let_in(request, endpoint, decoded(path), noted)
            if request.method != "POST":
                return await answer(visit)
            return await self.repeated(
                request, visit.caller, endpoint, lambda read: answer(replace(visit, request=read))
            )

        return await self.audited(request, endpoint, answered)

    async def _let_in(self, request: Request, endpoint: Endpoint, path: dict[str, str], noted: Noted) -> Visit:
        credential = credential_of(request)
        noted.has_credential = bool(credential)
        caller = await self._caller(request, credential)
        noted.subject = caller.subject
        release = await self.access.authorise(caller, endpoint, path)
        await self._let_to_second_release(endpoint, request, caller)
        noted.admitted = True
        if release is None and endpoint.scope == "project":
            raise not_found("release", " ".join(path.values()))
        if release is not None and endpoint.after is not None:
            release = await self._far_enough_for(request, release, endpoint.after)
        noted.project = release.release.project if release else None
        return Visit(request, caller, path, noted, release)

    async def _caller(self, request: Request, credential: str | None) -> Caller:
        try:
            caller = await self.access.authenticate(credential)
        except Unauthenticated:
            address = request.client.host if request.client else ""
            await (self.limit.note_wrong_key(address) if credential else self.limit.note_no_key(address))
            raise
        spent = await self.limit.spend(caller.subject)
        request.scope["state"]["spent"] = spent
        refuse_if_spent(spent)
        return caller

    async def _let_to_second_release(self, endpoint: Endpoint, request: Request, caller: Caller) -> None:
        name = endpoint.second_release
        if name is None:
            return
        ids = request.query_params.getlist(name)
        if len(ids) != 1:
            raise InvalidInput(f"{name}: the id of one other release", errors=(ErrorAt(name, "one release id"),))
        release = await self.access.authorise_release(caller, ids[0])
        if endpoint.after is not None and f"{name}_evaluation" not in request.query_params:
            await self._far_enough(release, endpoint.after, seconds_to_wait(request.query_params.get("wait")))

    async def _far_enough_for(self, request: Request, release: ReleaseProgress, stage: str) -> ReleaseProgress:
        if not request.scope["query_string"]:
            return await self._far_enough(release, stage, 0)
        if "evaluation" in request.query_params:
            return release
        return await self._far_enough(release, stage, seconds_to_wait(request.query_params.get("wait")))

    async def _far_enough(self, release: ReleaseProgress, stage: str, seconds: float) -> ReleaseProgress:
        if release.status(stage) not in _ENDED:
            found = await self.wait(release.release.id, seconds, lambda each: each.status(stage) in _ENDED)
            release = found or release
        match release.status(stage):
            case "done":
                return release
            case "failed":
                reason = "; ".join(problem["detail"] for problem in release.problems.values())
                raise Conflict(f"The stage {stage} of this release has failed: {reason or 'an earlier stage failed'}")
            case _:
                raise NotReady(f"The stage {stage} of this release is not done yet; add `?wait=60`.", retry_after=2)


def credential_of(request: Request) -> str | None:
    """Return the key of `X-Api-Key`, or of `Authorization: Bearer`, as the UTF-8 text that was sent."""
    headers: dict[bytes, bytes] = dict(request.scope["headers"])
    key = headers.get(b"x-api-key")
    if not key:
        kind, _, value = headers.get(b"authorization", b"").partition(b" ")
        key = value.strip() if kind.lower() == b"bearer" else None
    return key.decode("utf-8", "surrogateescape") if key else None


def seconds_to_wait(value: str | None) -> float:
    """Return the seconds of a `wait` parameter, 0 when there is none; raises InvalidInput."""
    try:
        seconds = float(value or 0)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise InvalidInput("wait: a number of seconds from 0 to 120", errors=(ErrorAt("wait", "not a number"),))
    return seconds
