"""Export verdicts as findings of a release: one question for the release, never one for each component."""

from collections.abc import Mapping, Sequence
from typing import Final

from policy_eval.domain.export.assessment import Assessment, Item, Verdict
from policy_eval.domain.export.detection import PRODUCT, CryptoFinding
from policy_eval.domain.export.export_policy import ExportPolicy
from policy_eval.domain.export.inspection import unknown
from policy_eval.domain.export.terms import ExportVerdict, severity
from policy_eval.domain.findings import Finding, Question, Severity, Subject, fingerprint
from policy_eval.domain.purls import purl_name

_SHOWN: Final = 10
_MOST_PATHS: Final = 5
_ALWAYS_ERRORS: Final = frozenset({"prohibited", "licence-required", "notification-first"})
_FIX: Final[Mapping[ExportVerdict, str]] = {
    "prohibited": "Do not ship. Ask the export officer to look at the screening or the sanction.",
    "licence-required": "Do not ship there without a licence. Ask the export officer, or leave the destination out.",
    "needs-classification": "Have an export officer classify the release (POST /api/v1/export-classifications), with code, "
    "reason and date, and state Note 3 where it is mass market (POST /api/v1/export-statements); then evaluate again.",
    "unclassified": "State the cryptography of the release (POST /api/v1/export-statements) or of its packages in the SBOM, "
    "or have an export officer classify it.",
    "notification-first": "Send the e-mail that POST /api/v1/notifications writes, record when it was sent, and evaluate "
    "again.",
    "review": "Ask the export officer for a decision; the reason says on what.",
    "exception-available": "Put on file what the exception asks for; the reason names it.",
    "published-not-subject": "Nothing to do.",
    "not-controlled": "Nothing to do.",
}


def export_finding(
    assessment: Assessment, item: Item, policy: ExportPolicy, project: str, asked: bool
) -> Finding | None:
    """The one finding about the export of a release; None where nothing is open, or nobody wants to know."""
    open_ = [each for each in assessment.verdicts if _severity(each, policy, asked) is not None]
    if not open_:
        return None
    worst = max(open_, key=lambda each: (each.blocks, severity(each.verdict)))
    told = _severity(worst, policy, asked)
    assert told is not None
    question = Question(
        rule=f"export/{worst.verdict}",
        severity=told,
        kind="export",
        license=None,
        identity="\x1e".join((worst.destination or "", *_identities(item.found))),
        route="export",
        message=_message(worst, open_, item, assessment.evidence),
        how_to_fix=_FIX[worst.verdict],
        paths=_paths(worst, item),
    )
    return Finding(fingerprint(question, project), question, Subject(None, project), None)


def _severity(verdict: Verdict, policy: ExportPolicy, asked: bool) -> Severity | None:
    wanted = policy.asked if asked else policy.found
    if wanted is None:
        return None
    if verdict.verdict == "unclassified" and not asked and wanted != "error":
        return None
    if verdict.blocks:
        return "error" if verdict.verdict in _ALWAYS_ERRORS else wanted
    return "warning" if verdict.verdict == "unclassified" else None


def _message(worst: Verdict, open_: Sequence[Verdict], item: Item, evidence: Mapping[str, str]) -> str:
    told = (f"{each.jurisdiction}: {each.verdict} by {each.rule.id} ({each.rule.reference})" for each in open_)
    verdicts = f"{'; '.join(told)}. {worst.why}"
    missing = dict.fromkeys(evidence[name] for each in open_ for name in each.missing)
    lacking = f" Missing: {'; '.join(missing)}." if missing else ""
    return f"{verdicts}{_components(item)}{lacking}"


def _components(item: Item) -> str:
    with_crypto = [each for each in item.found if each and each.may_be_confidential and not each.is_suspicion]
    own = [each for each in with_crypto if each.source != "inherited"]
    nobody_knows = unknown(item.components, item.found)
    found = f" {len(own)} components have cryptography for confidentiality: {_some([each.subject for each in own])}."
    not_known = f" Nothing is known of {len(nobody_knows)}: {_some([each.subject for each in nobody_knows])}."
    return (found if own else "") + (not_known if nobody_knows else "")


def _paths(worst: Verdict, item: Item) -> tuple[tuple[str, ...], ...]:
    """The ways from the product to the part that is judged most severely; to what it holds, where that is the product."""
    is_product = worst.part.purl is None and worst.part.name == PRODUCT
    own = [each for each in item.found if each and each.may_be_confidential and each.source != "inherited"]
    looked_at = own if is_product else [worst.part.finding]
    ways = {each.path[1:] if each.path[:1] == (PRODUCT,) else each.path for each in looked_at if each}
    return tuple(sorted(filter(None, ways), key=lambda way: (len(way), way))[:_MOST_PATHS])


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(name[:120] for name in names[:_SHOWN])
    return shown + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")


def _identities(found: Sequence[CryptoFinding | None]) -> list[str]:
    """What has cryptography, without versions: another package asks the question anew, another version does not."""
    counted = [each.subject for each in found if each and each.may_be_confidential and each.source != "inherited"]
    return sorted({purl_name(each) or each for each in counted})
