"""Which conditions hold wherever others hold: how a rule that is never reached is found."""

from policy_eval.domain.conditions import AllOf, Condition, Delivered, FactIs, OfFamily


def covers(wider: AllOf, narrower: AllOf) -> bool:
    """Whether the first surely holds wherever the second holds; false where it cannot be told."""
    return all(any(_implied(wanted, given) for given in narrower.conditions) for wanted in wider.conditions)


def contradicts_itself(condition: AllOf) -> bool:
    """Whether two of the conditions never hold together."""
    licenses = [each for each in condition.conditions if isinstance(each, FactIs) and each.name == "license"]
    families = [each for each in condition.conditions if isinstance(each, OfFamily)]
    return any(not family.has(str(name)) for family in families for each in licenses for name in each.accepted)


def _implied(wanted: Condition, given: Condition) -> bool:
    match wanted, given:
        case FactIs(), FactIs():
            # A fact without accepted values stands for a rule that could not be read.
            return wanted.name == given.name and bool(given.accepted) and set(given.accepted) <= set(wanted.accepted)
        case OfFamily(), FactIs(name="license", accepted=accepted):
            return bool(accepted) and all(wanted.has(str(name)) for name in accepted)
        case OfFamily(), OfFamily():
            return wanted.has(given.family)
        case Delivered(), Delivered():
            return wanted.delivery == given.delivery
    return False
