"""The HTTP interface of decisions as files of the OSS Review Toolkit."""

from dataclasses import asdict

from fastapi import APIRouter, Request, Response

from policy_eval.application.exchange_ort import ORT_KINDS, ExchangeOrt, OrtKind
from policy_eval.entrypoints.decisions import PATHS, reviewer_of
from policy_eval.entrypoints.http import json_response, only
from shared.errors import ErrorAt, InvalidInput
from shared.web.bodies import received


def ort_routes(exchange: ExchangeOrt) -> APIRouter:
    """Return the routes that take files of ORT over."""
    router = APIRouter()
    for kind in ORT_KINDS:
        _add_import(router, exchange, kind)
    return router


def _add_import(router: APIRouter, exchange: ExchangeOrt, kind: OrtKind) -> None:
    @router.post(f"{PATHS[kind]}/import")
    async def post_import(request: Request) -> Response:
        parameters = {"license-choice": ("project",), "license-classification": ("category",)}.get(kind, ())
        only(request, *parameters)
        project = request.query_params.get("project") or None
        categories = dict(_pair(each) for each in request.query_params.getlist("category"))
        done = await exchange.take(kind, reviewer_of(request), await received(request), project, categories)
        return json_response(asdict(done))


def _pair(written: str) -> tuple[str, str]:
    theirs, colon, ours = written.rpartition(":")
    if not colon:
        message = "theirs:ours, such as copyleft:strong-copyleft"
        raise InvalidInput(f"category: {message}", errors=(ErrorAt("category", message),))
    return theirs, ours
