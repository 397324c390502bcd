"""What the gateway answers itself."""

from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

import msgspec
from msgspec import Struct
from starlette.responses import Response

from gateway.application.follow_releases import FollowReleases
from gateway.application.limit_requests import UploadSlots
from gateway.application.ports import ReleaseFilter, Releases
from gateway.application.search_releases import SearchReleases
from gateway.application.wait import WaitForRelease
from gateway.domain.stages import ReleaseProgress
from gateway.domain.steps import NONE_OPEN
from gateway.entrypoints.component_search import QUESTIONS, AskedOfComponents
from gateway.entrypoints.door import Visit, seconds_to_wait
from gateway.entrypoints.parameters import only_known, whole_number
from gateway.entrypoints.relay import Relay, passed_back
from gateway.entrypoints.shown import conditional, json_response, shown_release, shown_steps, shown_upload
from shared.contracts.documents import Document
from shared.contracts.events import ReleaseState
from shared.contracts.steps import STEPS
from shared.errors import ErrorAt, InvalidInput
from shared.web.pagination import page, page_limit, read_token

RELEASE_PARAMETERS: Final = (
    "project",
    "version",
    *sorted(QUESTIONS),
    "verdict",
    "first_open_step",
    "limit",
    "page_token",
)
"""The parameters of `GET /api/v1/releases`."""


class _Ingested(Struct, frozen=True):
    release: ReleaseState
    document: Document
    replayed: bool
    wait: str


@dataclass(frozen=True, slots=True)
class Stored:
    """A document that sbom-ingest has stored, as it said so, and how far its release is."""

    ingested: _Ingested
    progress: ReleaseProgress
    document: Any


@dataclass(frozen=True, slots=True)
class Uploads:
    """`POST /api/v1/sboms`: sbom-ingest stores the document, the gateway waits for what follows."""

    relay: Relay
    follow: FollowReleases
    wait: WaitForRelease
    slots: UploadSlots

    async def post(self, visit: Visit) -> Response:
        seconds_to_wait(visit.request.query_params.get("wait"))
        async with self.slots.hold(visit.caller.subject):
            stored = await self.store(visit)
        return stored if isinstance(stored, Response) else await self._follow_up(stored)

    async def store(self, visit: Visit) -> Stored | Response:
        """Have the document stored and note it; return what sbom-ingest says of it, or its refusal."""
        answer = await self.relay.read("sbom-ingest", visit, "/api/v1/sboms")
        if answer.status_code not in (200, 202):
            return passed_back(answer)
        ingested = msgspec.json.decode(answer.content, type=_Ingested)
        document = ingested.document
        visit.noted.project = ingested.release.project
        visit.noted.after = {
            "release": ingested.release.id,
            "document": {"id": document.id, "part": document.part, "sha256": document.sha256},
            "replayed": ingested.replayed,
        }
        progress = await self.follow.note_ingested(ingested.release, document)
        return Stored(ingested, progress, answer.json()["document"])

    async def _follow_up(self, stored: Stored) -> Response:
        ingested, progress = stored.ingested, stored.progress
        seconds = seconds_to_wait(ingested.wait)
        if seconds > 0:
            settled = await self.wait(ingested.release.id, seconds, _settled_at(ingested.release.revision))
            progress = settled or progress
        body = shown_upload(progress, stored.document, ingested.replayed)
        location = {"Location": f"/api/v1/releases/{ingested.release.id}"}
        if ingested.replayed or (seconds > 0 and progress.settled):
            return json_response(body, 200, location)
        return json_response(body, 202, location | {"Retry-After": "1"})


def _settled_at(revision: int) -> Any:
    def enough(progress: ReleaseProgress) -> bool:
        return progress.settled and progress.release.revision >= revision

    return enough


@dataclass(frozen=True, slots=True)
class ShowReleases:
    """The questions that the projection answers."""

    releases: Releases
    relay: Relay

    async def one(self, visit: Visit) -> Response:
        assert visit.release is not None
        documents = await self.releases.documents([visit.release.release.id])
        return conditional(visit.request, shown_release(visit.release, documents))

    async def steps(self, visit: Visit) -> Response:
        """`GET …/steps`: the validation steps."""
        assert visit.release is not None
        return conditional(visit.request, shown_steps(visit.release))

    async def all(self, visit: Visit) -> Response:
        query = visit.request.query_params
        only_known(query, RELEASE_PARAMETERS)
        limit = page_limit(whole_number("limit", query.get("limit")))
        rows = await self._rows(visit, read_token(query.get("page_token"), str), limit + 1)
        documents = await self.releases.documents([row.release.id for row in rows[:limit]])

        def show(progress: ReleaseProgress) -> dict[str, Any]:
            shown = shown_release(progress, documents)
            return shown | {"gate": shown["gate"] and {"verdict": shown["gate"]["verdict"]}}

        return json_response(page(rows, limit, key=lambda row: row.release.id, show=show))

    async def _rows(self, visit: Visit, after: str | None, limit: int) -> list[ReleaseProgress]:
        query, caller = visit.request.query_params, visit.caller
        project, version, verdict, step = (
            query.get(name) for name in ("project", "version", "verdict", "first_open_step")
        )
        wanted = ReleaseFilter(project, version, verdict, _step(step), patterns=caller.projects)
        if not QUESTIONS & query.keys():
            return await self.releases.page(wanted, caller.sees, after, limit)
        search = SearchReleases(self.releases, caller.sees)
        return await search(AskedOfComponents(self.relay, visit), wanted, after, limit)

    async def projects(self, visit: Visit) -> Response:
        query = visit.request.query_params
        limit = page_limit(whole_number("limit", query.get("limit")))
        after = read_token(query.get("page_token"), str)
        seen = [each for each in await self.releases.projects() if visit.caller.sees(each["name"])]
        rows = [each for each in seen if after is None or each["name"] > after][: limit + 1]
        return json_response(page(rows, limit, key=lambda row: row["name"], show=lambda row: row))


def _step(name: str | None) -> str | None:
    if name is None or name in STEPS or name == NONE_OPEN:
        return name
    message = f"one of {', '.join(STEPS)}, {NONE_OPEN}"
    raise InvalidInput(f"first_open_step: {message}", errors=(ErrorAt("first_open_step", message),))


async def show_version(_visit: Visit) -> Response:
    """`GET /api/v1/version`."""
    return json_response({"name": "licet", "version": version("licet-gateway")})
