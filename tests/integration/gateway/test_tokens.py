"""Tokens of other identity providers open what their grants say, and nothing else does."""

import base64
import hmac
import json
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway.adapters.issuers_file import WrongIssuers, read_issuers
from tests.support.gateway import GatewayUnderTest, client_of, running_gateway
from tests.support.issuer import TokenIssuer, rsa_key, token_issuer

GRANTS = [
    {"when": {"repository": "example/*", "ref": "refs/heads/main"}, "roles": ["submitter"],
     "projects": ["{repository}", "shared-*"]},
    {"when": {"realm_access.roles": ["oss-office", "legal-office"]}, "roles": ["reviewer", "viewer"], "projects": ["*"]},
]  # fmt: skip
CI = {"repository": "example/shop", "ref": "refs/heads/main", "sub": "repo:example/shop:ref:refs/heads/main"}
OFFICE = {"realm_access": {"roles": ["everybody", "oss-office"]}, "sub": "ada"}


@pytest.fixture
def issuer() -> Iterator[TokenIssuer]:
    with token_issuer() as running:
        yield running


@pytest.fixture
async def gateway(issuer: TokenIssuer, tmp_path: Path) -> AsyncIterator[GatewayUnderTest]:
    file = tmp_path / "issuers.yaml"
    file.write_text(yaml.safe_dump({"issuers": [{"issuer": issuer.url, "audience": "licet", "grants": GRANTS}]}))
    async with running_gateway(tmp_path, token_issuers=file) as running:
        yield running


async def _status(gateway: GatewayUnderTest, token: str, path: str = "/api/v1/version") -> int:
    async with client_of(gateway.app) as client:
        return (await client.get(path, headers={"Authorization": f"Bearer {token}"})).status_code


def _now(gateway: GatewayUnderTest) -> float:
    return gateway.clock.now().timestamp()


async def test_a_pipeline_sends_sboms_of_its_own_repository_without_a_secret(
    gateway: GatewayUnderTest, issuer: TokenIssuer
) -> None:
    token = issuer.token(_now(gateway), **CI)

    async with client_of(gateway.app) as client:
        client.headers["Authorization"] = f"Bearer {token}"
        answer = await client.post("/api/v1/sboms?project=example/shop&version=1", content=b"{}")

    assert answer.status_code == 202
    (seen,) = [each for each in gateway.reached() if each.method == "POST"]
    assert tuple(seen.principal.projects) == ("example/shop", "shared-*")
    assert tuple(seen.principal.roles) == ("submitter",)


async def test_a_claim_that_looks_like_a_pattern_stands_for_itself(
    gateway: GatewayUnderTest, issuer: TokenIssuer
) -> None:
    token = issuer.token(_now(gateway), **CI | {"repository": "example/*"})
    await gateway.know("example/other")

    async with client_of(gateway.app) as client:
        listed = await client.get("/api/v1/projects", headers={"Authorization": f"Bearer {token}"})

    assert listed.json()["items"] == []


async def test_a_person_of_a_group_has_the_roles_of_the_group(gateway: GatewayUnderTest, issuer: TokenIssuer) -> None:
    await gateway.know("shop")
    token = issuer.token(_now(gateway), **OFFICE)

    assert await _status(gateway, token, "/api/v1/projects/shop/releases/1") == 200
    assert await _status(gateway, token, "/api/v1/keys") == 403


async def test_the_audit_trail_names_who_holds_the_token(gateway: GatewayUnderTest, issuer: TokenIssuer) -> None:
    token = issuer.token(_now(gateway), **CI | {"sub": "repo:example/shop\r\n\x1b[31m"})
    async with client_of(gateway.app) as client:
        await client.post(
            "/api/v1/sboms?project=example/shop&version=1", content=b"{}", headers={"Authorization": f"Bearer {token}"}
        )

    entries = (await gateway.client.get("/api/v1/audit")).json()["items"]

    assert f"token:repo:example/shop???[31m@{issuer.url.removeprefix('http://')}" in {
        each["subject"] for each in entries
    }


async def test_a_key_made_with_a_token_ends_with_it_at_the_latest(issuer: TokenIssuer, tmp_path: Path) -> None:
    file = tmp_path / "issuers.yaml"
    grant = {"when": {"sub": "root"}, "roles": ["admin"], "projects": ["*"]}
    file.write_text(yaml.safe_dump({"issuers": [{"issuer": issuer.url, "audience": "licet", "grants": [grant]}]}))
    async with running_gateway(tmp_path, token_issuers=file) as gateway, client_of(gateway.app) as client:
        client.headers["Authorization"] = f"Bearer {issuer.token(_now(gateway), sub='root')}"
        wanted = {"name": "longer", "roles": ["viewer"], "projects": ["*"]}

        made = await client.post("/api/v1/keys", json=wanted)

        assert made.status_code == 201
        assert made.json()["expires_at"] == "2026-03-01T12:05:00.000000Z"


def _unsigned(issuer: TokenIssuer, now: float, name: str) -> str:
    head = base64.urlsafe_b64encode(json.dumps({"alg": name, "kid": "first"}).encode()).rstrip(b"=").decode()
    return f"{head}.{issuer.token(now, **CI).split('.')[1]}."


def _signed_with_the_public_key(issuer: TokenIssuer, now: float) -> str:
    body = issuer.token(now, **CI).split(".")[1]
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"first"}').rstrip(b"=").decode()
    mac = hmac.digest(issuer.key.as_pem(private=False), f"{head}.{body}".encode(), "sha256")
    return f"{head}.{body}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def _with_a_key_in_its_header(issuer: TokenIssuer, now: float) -> str:
    own = rsa_key("of somebody else")
    return issuer.token(now, key=own, header={"jwk": own.as_dict(private=False)}, **CI)


def _changed(issuer: TokenIssuer, now: float) -> str:
    head, _, signature = issuer.token(now, **CI).split(".")
    body = issuer.token(now, **CI | {"repository": "example/other"}).split(".")[1]
    return ".".join((head, body, signature))


def _with_a_claim_twice(issuer: TokenIssuer, now: float) -> str:
    head, body, signature = issuer.token(now, **CI).split(".")
    said = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode()
    twice = base64.urlsafe_b64encode(said.replace("{", '{"aud": "licet", ', 1).encode()).rstrip(b"=").decode()
    return ".".join((head, twice, signature))


_WRONG: dict[str, Callable[[TokenIssuer, float], str]] = {
    "of another audience": lambda issuer, now: issuer.token(now, **CI, aud="another"),
    "of an issuer that is not configured": lambda issuer, now: issuer.token(now, **CI, iss="https://evil.example"),
    "of an issuer that is a list": lambda issuer, now: issuer.token(now, **CI, iss=[issuer.url]),
    "that has ended": lambda issuer, now: issuer.token(now - 331, **CI),
    "that does not hold yet": lambda issuer, now: issuer.token(now, **CI, nbf=int(now) + 60),
    "without an end": lambda issuer, now: issuer.token(now, **CI, exp=None),
    "without an audience": lambda issuer, now: issuer.token(now, **CI, aud=None),
    "without a subject": lambda issuer, now: issuer.token(now, **CI | {"sub": None}),
    "that ends at a text": lambda issuer, now: issuer.token(now, **CI, exp="tomorrow"),
    "signed with an unknown key": lambda issuer, now: issuer.token(now, key=rsa_key("of somebody else"), **CI),
    "whose key id is a path": lambda issuer, now: issuer.token(now, header={"kid": "../../../dev/null"}, **CI),
    "whose key id is SQL": lambda issuer, now: issuer.token(now, header={"kid": "' OR 1=1 --"}, **CI),
    "of another algorithm of the same key": lambda issuer, now: issuer.token(now, header={"alg": "RS512"}, **CI),
    "signed with the public key as a secret": _signed_with_the_public_key,
    "with a key in its header": _with_a_key_in_its_header,
    "with the URL of a key in its header": lambda issuer, now: issuer.token(
        now,
        key=rsa_key("of somebody else"),
        header={"jku": "https://evil.example/keys", "x5u": "https://evil.example"},
        **CI,
    ),
    "that is not signed": lambda issuer, now: _unsigned(issuer, now, "none"),
    "that is not signed, in capitals": lambda issuer, now: _unsigned(issuer, now, "nOnE"),
    "whose claims were changed": _changed,
    "with a claim twice": _with_a_claim_twice,
    "that asks for an unknown extension": lambda issuer, now: issuer.token(
        now, header={"crit": ["b64"], "b64": True}, **CI
    ),
    "that is huge": lambda issuer, now: issuer.token(now, **CI, padding="x" * 20_000),
    "that matches no grant": lambda issuer, now: issuer.token(now, **CI | {"ref": "refs/heads/feature"}),
    "whose claim is an object": lambda issuer, now: issuer.token(now, **CI | {"repository": {"a": "example/shop"}}),
}


@pytest.mark.parametrize("kind", _WRONG)
async def test_nothing_is_opened_by_a_token(gateway: GatewayUnderTest, issuer: TokenIssuer, kind: str) -> None:
    assert await _status(gateway, issuer.token(_now(gateway), **CI)) == 200

    assert await _status(gateway, _WRONG[kind](issuer, _now(gateway))) == 401
    assert await _status(gateway, issuer.token(_now(gateway), **CI)) == 200  # and the right one still opens


async def test_keys_are_fetched_once_and_again_for_a_new_one(gateway: GatewayUnderTest, issuer: TokenIssuer) -> None:
    for _ in range(5):
        await _status(gateway, issuer.token(_now(gateway), **CI))
    before = issuer.asked["/keys"]
    issuer.rotate()
    early = await _status(gateway, issuer.token(_now(gateway), **CI))
    gateway.clock.advance(seconds=31)
    later = await _status(gateway, issuer.token(_now(gateway), **CI))

    assert (before, early, later) == (1, 401, 200)
    assert issuer.asked["/keys"] == 2


async def test_guessed_key_ids_do_not_make_the_gateway_ask_again_and_again(
    gateway: GatewayUnderTest, issuer: TokenIssuer
) -> None:
    for number in range(20):
        await _status(gateway, issuer.token(_now(gateway), header={"kid": f"guess-{number}"}, **CI))

    assert issuer.asked["/keys"] == 1


async def test_an_issuer_that_is_away_is_named_and_what_is_known_of_it_is_used_on(
    gateway: GatewayUnderTest, issuer: TokenIssuer
) -> None:
    answers, issuer.answers = issuer.answers, {}
    unknown = await _problem(gateway, issuer.token(_now(gateway), **CI))
    gateway.clock.advance(seconds=31)
    issuer.answers = answers
    known = await _status(gateway, issuer.token(_now(gateway), **CI))
    issuer.answers = {}
    gateway.clock.advance(hours=2)
    still = await _status(gateway, issuer.token(_now(gateway), **CI))

    assert unknown["status"] == 503
    assert issuer.url in unknown["detail"]
    assert (known, still) == (200, 200)


@pytest.mark.parametrize(
    "answer", [b"x" * 300_000, b"[" * 100_000, {"issuer": "https://evil.example", "jwks_uri": "https://evil.example/k"}]
)
async def test_what_is_no_configuration_opens_nothing(
    gateway: GatewayUnderTest, issuer: TokenIssuer, answer: Any
) -> None:
    issuer.answers["/.well-known/openid-configuration"] = answer

    assert await _status(gateway, issuer.token(_now(gateway), **CI)) == 503


async def _problem(gateway: GatewayUnderTest, token: str) -> dict[str, Any]:
    async with client_of(gateway.app) as client:
        answer = await client.get("/api/v1/version", headers={"Authorization": f"Bearer {token}"})
    problem: dict[str, Any] = answer.json()
    return problem


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"algorithms": ["HS256"]}, "algorithm 'HS256' is none of"),
        ({"issuer": "http://login.example"}, "keys are fetched over https"),
        ({"issuer": "office"}, "`keys` must say where"),
        ({"grants": [{"when": {}, "roles": ["viewer"], "projects": ["*"]}]}, "would let in everybody"),
        ({"grants": [{"when": {"sub": "a"}, "roles": ["root"], "projects": ["*"]}]}, "$.issuers[0].grants[0].roles[0]"),
        ({"grants": [{"when": {"sub": "a"}, "roles": ["viewer"]}]}, "missing required field `projects`"),
        ({"audiences": "licet"}, "unknown field `audiences`"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_with_the_place(
    tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    file = tmp_path / "issuers.yaml"
    file.write_text(
        yaml.safe_dump({"issuers": [{"issuer": "https://a.example", "audience": "licet", "grants": GRANTS} | change]})
    )

    with pytest.raises(WrongIssuers) as refused:
        read_issuers(file)

    assert said in str(refused.value)
    assert str(file) in str(refused.value)


def test_the_example_of_the_readme_is_such_a_file(tmp_path: Path) -> None:
    readme = (Path(__file__).parents[3] / "services/gateway/README.md").read_text()
    file = tmp_path / "issuers.yaml"
    file.write_text(readme.partition("```yaml\n")[2].partition("```")[0])

    assert [each.audience for each in read_issuers(file)] == ["licet"] * 3
