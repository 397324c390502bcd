"""Errors as `application/problem+json` (RFC 9457): one table from error codes to statuses, for every path."""

import json
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from shared.errors import ErrorAt, InvalidInput, LicetError, Unavailable

STATUS_OF_CODE = {
    "not-an-sbom": 400,
    "bad-request": 400,
    "unauthenticated": 401,
    "forbidden": 403,
    "not-found": 404,
    "too-slow": 408,
    "conflict": 409,
    "precondition-failed": 412,
    "over-limit": 413,
    "unsupported-encoding": 415,
    "invalid-input": 422,
    "not-ready": 425,
    "precondition-required": 428,
    "rate-limited": 429,
    "bad-answer": 502,
    "unavailable": 503,
    "saturated": 503,
    "timed-out": 504,
}
_SECONDS_TO_COME_BACK = 2
_CODE_OF_STATUS = {400: "bad-request", 404: "not-found", 405: "method-not-allowed", 413: "over-limit"}


def problem_type(code: str) -> str:
    """Return the stable URI of a kind of problem."""
    return f"urn:licet:problem:{code}"


def problem_response(error: LicetError, instance: str, status: int | None = None) -> Response:
    """Return the error as a problem."""
    status = status or STATUS_OF_CODE.get(error.code, 500)
    body: dict[str, Any] = {
        "type": problem_type(error.code),
        "title": error.title,
        "status": status,
        "detail": error.detail,
        "instance": instance,
    }
    if error.errors:
        body["errors"] = [{"pointer": each.pointer, "message": each.message} for each in error.errors]
    if error.limit:
        body["limit"] = error.limit
    if error.service:
        body["service"] = error.service
    return _response(status, body, _headers(error, status))


def _headers(error: LicetError, status: int) -> dict[str, str]:
    headers = {}
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="licet"'
    return headers


def _response(status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    text = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return Response(text, status, {**(headers or {}), "Content-Type": "application/problem+json"})


def http_problem(error: HTTPException, instance: str) -> Response:
    """Return an error of the framework as a problem."""
    phrase = HTTPStatus(error.status_code).phrase
    code = _CODE_OF_STATUS.get(error.status_code, phrase.lower().replace(" ", "-"))
    body = {"type": problem_type(code), "title": phrase, "status": error.status_code, "instance": instance}
    return _response(error.status_code, body | {"detail": str(error.detail)}, dict(error.headers or {}))


def fault_response(instance: str, request_id: str) -> Response:
    """Return the problem for an error that nobody foresaw; the request id finds it in the logs, and nothing is shown."""
    detail = f"This is a fault of ours. Request id {request_id} finds it in the logs."
    body = {"type": problem_type("internal"), "title": "Internal error", "status": 500, "detail": detail}
    return _response(500, body | {"instance": instance})


def away_response(instance: str, service: str) -> Response:
    """Return the problem for a database or disk that does not serve now."""
    detail = f"What {service} keeps its rows or files in does not answer; nothing is lost, try again."
    return problem_response(Unavailable(detail, service=service, retry_after=_SECONDS_TO_COME_BACK), instance)


def install_problem_handlers(app: FastAPI) -> None:
    """Make every error of the application that was foreseen, the framework's own included, a problem."""

    async def on_licet_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, LicetError)
        return problem_response(error, request.scope["path"])

    async def on_validation(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        places = tuple(ErrorAt(".".join(map(str, each["loc"])), each["msg"]) for each in error.errors())
        detail = "; ".join(f"{each.pointer}: {each.message}" for each in places) or "the request is not well-formed"
        return problem_response(InvalidInput(detail, errors=places), request.scope["path"])

    async def on_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return http_problem(error, request.scope["path"])

    app.add_exception_handler(LicetError, on_licet_error)
    app.add_exception_handler(RequestValidationError, on_validation)
    app.add_exception_handler(HTTPException, on_http)
