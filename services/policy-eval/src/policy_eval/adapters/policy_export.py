"""Reads what a policy file asks of export, context by context."""

from collections.abc import Mapping, Sequence
from typing import Final, get_args

from policy_eval.adapters.export_files import shipped_law
from policy_eval.adapters.policy_node import PolicyNode
from policy_eval.domain.export.export_policy import ExportPolicy, ExportSeverity

_SEVERITIES: Final[tuple[ExportSeverity, ...]] = get_args(ExportSeverity)


def read_export(node: PolicyNode, contexts: Sequence[str]) -> Mapping[str, ExportPolicy]:
    """The export policy of each context that has one."""
    return {name: _export(entry) for name, entry in node.fields(required=[], optional=contexts).items()}


def _export(node: PolicyNode) -> ExportPolicy:
    fields = node.fields(required=["published", "found", "asked"], optional=["jurisdictions"])
    found = fields["found"]
    return ExportPolicy(
        published=fields["published"].flag(),
        jurisdictions=fields["jurisdictions"].words(_jurisdictions())
        if "jurisdictions" in fields
        else _jurisdictions(),
        found=None if found.value is None else found.word(_SEVERITIES),
        asked=fields["asked"].word(_SEVERITIES),
    )


def _jurisdictions() -> tuple[str, ...]:
    return shipped_law().lists.jurisdictions
