"""What the query of a request asks about the export of a release."""

from fastapi import Request

from policy_eval.application.gate_for_destinations import read_destinations
from policy_eval.application.judge_export import ExportQuestion


def export_question(request: Request) -> ExportQuestion:
    """Return it by `destination`, `as_of` and `shipment`; the last one where one is repeated that is asked once."""
    query = request.query_params
    destinations = read_destinations(query.getlist("destination"))
    return ExportQuestion(tuple(destinations), query.get("as_of"), query.get("shipment"))
