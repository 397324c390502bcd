"""`/api/v1/webhooks`: who is told of what, and what came of it."""

from dataclasses import dataclass
from typing import Any

from msgspec import Struct
from starlette.responses import Response

from gateway.application.manage_webhooks import ManageWebhooks
from gateway.domain.webhooks import Delivery, Webhook
from gateway.entrypoints.door import Visit
from gateway.entrypoints.parameters import decoded_body, whole_number
from gateway.entrypoints.shown import json_response
from shared.web.pagination import page, page_limit, read_token


class _NewWebhook(Struct, forbid_unknown_fields=True):
    url: str
    events: list[str]
    projects: list[str] | None = None


@dataclass(frozen=True, slots=True)
class WebhookRoutes:
    """Makes, shows, rotates, tries and removes webhooks; a secret is shown once."""

    manage: ManageWebhooks

    async def create(self, visit: Visit) -> Response:
        body = decoded_body(await visit.request.body(), _NewWebhook)
        made = await self.manage.create(visit.caller, body.url, body.events, body.projects)
        visit.noted.after = _shown(made)
        return _with_secret(made, 201)

    async def all(self, visit: Visit) -> Response:
        limit, after = _page(visit)
        rows = [each for each in await self.manage.all(visit.caller) if each.id > after][: limit + 1]
        return json_response(page(rows, limit, key=lambda each: each.id, show=_shown))

    async def one(self, visit: Visit) -> Response:
        return json_response(_shown(await self.manage.one(visit.caller, visit.path["webhook_id"])))

    async def rotate(self, visit: Visit) -> Response:
        changed = await self.manage.rotate(visit.caller, visit.path["webhook_id"])
        visit.noted.after = _shown(changed)
        return _with_secret(changed, 200)

    async def remove(self, visit: Visit) -> Response:
        visit.noted.before = _shown(await self.manage.remove(visit.caller, visit.path["webhook_id"]))
        return Response(status_code=204)

    async def ping(self, visit: Visit) -> Response:
        made = await self.manage.ping(visit.caller, visit.path["webhook_id"])
        return json_response(_shown_delivery(made), 202)

    async def deliveries(self, visit: Visit) -> Response:
        limit, after = _page(visit)
        rows = await self.manage.deliveries(visit.caller, visit.path["webhook_id"], after, limit + 1)
        return json_response(page(rows, limit, key=lambda each: each.id, show=_shown_delivery))

    async def redeliver(self, visit: Visit) -> Response:
        path = visit.path
        again = await self.manage.redeliver(visit.caller, path["webhook_id"], path["delivery_id"])
        return json_response(_shown_delivery(again), 202)


def _page(visit: Visit) -> tuple[int, str]:
    query = visit.request.query_params
    return page_limit(whole_number("limit", query.get("limit"))), read_token(query.get("page_token"), str) or ""


def _with_secret(webhook: Webhook, status: int) -> Response:
    headers = {"Location": f"/api/v1/webhooks/{webhook.id}", "Cache-Control": "no-store"}
    return json_response(_shown(webhook) | {"secret": webhook.secret}, status, headers)


def _shown(webhook: Webhook) -> dict[str, Any]:
    return {
        "id": webhook.id,
        "url": webhook.url,
        "events": webhook.events,
        "projects": webhook.projects,
        "created_at": webhook.created_at,
        "created_by": webhook.created_by,
        "previous_until": webhook.previous_until,
        "disabled_at": webhook.disabled_at,
        "disabled_reason": webhook.disabled_reason,
    }


def _shown_delivery(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "event": delivery.event,
        "status": delivery.status,
        "attempts": delivery.attempts,
        "created_at": delivery.created_at,
        "next_try_at": delivery.next_try_at,
        "ended_at": delivery.ended_at,
        "answer_status": delivery.answer_status,
        "error": delivery.error,
        "body": delivery.body.decode(),
    }
