"""What has a release evaluated anew: a service starts it, the gateway waits for what follows."""

from dataclasses import dataclass
from http import HTTPStatus

import msgspec
from starlette.responses import Response

from gateway.application.wait import WaitForRelease
from gateway.domain.stages import ReleaseProgress
from gateway.entrypoints.door import Answer, Visit, seconds_to_wait
from gateway.entrypoints.relay import Relay, passed_back


class _Started(msgspec.Struct):
    evaluation: str


@dataclass(frozen=True, slots=True)
class EvaluatedAnew:
    """Answers with what the service says: 202, or 200 when `wait` was given and all stages ended within it."""

    relay: Relay
    wait: WaitForRelease

    def by(self, service: str, name: str) -> Answer:
        """Return what answers `POST …/{name}` of a release by this service."""

        async def answer(visit: Visit) -> Response:
            assert visit.release is not None
            seconds = seconds_to_wait(visit.request.query_params.get("wait"))
            release_id = visit.release.release.id
            said = await self.relay.read(service, visit, f"/api/v1/releases/{release_id}/{name}")
            response = passed_back(said)
            if seconds > 0 and said.status_code == HTTPStatus.ACCEPTED:
                evaluation = msgspec.json.decode(said.content, type=_Started).evaluation
                if await self._is_settled(release_id, evaluation, seconds):
                    response.status_code = HTTPStatus.OK
            return response

        return answer

    async def _is_settled(self, release_id: str, evaluation: str, seconds: float) -> bool:
        def enough(progress: ReleaseProgress) -> bool:
            is_known = progress.evaluated is not None and progress.evaluated.evaluation_id >= evaluation
            return progress.settled and is_known

        progress = await self.wait(release_id, seconds, enough)
        return progress is not None and enough(progress)
