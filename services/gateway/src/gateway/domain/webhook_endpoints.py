"""The endpoints of webhooks."""

from typing import Final

from gateway.domain.roles import ADMINS, Endpoint

_HOOKS = "/api/v1/webhooks"
_HOOK = f"{_HOOKS}/{{webhook_id}}"


def _row(method: str, path: str, summary: str, answers_with_secret: bool = False) -> Endpoint:
    return Endpoint(method, path, ADMINS, "installation", "gateway", summary, answers_with_secret=answers_with_secret)


WEBHOOK_ENDPOINTS: Final = (
    _row("GET", _HOOKS, "Webhooks: who is told of what."),
    _row("POST", _HOOKS, "Make one; its secret is shown once.", answers_with_secret=True),
    _row("GET", _HOOK, "One of them."),
    _row("DELETE", _HOOK, "Remove it with its deliveries."),
    _row("POST", f"{_HOOK}/rotate", "Give it a new secret, and enable it.", answers_with_secret=True),
    _row("POST", f"{_HOOK}/ping", "Send it a test message."),
    _row("GET", f"{_HOOK}/deliveries", "Its messages of the last 30 days, the newest first."),
    _row("POST", f"{_HOOK}/deliveries/{{delivery_id}}/redeliver", "Send one again."),
)
