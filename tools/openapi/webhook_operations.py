"""What the gateway answers about webhooks."""

from typing import Final

from msgspec import Struct

from gateway.domain.webhooks import Status
from gateway.entrypoints.webhooks import _NewWebhook
from tools.openapi.described import JSON, Answer, Operation, lists, shows, takes


class Webhook(Struct, frozen=True):
    """Who is told of what, without its secret; `previous_until`: until when the secret before the last rotation signs."""

    id: str
    url: str
    events: list[str]
    projects: list[str]
    created_at: str
    created_by: str
    previous_until: str | None
    disabled_at: str | None
    disabled_reason: str | None


class WebhookWithSecret(Webhook, frozen=True, kw_only=True):
    """A webhook with its secret, which is shown this once."""

    secret: str


class Delivery(Struct, frozen=True):
    """A message, and what came of it so far; `answer_status` and `error` are of the last try."""

    id: str
    event: str
    status: Status
    attempts: int
    created_at: str
    next_try_at: str | None
    ended_at: str | None
    answer_status: int | None
    error: str | None
    body: str


_HOOK: Final = "/api/v1/webhooks/{webhook_id}"
WEBHOOK_OPERATIONS: Final[dict[tuple[str, str], Operation]] = {
    ("GET", "/api/v1/webhooks"): lists(Webhook),
    ("POST", "/api/v1/webhooks"): takes(_NewWebhook, WebhookWithSecret, status=201),
    ("GET", _HOOK): shows(Webhook),
    ("DELETE", _HOOK): Operation((Answer(204),)),
    ("POST", f"{_HOOK}/rotate"): shows(WebhookWithSecret),
    ("POST", f"{_HOOK}/ping"): Operation((Answer(202, {JSON: Delivery}),)),
    ("GET", f"{_HOOK}/deliveries"): lists(Delivery),
    ("POST", f"{_HOOK}/deliveries/{{delivery_id}}/redeliver"): Operation((Answer(202, {JSON: Delivery}),)),
}
