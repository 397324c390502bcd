"""Warns of licence ids and expressions that later steps will not understand as written."""

from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.license_checks import expression_fault, judge_license_id
from sbom_ingest.domain.outcome import breaks_specification


def check_license_id(license_id: str, draft: Draft, pointer: str) -> None:
    """Refuse an id that is a known one cut short; warn of one that the SPDX list does not have, or spells otherwise."""
    match judge_license_id(license_id):
        case "known":
            pass
        case "truncated":
            raise breaks_specification(pointer, f"{license_id!r} is no SPDX id; write {license_id + '.0'!r}, or a name")
        case "other-case":
            draft.warn("license-id-case", f"{license_id!r} differs from the SPDX id in letter case", pointer)
        case "unknown":
            draft.warn("unknown-license-id", f"{license_id[:80]!r} is not on the SPDX list known here", pointer)


def check_expression(expression: str, draft: Draft, pointer: str) -> None:
    """Warn of an expression that cannot be read as SPDX writes them."""
    fault = expression_fault(expression)
    if fault is not None:
        draft.warn("license-expression", f"{expression[:80]!r} {fault}", pointer)
