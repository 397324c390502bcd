"""`GET …/gate`: policy-eval answers; which release is the baseline is known here."""

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.responses import Response

from gateway.application.find_baseline import FindBaseline
from gateway.entrypoints.door import Visit, seconds_to_wait
from gateway.entrypoints.relay import Relay
from shared.errors import ErrorAt, InvalidInput


@dataclass(frozen=True, slots=True)
class ShowGate:
    """Passes the question on, with the baseline's id in place of its version or of `latest`."""

    relay: Relay
    find_baseline: FindBaseline

    async def __call__(self, visit: Visit) -> Response:
        assert visit.release is not None
        path = f"/api/v1/releases/{visit.release.release.id}/gate"
        parameters = visit.request.query_params
        wanted = parameters.getlist("baseline")
        if not wanted:
            return await self.relay("policy-eval", visit, path)
        if len(wanted) != 1 or not wanted[0]:
            message = "one release id, version or `latest`"
            raise InvalidInput(f"baseline: {message}", errors=(ErrorAt("baseline", message),))
        seconds = seconds_to_wait(parameters.get("wait"))
        baseline = await self.find_baseline(visit.caller, visit.release, wanted[0], seconds)
        passed = [(name, value) for name, value in parameters.multi_items() if name != "baseline"]
        query = urlencode([*passed, ("baseline", baseline.release.id)]).encode()
        return await self.relay("policy-eval", visit, path, query)
