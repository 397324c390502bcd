"""The HTTP interface over the verdict of a release, in the form that `Accept` asks for."""

from importlib.metadata import version
from typing import Any, Final, Literal

from fastapi import APIRouter, Request, Response

from policy_eval.application.gate_for_destinations import GateAsked, GateForDestinations
from policy_eval.domain.results import junit, sarif, summary
from policy_eval.entrypoints.export_question import export_question
from policy_eval.entrypoints.http import json_response, only

_JSON: Final = "application/json"
_FORMS: Final = (_JSON, sarif.MEDIA_TYPE, junit.MEDIA_TYPE, summary.MEDIA_TYPE)
"""The first is given where the caller has no preference, or asks for what there is not."""


def gate_routes(gate: GateForDestinations) -> APIRouter:
    """Return the route over the verdict of a release."""
    router = APIRouter()

    @router.get("/api/v1/releases/{release_id}/gate")
    async def get_gate(
        request: Request,
        release_id: str,
        evaluation: str | None = None,
        fail_on: Literal["error", "warning"] = "error",
        baseline: str | None = None,
    ) -> Response:
        only(request, "evaluation", "fail_on", "baseline", "destination", "as_of", "shipment", "wait")
        shown = await gate(GateAsked(release_id, export_question(request), evaluation, fail_on, baseline))
        response = _written(shown, fail_on, preferred(request.headers.getlist("accept")))
        response.headers["vary"] = "Accept"
        return response

    return router


def preferred(accept: list[str]) -> str:
    """Return the form that the `Accept` headers like best (RFC 9110 §12.5.1), JSON where they like none."""
    ranges = [_media_range(each) for header in accept for each in header.split(",") if each.strip()]
    quality = {form: _quality(form, ranges) for form in _FORMS}
    best = max(_FORMS, key=lambda form: quality[form])
    return best if quality[best] > 0 else _JSON


def _media_range(text: str) -> tuple[str, float]:
    media, *parameters = (part.strip().lower() for part in text.split(";"))
    weights = [each.removeprefix("q=") for each in parameters if each.startswith("q=")]
    try:
        return media, float(weights[0]) if weights else 1.0
    except ValueError:
        return media, 0.0


def _quality(form: str, ranges: list[tuple[str, float]]) -> float:
    """The weight of the most specific range that the form is in."""
    by_range = dict(ranges)
    for name in (form, f"{form.partition('/')[0]}/*", "*/*"):
        if name in by_range:
            return by_range[name]
    return 0.0


def _written(gate: dict[str, Any], fail_on: str, form: str) -> Response:
    match form:
        case sarif.MEDIA_TYPE:
            response = json_response(sarif.as_sarif(gate, version("licet-policy-eval")))
            response.headers["content-type"] = form
            return response
        case junit.MEDIA_TYPE:
            return Response(junit.as_junit(gate, fail_on), media_type=form)
        case summary.MEDIA_TYPE:
            return Response(summary.as_summary(gate), media_type=f"{form}; charset=utf-8")
        case _:
            return json_response(gate)
