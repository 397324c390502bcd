"""Which curations are certain to contradict each other: some component would match both and get different licences."""

from policy_eval.domain.decision_records import CurationBody
from policy_eval.domain.decisions import ReadRange, declared_list, target_of
from policy_eval.domain.expression_fold import canonical
from policy_eval.domain.recorded import NOTHING
from policy_eval.domain.statements import statement_of_values
from shared.licensing import parse


def contradict(one: CurationBody, other: CurationBody, read_range: ReadRange) -> bool:
    """Whether the two are certain to contradict each other; of two ranges only equal ones are certain to meet."""
    if not _differ(one, other):
        return False
    return _within(one, other, read_range) or _within(other, one, read_range)


def _differ(one: CurationBody, other: CurationBody) -> bool:
    """Whether they say different things of the same: of the package, or of a declared string."""
    if one.license is not None and other.license is not None:
        return canonical(parse(one.license)) != canonical(parse(other.license)) and _same_declared(one, other)
    ours, theirs = one.mapping or {}, other.mapping or {}
    return any(_meaning(ours[name]) != _meaning(theirs[name]) for name in ours.keys() & theirs.keys())


def _meaning(written: str) -> str:
    return written if written == NOTHING else canonical(parse(written))


def _same_declared(one: CurationBody, other: CurationBody) -> bool:
    if one.declared is None or other.declared is None:
        return True
    return statement_of_values(declared_list(one)) == statement_of_values(declared_list(other))


def _within(inner: CurationBody, outer: CurationBody, read_range: ReadRange) -> bool:
    target = target_of(outer.purl, outer.versions if inner.versions is None else None, read_range)
    if inner.versions is not None and outer.versions not in (None, inner.versions):
        return False
    return target.covers(target_of(inner.purl, None, read_range).purl, None)
