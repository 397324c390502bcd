"""The validation steps that an evaluation tells of (domain model §6.1, steps 0 to 7), from what it found."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from policy_eval.domain.categories import AMBIGUOUS, NONE_FOUND, UNKNOWN
from policy_eval.domain.choice import OPEN_CHOICE_RULE
from policy_eval.domain.component_gaps import Lack, component_gaps, is_delivered
from policy_eval.domain.evaluation import Evaluation
from policy_eval.domain.findings import Finding, FindingKind, Question, Route
from shared.contracts.inventory import Scope
from shared.contracts.steps import BY_EVALUATION, Actor, Remark, Step, StepName, StepState

_OF_KIND: Final[Mapping[FindingKind, StepName]] = {
    "quality": "intake",
    "license": "policy",
    "compatibility": "compatibility",
    "export": "export",
}
_OF_RULE: Final[Mapping[str, StepName]] = {
    **{f"license/{each}": "licenses-normalized" for each in (UNKNOWN, AMBIGUOUS, NONE_FOUND)},
    "license/unknown-exception": "licenses-normalized",
    "license/conflict": "licenses-normalized",
    "license/curation-conflict": "licenses-normalized",
    "license/curation-outdated": "licenses-normalized",
    "license/exclusion-outdated": "licenses-normalized",
    "license/and-unconfirmed": "ands-confirmed",
    OPEN_CHOICE_RULE: "choices",
}
_WANTS_EVERY_ANSWER: Final = frozenset({"ands-confirmed", "choices"})
"""Steps that a hint keeps open too, since each of their findings is a question that nobody has answered."""
_ACTORS: Final[Mapping[Route | None, Actor]] = {
    "project": "project",
    "ospo": "ospo",
    "legal": "legal",
    "export": "export-officer",
    None: "ospo",
}
_ORDER: Final[tuple[Actor, ...]] = ("machine", "project", "ospo", "legal", "export-officer")


@dataclass(slots=True)
class _Found:
    """What an evaluation has found that a step is about: unwaived findings, and remarks; by whom it is answered."""

    blocking: int = 0
    hints: int = 0
    actors: set[Actor] = field(default_factory=set)
    missing: list[Remark] = field(default_factory=list)
    noted: list[Remark] = field(default_factory=list)


def step_of_question(rule: str, kind: FindingKind) -> StepName:
    """The step that a question belongs to."""
    return _OF_RULE.get(rule, _OF_KIND[kind])


def steps_of_evaluation(evaluation: Evaluation, release_id: str, looks_at_export: bool) -> list[Step]:
    """Steps 0 to 7 of the release with this id; what an earlier evaluation or release has to do with them is not in it."""
    found = _by_step(evaluation.findings)
    url = f"/api/v1/releases/{release_id}"
    _look_at_components(evaluation, found, f"{url}/components")
    skipped: dict[StepName, bool] = {
        "compatibility": not _is_anything_delivered(evaluation),
        "export": not looks_at_export,
    }
    return [_step(name, found[name], f"{url}/findings?step={name}", skipped.get(name, False)) for name in BY_EVALUATION]


def _step(name: StepName, found: _Found, url: str, is_skipped: bool) -> Step:
    missing, noted = list(found.missing), list(found.noted)
    if found.blocking:
        missing.insert(0, Remark("findings", found.blocking, url))
    if found.hints:
        noted.insert(0, Remark("hints", found.hints, url))
    state: StepState = "open" if missing else "not-applicable" if is_skipped else "done"
    actors = [each for each in _ORDER if each in found.actors] if missing else []
    return Step(name, state, actors, missing, noted)


def _by_step(findings: Iterable[Finding]) -> defaultdict[StepName, _Found]:
    """The findings that nobody waived, counted once for each question, which most of them share."""
    questions: dict[int, Question] = {}
    counted: Counter[int] = Counter()
    for each in findings:
        if each.waiver is None:
            questions[id(each.question)] = each.question
            counted[id(each.question)] += 1
    found: defaultdict[StepName, _Found] = defaultdict(_Found)
    for key, question in questions.items():
        name = step_of_question(question.rule, question.kind)
        if question.severity == "hint" and name not in _WANTS_EVERY_ANSWER:
            found[name].hints += counted[key]
        else:
            found[name].blocking += counted[key]
            found[name].actors.add(_ACTORS[question.route])
    return found


def _look_at_components(evaluation: Evaluation, found: Mapping[StepName, _Found], url: str) -> None:
    gaps = component_gaps(evaluation)
    noted: tuple[tuple[StepName, Lack, int], ...] = (
        ("intake", "purl", gaps.without_purl),
        ("intake", "version", gaps.without_version),
        ("licenses-normalized", "license", gaps.without_license),
    )
    for name, lack, count in noted:
        if count:
            found[name].noted.append(Remark(f"components-without-{lack}", count, f"{url}?lacks={lack}"))
    exploitation = found["exploitation"]
    exploitation.noted += _by_scope("linkage-by-ecosystem", gaps.usual_linkage, url)
    exploitation.missing += _by_scope("modification-unknown", gaps.unknown_modification, f"{url}?lacks=modification")
    exploitation.actors |= {"project"}


def _by_scope(what: str, counted: Mapping[Scope, int], url: str) -> list[Remark]:
    return [Remark(what, count, url, scope) for scope, count in sorted(counted.items()) if count]


def _is_anything_delivered(evaluation: Evaluation) -> bool:
    return any(is_delivered(evaluation, each) for part in evaluation.parts for each in set(part.decisions))
