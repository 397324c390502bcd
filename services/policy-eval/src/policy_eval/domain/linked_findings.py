"""Findings of components that are linked into one work and whose licences contradict each other (ADR 25).

The cost grows with the edges and with the distinct licences, never with pairs of components.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from policy_eval.domain.compatibility import Compatibility
from policy_eval.domain.effective_license import Decision
from policy_eval.domain.evaluated_part import EvaluatedPart
from policy_eval.domain.evaluation import Evaluation
from policy_eval.domain.findings import Finding, Question, Subject, finding, fingerprint
from policy_eval.domain.linked_conflicts import Conflict, LinkedConflicts, LinkedLicense, Single
from policy_eval.domain.linked_works import LinkedWorks, Meeting
from policy_eval.domain.mapping import Normalise
from shared.contracts.decisions import UsageContext
from shared.contracts.inventory import ROOT

RULE: Final = "compatibility/linked"
CUT_RULE: Final = "compatibility/linked-not-all"
MOST_COMPARED: Final = 50_000
MOST_SOUGHT: Final = 200
_MOST_STEPS: Final = 8
_READINGS: Final = {
    "dynamic": " That dynamic linking makes one work is the reading of the FSF; others differ.",
    "package": " That an import makes one work is the reading of the FSF; others differ.",
}

_Places = Mapping[LinkedLicense, list[int]]
_LinkedBy = Mapping[Decision, LinkedLicense | None]
_Sought = tuple[Conflict, LinkedLicense, frozenset[LinkedLicense]]


def linked_findings(evaluation: Evaluation, compatibility: Compatibility, normalise: Normalise) -> tuple[Finding, ...]:
    """One finding for each component whose licence demands the whole work, and each licence that it meets and contradicts.

    Where more than MOST_COMPARED pairs of licences would have to be compared, or MOST_SOUGHT ones that conflict to be
    sought in the graph of a part, a finding on the part says that not all were.
    """
    conflicts = LinkedConflicts(compatibility)
    found: list[Finding] = []
    first = 0
    for part in evaluation.parts:
        linked = {each: _linked(each, normalise, evaluation.context) for each in set(part.decisions)}
        found += _of_part(part, conflicts, linked, first, evaluation.inventory.project)
        first += len(part.decisions)
    return tuple(found)


def _of_part(
    part: EvaluatedPart, conflicts: LinkedConflicts, linked: _LinkedBy, first: int, project: str
) -> Iterator[Finding]:
    demanding = _demanding(conflicts, linked)
    if not demanding:
        return
    works = LinkedWorks(part)
    places = _places(part, works, linked)
    sought, is_cut = _sought(conflicts, places, demanding)
    if is_cut:
        yield _cut(part.name)
    for conflict, one, others in sought:
        found = works.meetings(places[one], [position for other in others for position in places[other]])
        for position, meeting in found.items():
            question = _question(part, conflict, one, meeting, project)
            yield finding(question, part.inventory.components[position], first + position)


def _demanding(conflicts: LinkedConflicts, linked: _LinkedBy) -> list[LinkedLicense]:
    """The licences of the part that demand the whole work; there are none in most, which spares all else."""
    distinct = set(linked.values())
    return sorted((each for each in distinct if each and conflicts.demands_all(each)), key=lambda each: each.order)


def _places(part: EvaluatedPart, works: LinkedWorks, linked: _LinkedBy) -> _Places:
    places: dict[LinkedLicense, list[int]] = defaultdict(list)
    for position in sorted(works.members):
        found = linked[part.decisions[position]]
        if found is not None:
            places[found].append(position)
    return places


def _linked(decision: Decision, normalise: Normalise, context: UsageContext) -> LinkedLicense | None:
    """The licence of what is linked and delivered in some way; None of all else, which is no part of the work."""
    usage = decision.usage
    delivery = frozenset[str](context.of(usage.own_context).delivery)
    if (
        not delivery
        or decision.effective_license is None
        or not usage.shipped
        or usage.linkage in (None, "separate", "dev-tool")
    ):
        return None
    expression = normalise(decision.effective_license).expression
    return None if expression is None else LinkedLicense(expression, usage.linkage, usage.modified, delivery)


def _sought(conflicts: LinkedConflicts, places: _Places, demanding: list[LinkedLicense]) -> tuple[list[_Sought], bool]:
    """What conflicts, by the two single licences, and whether anything was left out."""
    pairs, all_compared = _worth_comparing(conflicts, places, demanding)
    met: dict[tuple[LinkedLicense, str, str], tuple[Conflict, list[LinkedLicense]]] = {}
    for one, other in pairs[:MOST_COMPARED]:
        conflict = conflicts.between(one, other)
        if conflict is not None:
            key = (one, str(conflict.demanding), str(conflict.other))
            met.setdefault(key, (conflict, []))[1].append(other)
    sought = [(conflict, one, frozenset(others)) for (one, *_), (conflict, others) in met.items()]
    is_whole = all_compared and len(pairs) <= MOST_COMPARED and len(sought) <= MOST_SOUGHT
    return sought[:MOST_SOUGHT], not is_whole


def _worth_comparing(
    conflicts: LinkedConflicts, places: _Places, demanding: list[LinkedLicense]
) -> tuple[list[tuple[LinkedLicense, LinkedLicense]], bool]:
    singles = {each: conflicts.singles(each) for each in sorted(places, key=lambda each: each.order)}
    distinct = frozenset(single for each in singles.values() for single in each)
    contradictions, all_compared = conflicts.contradictions(distinct, MOST_COMPARED)
    pairs = []
    for one in (each for each in demanding if each in places):
        contradicted = frozenset[Single]().union(*(contradictions.get(single, ()) for single in singles[one]))
        pairs += [(one, other) for other, its in singles.items() if not contradicted.isdisjoint(its)]
    return pairs, all_compared


def _question(part: EvaluatedPart, conflict: Conflict, one: LinkedLicense, meeting: Meeting, project: str) -> Question:
    components = part.inventory.components
    mine, other = (components[way[-1]].name for way in (meeting.to_one, meeting.to_other))
    ways = "; ".join(_way(part, each, project) for each in (meeting.to_one, meeting.to_other))
    demanding, met, outcome = conflict.demanding, conflict.other, conflict.outcome
    return Question(
        rule=RULE,
        severity="error",
        kind="compatibility",
        license=part.decisions[meeting.to_one[-1]].effective_license,
        identity=f"{demanding}\x1e{met}",
        route="legal",
        message=f"{mine} under {demanding} and {other} under {met} are linked into one work, which {demanding} demands "
        f"for itself: {outcome.why} ({outcome.source}). Linked by: {ways}.{_READINGS.get(one.linkage, '')}",
        how_to_fix=f"Replace {mine} or {other} by a component under other terms; or take a version or branch of the "
        f"licences that goes with the other; or run one of them as a process of its own and say so (licet:linkage = "
        f"separate); or obtain other terms, or an exception, from the holders of {mine}.",
    )


def _way(part: EvaluatedPart, way: tuple[int, ...], project: str) -> str:
    names = [project if each == ROOT else part.inventory.components[each].name for each in way]
    if len(names) > _MOST_STEPS:
        half = _MOST_STEPS // 2
        names = [*names[:half], "…", *names[-half:]]
    return " → ".join(names)


def _cut(part: str) -> Finding:
    message = (
        f"The part {part!r} links so many different licences that only {MOST_COMPARED:,} pairs were compared and "
        f"{MOST_SOUGHT} that conflict were sought."
    )
    fix = "Upload the work in parts, or replace the components that are found; then those that are left are compared."
    question = Question(CUT_RULE, "error", "compatibility", None, "", "legal", message, fix)
    return Finding(fingerprint(question, part), question, Subject(None, part), None)
