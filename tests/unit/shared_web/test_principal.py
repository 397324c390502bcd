"""The internal principal: who holds the installation's key may speak for a caller, for a minute, to one service."""

import base64
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from shared.errors import Unauthenticated
from shared.web.principal import LIFETIME_SECONDS, Principal, sign, verify

_NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
_KEY = "the key of this installation"
_PRINCIPAL = Principal("key:7f", ["uploader", "reader"], ["shop", "team-a/*"])


def test_a_principal_arrives_as_it_was_signed() -> None:
    assert verify(_token(), "policy-eval", _KEY, _NOW) == _PRINCIPAL


@pytest.mark.parametrize("seconds", [-30, 0, LIFETIME_SECONDS, LIFETIME_SECONDS + 29])
def test_a_principal_is_good_for_a_minute_and_some_leeway_between_clocks(seconds: int) -> None:
    assert verify(_token(), "policy-eval", _KEY, _NOW + timedelta(seconds=seconds)) == _PRINCIPAL


def test_a_principal_expires() -> None:
    with pytest.raises(Unauthenticated, match="expired"):
        verify(_token(), "policy-eval", _KEY, _NOW + timedelta(seconds=LIFETIME_SECONDS + 31))


def test_a_principal_for_one_service_opens_no_other() -> None:
    with pytest.raises(Unauthenticated, match="meant for policy-eval, not for obligations"):
        verify(_token(), "obligations", _KEY, _NOW)


def test_a_principal_that_was_changed_is_refused() -> None:
    payload, _, mac = _token().partition(".")
    claims = msgspec.json.decode(base64.urlsafe_b64decode(payload))
    claims["principal"]["roles"].append("admin")
    forged = base64.urlsafe_b64encode(msgspec.json.encode(claims)).decode()

    with pytest.raises(Unauthenticated, match="not signed"):
        verify(f"{forged}.{mac}", "policy-eval", _KEY, _NOW)


def test_a_principal_signed_with_another_key_is_refused() -> None:
    with pytest.raises(Unauthenticated, match="not signed"):
        verify(sign(_PRINCIPAL, "policy-eval", "another key", _NOW), "policy-eval", _KEY, _NOW)


@pytest.mark.parametrize("token", ["", ".", "x", "x.y", "é.ü", "..", "a" * 10_000, _KEY])
def test_garbage_is_refused(token: str) -> None:
    with pytest.raises(Unauthenticated, match="missing or not signed"):
        verify(token, "policy-eval", _KEY, _NOW)


def test_every_single_character_of_the_token_counts() -> None:
    token = _token()
    changed = [token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :] for at in range(len(token))]

    accepted = [each for each in changed if _is_accepted(each)]

    assert accepted == []


def _is_accepted(token: str) -> bool:
    try:
        verify(token, "policy-eval", _KEY, _NOW)
    except Unauthenticated:
        return False
    return True


def _token() -> str:
    return sign(_PRINCIPAL, "policy-eval", _KEY, _NOW)
