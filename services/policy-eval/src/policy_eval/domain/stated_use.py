"""What people say of how a release and its components are used, in place of what documents say and what is usual.

Values are inherited from the release to a scope and on to a component (domain model §1): the narrowest counts, and of two
that are as narrow the newer.
"""

from collections.abc import Sequence
from typing import Any

from msgspec import structs

from policy_eval.domain.decision_records import OF_DELIVERY, OF_USAGE
from policy_eval.domain.decisions import Source, StatedUse
from policy_eval.domain.recorded import step_of
from policy_eval.domain.trace import TraceStep
from policy_eval.domain.usage import Usage
from shared.contracts.decisions import NO_OUTBOUND, OwnContext, UsageContext


def context_as_stated(context: UsageContext, uses: Sequence[StatedUse]) -> UsageContext:
    """The usage context with what is said of the release as a whole."""
    said = {name: value for name, (value, _) in _said(_of_whole(uses), OF_DELIVERY).items()}
    if said.get("outbound") == NO_OUTBOUND:
        said["outbound"] = None
    return structs.replace(context, **said) if said else context


def usage_as_stated(usage: Usage, uses: Sequence[StatedUse]) -> Usage:
    """The usage with what is said of the component; code that is copied counts as modified, a tool is not shipped."""
    said = {name: value for name, (value, _) in _said(uses, OF_USAGE).items()}
    used = structs.replace(usage, **said)
    return structs.replace(
        used,
        modified=used.modified or used.linkage == "copied",
        shipped=used.shipped and used.linkage != "dev-tool",
        own_context=_own_context(uses),
    )


def steps_of(uses: Sequence[StatedUse]) -> tuple[TraceStep, ...]:
    """The steps that say which word of people counts for which fact of the usage."""
    said = _said(uses, (*OF_USAGE, *OF_DELIVERY))
    return tuple(step_of("used", f"{name} is {_written(value)}", source) for name, (value, source) in said.items())


def modified_as_stated(uses: Sequence[StatedUse]) -> bool | None:
    """Whether people say that the component is modified; None where they say nothing."""
    said = _said(uses, ("modified",))
    return said["modified"][0] if said else None


def says_linkage(uses: Sequence[StatedUse]) -> bool:
    """Whether people say how the component is linked."""
    return any("linkage" in each.said for each in uses)


def _own_context(uses: Sequence[StatedUse]) -> OwnContext | None:
    """What is said of the delivery of a scope or a package, since what is said of the release is in its context."""
    whole = _of_whole(uses)
    said = {
        name: value for name, (value, _) in _said([each for each in uses if each not in whole], OF_DELIVERY).items()
    }
    if "delivery" in said:
        said["delivery"] = tuple(said["delivery"])
    return OwnContext(**said) if said else None


def _of_whole(uses: Sequence[StatedUse]) -> list[StatedUse]:
    return [each for each in uses if each.target.purl is None and each.scope is None]


def _said(uses: Sequence[StatedUse], names: Sequence[str]) -> dict[str, tuple[Any, Source]]:
    """What counts of each fact, and who has said it."""
    found: dict[str, tuple[Any, Source]] = {}
    for use in sorted(uses, key=lambda each: each.precedence):
        found |= {name: (use.said[name], use.source) for name in names if name in use.said}
    return dict(sorted(found.items()))


def _written(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(value) or "none"
    return value if isinstance(value, str) else str(value).lower()
