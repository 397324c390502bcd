"""What confirmations and exclusions make of a licence, after it was curated and before anything is chosen in it."""

from dataclasses import replace

from policy_eval.domain.answers import Answers
from policy_eval.domain.decisions import Exclusion
from policy_eval.domain.expression_fold import canonical
from policy_eval.domain.recorded import Doubt, Recorded, step_of
from shared.licensing import And, Expression, all_of


def confirmed(recorded: Recorded, answers: Answers) -> Recorded:
    """The licence, no more in doubt where somebody has confirmed just this AND of all that is stated."""
    mapped = recorded.mapped
    if not (mapped.and_unconfirmed and answers.confirmations and mapped.expression is not None and mapped.is_complete):
        return recorded
    stated = canonical(mapped.expression)
    fitting = next((each for each in answers.confirmations if each.license == stated), None)
    if fitting is None:
        return recorded
    step = step_of("confirmed", f"all of {mapped.expression} apply", fitting.source)
    settled = replace(mapped, and_unconfirmed=False)
    return replace(recorded, mapped=settled, steps=(*recorded.steps, step))


def excluded(recorded: Recorded, answers: Answers) -> Recorded:
    """The licence without what people have excluded from what is delivered; the component as a whole is then not shipped."""
    for each in answers.exclusions:
        recorded = _whole(recorded, each) if each.license is None else _operand(recorded, each, each.license)
    return recorded


def _whole(recorded: Recorded, exclusion: Exclusion) -> Recorded:
    step = step_of("excluded", "no part of what is delivered", exclusion.source)
    return replace(recorded, steps=(*recorded.steps, step))


def _operand(recorded: Recorded, exclusion: Exclusion, license_: str) -> Recorded:
    left = _without(recorded.expression, license_)
    if left is None:
        return replace(recorded, doubts=(*recorded.doubts, _outdated(exclusion, license_, recorded)))
    step = step_of("excluded", f"{license_}, which leaves {left}", exclusion.source)
    return replace(recorded, left=left, steps=(*recorded.steps, step))


def _without(expression: Expression | None, license_: str) -> Expression | None:
    """What is left of an AND without this operand; None where it is none of its operands."""
    if not isinstance(expression, And):
        return None
    kept = [each for each in expression.operands if canonical(each) != license_]
    return all_of(kept) if kept and len(kept) < len(expression.operands) else None


def _outdated(exclusion: Exclusion, license_: str, recorded: Recorded) -> Doubt:
    says = str(recorded.expression) if recorded.expression is not None else "no licence that could be read"
    message = (
        f"The exclusion {exclusion.source.id} leaves {license_} out, which is no operand of an AND here: the component is "
        f"under {says}. The exclusion is not applied."
    )
    return Doubt("license/exclusion-outdated", (exclusion.source,), message)
