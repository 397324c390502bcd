"""The routes over a service's dead letters, which the gateway offers to administrators."""

from typing import Any

from fastapi import APIRouter

from shared.messaging.broker import Buried, Handled, Retry
from shared.messaging.dead_letters import DeadLetters
from shared.web.pagination import page, page_limit, read_token


def dead_letter_routes(service: str, letters: DeadLetters) -> APIRouter:
    """Return `GET …/dead-letters` and `POST …/dead-letters/{id}/replay` of this service."""
    routes = APIRouter(prefix="/internal/v1/dead-letters")

    @routes.get("")
    async def list_dead_letters(limit: int | None = None, page_token: str | None = None) -> dict[str, Any]:
        most = page_limit(limit)
        rows = await letters.page(read_token(page_token, str), most + 1)
        return page(rows, most, key=lambda row: row.id, show=_shown)

    @routes.post("/{id_}/replay")
    async def replay(id_: str) -> dict[str, Any]:
        match await letters.replay(id_):
            case Handled():
                return {"id": id_, "outcome": "handled"}
            case Retry(reason) | Buried(reason):
                return {"id": id_, "outcome": "failed", "reason": reason}

    def _shown(row: Any) -> dict[str, Any]:
        return {
            "id": row.id,
            "service": service,
            "consumer": row.consumer,
            "message_id": row.message_id,
            "type": row.type,
            "release": row.subject,
            "reason": row.reason,
            "attempts": row.attempts,
            "dead_at": row.dead_at,
            "replayed_at": row.replayed_at,
            "message": row.body.decode("utf-8", "replace"),
        }

    return routes
