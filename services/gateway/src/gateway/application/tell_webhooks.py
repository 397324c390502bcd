"""Write down what webhooks are to be told of, in the transaction that knows it."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from gateway.domain.stages import ReleaseProgress
from gateway.domain.webhooks import Delivery, Webhook
from shared.clock import NewId
from shared.contracts.events import ObligationsDerived, ReleaseEvaluated, SbomIngested, StageFailed

Event = SbomIngested | ReleaseEvaluated | ObligationsDerived | StageFailed


def deliveries_of(
    event: Event, progress: ReleaseProgress, webhooks: Iterable[Webhook], new_id: NewId, now: str
) -> Iterator[Delivery]:
    """Yield a message for each webhook that wants to hear of it; `progress` is what is known after the event."""
    name = _name(event)
    if name is None:
        return
    for webhook in webhooks:
        if webhook.wants(name, progress.release.project):
            id_ = new_id()
            body = msgspec.json.encode({"id": id_, "event": name, "at": now, "release": _shown(progress)})
            yield Delivery(id_, webhook.id, name, body, now, next_try_at=now)


def _name(event: Event) -> str | None:
    match event:
        case SbomIngested():
            return None
        case ReleaseEvaluated():
            return "release.evaluated"
        case ObligationsDerived():
            return "obligations.derived"
        case StageFailed():
            return "release.failed"


def _shown(progress: ReleaseProgress) -> dict[str, Any]:
    release = progress.release
    return {
        "id": release.id,
        "project": release.project,
        "version": release.version,
        "context": release.context,
        "revision": release.revision,
        "stages": progress.stages,
        "problems": progress.problems,
        "gate": progress.current_gate,
        "url": f"/api/v1/releases/{release.id}",
    }
