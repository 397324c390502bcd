"""The rows of an evaluation: what lists show is decided once, here, and only read afterwards.

What many components share is stored once: findings point to the question they ask, paths hold positions and not names.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct

from policy_eval.application.change_ports import WaiverUse
from policy_eval.application.difference import NOTHING_SHARED, Shared
from policy_eval.application.evaluation_rows import EvaluationRows
from policy_eval.application.explanations import Explanations, explained, packed
from policy_eval.domain.component_search import license_keys
from policy_eval.domain.decisions import Waiver
from policy_eval.domain.evaluated_part import EvaluatedPart
from policy_eval.domain.evaluation import Evaluation
from policy_eval.domain.findings import Finding, Question
from policy_eval.domain.open_questions import SEVERITY_ORDER, open_questions
from policy_eval.domain.purls import package_key
from shared.contracts.decisions import DecidedComponent

_encode = msgspec.json.Encoder().encode


class _Shown(Struct, gc=False):
    """What lists show of a component, in this order."""

    purl: str | None
    name: str
    version: str | None
    group: str | None
    part: str
    type: str
    scope: str
    occurrences: int
    declared: list[str]
    license: str | None
    effective_license: str | None
    license_source: str | None
    category: str
    verdict: str
    linkage: str | None
    modified: bool | None
    copyright: list[str]
    hashes: dict[str, str]


def rows_of(
    evaluation: Evaluation,
    evaluation_id: str,
    release_id: str,
    explanations: Explanations | None = None,
    shared: Shared = NOTHING_SHARED,
) -> EvaluationRows:
    """Return all rows of this evaluation of the release; components in release order, findings the worst first.

    `explanations` are those of the evaluation, if they are known. `shared` is what it shares with an earlier one.
    """
    components = [] if shared.components_of else _components(evaluation, (evaluation_id, release_id))
    numbers: dict[Question, int] = {}
    known: dict[int, int] = {}  # by the object, since most findings share theirs
    findings = []
    ranked = sorted(evaluation.findings, key=_order)
    for rank, found in enumerate(ranked):
        number = known.get(id(found.question))
        if number is None:
            number = known[id(found.question)] = numbers.setdefault(found.question, len(numbers))
        subject = _encode(found.subject) if found.component is None else None
        waived = None if found.waiver is None else _encode(shown_waiver(found.waiver))
        findings.append((evaluation_id, rank, number, found.component, found.fingerprint, subject, waived))
    questions = [(evaluation_id, number, each.severity, _encode(each)) for each, number in numbers.items()]
    licenses = _licenses_of(evaluation, evaluation_id, release_id)
    opened = open_questions(ranked)
    explanation = packed(explanations or explained(evaluation))
    uses, components_of = _uses(ranked), shared.components_of
    return EvaluationRows(components, licenses, questions, findings, opened, explanation, uses, components_of)


def _uses(findings: Sequence[Finding]) -> list[WaiverUse]:
    """How many findings each waiver waives."""
    used = Counter(each.waiver.source.id for each in findings if each.waiver is not None)
    return [WaiverUse(waiver_id, count) for waiver_id, count in sorted(used.items())]


def _order(found: Finding) -> tuple[int, bool]:
    return SEVERITY_ORDER[found.question.severity], found.waiver is not None


def shown_waiver(waiver: Waiver) -> dict[str, Any]:
    """Return a waiver as a finding shows it."""
    about = {"id": waiver.source.id, "reason": waiver.source.reason, "expires_at": waiver.expires_at}
    return {**about, "approved_by": waiver.approved_by}


def _licenses_of(evaluation: Evaluation, evaluation_id: str, release_id: str) -> list[tuple[Any, ...]]:
    decisions = {each for part in evaluation.parts for each in part.decisions}
    effective = {each.effective_license for each in decisions if each.effective_license}
    return [(key, evaluation_id, release_id) for key in license_keys(effective)]


def _components(evaluation: Evaluation, of: tuple[str, str]) -> list[tuple[Any, ...]]:
    """The rows of all components, in their order."""
    rows: list[tuple[Any, ...]] = []
    for part in evaluation.parts:
        rows += _components_of(part, of, len(rows))
    return rows


def _components_of(part: EvaluatedPart, of: tuple[str, str], first: int) -> list[tuple[Any, ...]]:
    of_position, components, inventory = part.dependency_paths.paths, part.components, part.inventory
    evaluation_id, release_id = of
    rows = []
    for position, decided in enumerate(components):
        paths = of_position(position)
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
                bool(paths) and len(paths[0]) == 1,
                _encode(_shifted(paths, first) if first else paths) if paths else None,
                _encode(_shown(decided, inventory.components[position].hashes)),
            )
        )
    return rows


def _shifted(paths: Sequence[Sequence[int]], by: int) -> Sequence[Sequence[int]]:
    """The paths with positions in the release instead of those in a part whose components begin at `by`."""
    return [[step + by if step >= 0 else step for step in path] for path in paths]


def _shown(decided: DecidedComponent, hashes: dict[str, str]) -> _Shown:
    # By place, as these are made by the hundred thousand.
    return _Shown(
        decided.purl,
        decided.name,
        decided.version,
        decided.group,
        decided.part,
        decided.type,
        decided.scope,
        decided.occurrences,
        decided.declared,
        decided.license,
        decided.effective_license,
        decided.license_source,
        decided.category,
        decided.verdict,
        decided.linkage,
        decided.modified,
        decided.copyright,
        hashes,
    )
