"""The rows of an evaluation: what lists show is decided once, here, and only read afterwards.

What many components share is stored once: findings point to the question they ask, paths hold positions and not names.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec

from policy_eval.application.change_ports import WaiverUse
from policy_eval.application.explanations import packed
from policy_eval.application.ports import EvaluationRows
from policy_eval.domain.component_search import license_keys
from policy_eval.domain.decisions import Waiver
from policy_eval.domain.evaluated_part import EvaluatedPart
from policy_eval.domain.evaluation import Evaluation
from policy_eval.domain.findings import Finding, Question
from policy_eval.domain.open_questions import SEVERITY_ORDER, open_questions
from policy_eval.domain.purls import package_key
from shared.contracts.decisions import DecidedComponent

_encode = msgspec.json.Encoder().encode


def rows_of(evaluation: Evaluation, evaluation_id: str, release_id: str) -> EvaluationRows:
    """Return all rows of this evaluation of the release; components in release order, findings the worst first."""
    components: list[tuple[Any, ...]] = []
    for part in evaluation.parts:
        components += _components_of(part, (evaluation_id, release_id), first=len(components))
    numbers: dict[Question, int] = {}
    findings = []
    ranked = sorted(evaluation.findings, key=_order)
    for rank, found in enumerate(ranked):
        number = numbers.setdefault(found.question, len(numbers))
        subject = _encode(found.subject) if found.component is None else None
        findings.append((evaluation_id, rank, number, found.component, found.fingerprint, subject, _waived(found)))
    questions = [(evaluation_id, number, each.severity, _encode(each)) for each, number in numbers.items()]
    licenses = _licenses_of(evaluation, evaluation_id, release_id)
    opened = open_questions(ranked)
    return EvaluationRows(components, licenses, questions, findings, opened, packed(evaluation), _uses(ranked))


def _uses(findings: Sequence[Finding]) -> list[WaiverUse]:
    """How many findings each waiver waives."""
    used = Counter(each.waiver.source.id for each in findings if each.waiver is not None)
    return [WaiverUse(waiver_id, count) for waiver_id, count in sorted(used.items())]


def _order(found: Finding) -> tuple[int, bool]:
    return SEVERITY_ORDER[found.question.severity], found.waiver is not None


def _waived(found: Finding) -> bytes | None:
    return None if found.waiver is None else _encode(shown_waiver(found.waiver))


def shown_waiver(waiver: Waiver) -> dict[str, Any]:
    """Return a waiver as a finding shows it."""
    about = {"id": waiver.source.id, "reason": waiver.source.reason, "expires_at": waiver.expires_at}
    return {**about, "approved_by": waiver.approved_by}


def _licenses_of(evaluation: Evaluation, evaluation_id: str, release_id: str) -> list[tuple[Any, ...]]:
    effective = {each.effective_license for each in evaluation.release.components if each.effective_license}
    return [(key, evaluation_id, release_id) for key in license_keys(effective)]


def _components_of(part: EvaluatedPart, of: tuple[str, str], first: int) -> list[tuple[Any, ...]]:
    paths, inventory = part.dependency_paths, part.inventory
    evaluation_id, release_id = of
    rows = []
    for position, decided in enumerate(part.components):
        shifted = _shifted(paths.paths(position), first)
        name, version = package_key(decided.purl, decided.version)
        rows.append(
            (
                evaluation_id,
                first + position,
                decided.purl,
                release_id,
                name,
                version,
                decided.name,
                decided.version,
                decided.effective_license,
                decided.category,
                decided.verdict,
                paths.is_direct(position),
                _encode(shifted) if shifted else None,
                _encode(_shown(decided, inventory.components[position].hashes)),
            )
        )
    return rows


def _shifted(paths: Sequence[Sequence[int]], by: int) -> Sequence[Sequence[int]]:
    """The paths with positions in the release instead of those in a part whose components begin at `by`."""
    return [[step + by if step >= 0 else step for step in path] for path in paths] if by else paths


def _shown(decided: DecidedComponent, hashes: dict[str, str]) -> dict[str, Any]:
    return {
        "purl": decided.purl,
        "name": decided.name,
        "version": decided.version,
        "group": decided.group,
        "part": decided.part,
        "type": decided.type,
        "scope": decided.scope,
        "occurrences": decided.occurrences,
        "declared": decided.declared,
        "license": decided.license,
        "effective_license": decided.effective_license,
        "license_source": decided.license_source,
        "category": decided.category,
        "verdict": decided.verdict,
        "linkage": decided.linkage,
        "modified": decided.modified,
        "copyright": decided.copyright,
        "hashes": hashes,
    }
