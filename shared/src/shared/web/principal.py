"""Who asks, as the gateway tells the services: a short-lived token signed with the installation's internal key.

The token is `base64url(JSON).hex(HMAC-SHA256)`; it names its audience, so that a token for one service opens no other.
"""

import base64
import binascii
import hashlib
import hmac
from datetime import datetime

import msgspec
from msgspec import Struct

from shared.errors import Unauthenticated

HEADER = "x-licet-principal"
LIFETIME_SECONDS = 60
_LEEWAY_SECONDS = 30


class Principal(Struct, frozen=True):
    """The caller: `subject` is `key:<id>` or `service:<name>`; `projects` are glob patterns of project names."""

    subject: str
    roles: list[str]
    projects: list[str]


class _Claims(Struct, frozen=True):
    principal: Principal
    audience: str
    expires: float


def sign(principal: Principal, audience: str, key: str, now: datetime) -> str:
    """Return a token for `audience` that is good for 60 s from `now`."""
    claims = _Claims(principal, audience, now.timestamp() + LIFETIME_SECONDS)
    payload = base64.urlsafe_b64encode(msgspec.json.encode(claims)).decode()
    return f"{payload}.{_mac(payload, key)}"


def verify(token: str, audience: str, key: str, now: datetime) -> Principal:
    """Return the token's principal; raises Unauthenticated."""
    payload, _, mac = token.partition(".")
    if not hmac.compare_digest(mac.encode(), _mac(payload, key).encode()):
        raise Unauthenticated("The internal principal is missing or not signed by this installation's gateway.")
    try:
        claims = msgspec.json.decode(base64.urlsafe_b64decode(payload), type=_Claims)
    except (msgspec.MsgspecError, binascii.Error) as error:
        raise Unauthenticated("The internal principal cannot be read.") from error
    if claims.audience != audience:
        raise Unauthenticated(f"The internal principal is meant for {claims.audience}, not for {audience}.")
    if claims.expires + _LEEWAY_SECONDS < now.timestamp():
        raise Unauthenticated("The internal principal has expired.")
    return claims.principal


def _mac(payload: str, key: str) -> str:
    return hmac.new(key.encode(), payload.encode(), hashlib.sha256).hexdigest()
