"""Which curations are certain to contradict each other: some component would match both and get different licences."""

from policy_eval.domain.decision_records import CurationBody
from policy_eval.domain.decisions import ReadRange, declared_list, target_of
from policy_eval.domain.expression_fold import canonical
from policy_eval.domain.statements import statement_of_values
from shared.licensing import parse


def contradict(one: CurationBody, other: CurationBody, read_range: ReadRange) -> bool:
    """Whether the two are certain to contradict each other; of two ranges only equal ones are certain to meet."""
    if canonical(parse(one.license)) == canonical(parse(other.license)) or not _same_declared(one, other):
        return False
    return _within(one, other, read_range) or _within(other, one, read_range)


def _same_declared(one: CurationBody, other: CurationBody) -> bool:
    if one.declared is None or other.declared is None:
        return True
    return statement_of_values(declared_list(one)) == statement_of_values(declared_list(other))


def _within(inner: CurationBody, outer: CurationBody, read_range: ReadRange) -> bool:
    target = target_of(outer.purl, outer.versions if inner.versions is None else None, read_range)
    if inner.versions is not None and outer.versions not in (None, inner.versions):
        return False
    return target.covers(target_of(inner.purl, None, read_range).purl, None)
