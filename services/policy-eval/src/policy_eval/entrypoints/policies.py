"""The HTTP interface of policies."""

from typing import Final

import msgspec
from fastapi import APIRouter, Request, Response

from policy_eval.application.check_policy import CheckPolicy
from policy_eval.application.dry_run_policy import DryRunPolicy
from policy_eval.application.keep_policies import KeepPolicies
from policy_eval.entrypoints.export_records import officer_of
from policy_eval.entrypoints.http import json_response
from shared.errors import ErrorAt, InvalidInput
from shared.web.app import principal_of
from shared.web.bodies import decoded, received
from shared.web.pagination import page, page_limit, read_token, write_token

_POLICIES: Final = "/api/v1/policies"
_POLICY: Final = f"{_POLICIES}/{{name}}"
_MOST_RELEASES: Final = 100
_YAML: Final = ("application/yaml", "text/yaml", "application/x-yaml", "text/x-yaml")


class _Activate(msgspec.Struct):
    version: int


def policy_routes(keep: KeepPolicies) -> APIRouter:
    """Return the routes over policies and their versions."""
    router = APIRouter()

    @router.get(_POLICIES)
    async def get_policies(limit: int | None = None, page_token: str | None = None) -> Response:
        most = page_limit(limit)
        rows = await keep.page(read_token(page_token, str) or "", most + 1)
        return json_response(page(rows, most, key=lambda row: row["name"], show=lambda row: row))

    @router.get(_POLICY)
    async def get_policy(request: Request, name: str, version: int | None = None) -> Response:
        if version is not None:
            _check_number(version)
        head, body = await keep.file(name, version)
        headers = {"ETag": f'"{head.sha256}"', "Vary": "Accept"}
        if _wants_yaml(request):
            return Response(body, media_type="application/yaml", headers=headers)
        return Response(await keep.as_json(body), media_type="application/json", headers=headers)

    @router.put(_POLICY)
    async def put_policy(request: Request, name: str, activate: bool = True) -> Response:
        body = await received(request)
        request.state.before = await keep.before(name)
        made = await keep.publish(name, body, principal_of(request).subject, activate)
        answer = json_response(made, 201)
        answer.headers["Location"] = f"{_POLICIES}/{name}?version={made['version']}"
        answer.headers["ETag"] = f'"{made["sha256"]}"'
        return answer

    return router


def policy_check_routes(check: CheckPolicy, dry_run: DryRunPolicy, schema: bytes) -> APIRouter:
    """Return the routes that help to write a policy, and try it before it is published."""
    router = APIRouter()

    @router.get(f"{_POLICIES}/schema")
    async def get_schema() -> Response:
        return Response(schema, media_type="application/schema+json")

    @router.post(f"{_POLICIES}/validate")
    async def post_validation(request: Request) -> Response:
        return json_response(await check(await received(request)))

    @router.post(f"{_POLICY}/dry-run")
    async def post_dry_run(
        request: Request, name: str, limit: int | None = None, page_token: str | None = None
    ) -> Response:
        most, after = min(page_limit(limit), _MOST_RELEASES), read_token(page_token, str) or ""
        tried = await dry_run(name, await received(request), officer_of(request).sees, after, most)
        token = None if tried.next is None else write_token(tried.next)
        return json_response({"examined": tried.examined, "items": tried.changes, "next_page_token": token})

    return router


def policy_version_routes(keep: KeepPolicies) -> APIRouter:
    """Return the routes over the versions of one policy."""
    router = APIRouter()

    @router.get(f"{_POLICY}/versions")
    async def get_versions(name: str, limit: int | None = None, page_token: str | None = None) -> Response:
        most = page_limit(limit)
        rows = await keep.history(name, read_token(page_token, int), most + 1)
        return json_response(page(rows, most, key=lambda row: row["version"], show=lambda row: row))

    @router.post(f"{_POLICY}/activate")
    async def post_activation(request: Request, name: str) -> Response:
        version = (await decoded(request, _Activate)).version
        _check_number(version)
        request.state.before = await keep.before(name)
        return json_response(await keep.activate(name, version, principal_of(request).subject))

    return router


def _wants_yaml(request: Request) -> bool:
    """Whether the first media type of `Accept` that is known here is YAML."""
    for each in request.headers.get("accept", "").split(","):
        media = each.partition(";")[0].strip().lower()
        if media in _YAML:
            return True
        if media in ("application/json", "application/*", "*/*"):
            return False
    return False


def _check_number(version: int) -> None:
    if not 0 < version < 1 << 31:
        raise InvalidInput("version: a whole number from 1", errors=(ErrorAt("version", "a whole number from 1"),))
