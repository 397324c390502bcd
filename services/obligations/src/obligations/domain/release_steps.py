"""The validation steps that a derivation tells of (domain model §6.1, steps 8 to 10)."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from obligations.domain.approvals import Approval, OutboundCheck
from obligations.domain.life import Life, Status
from obligations.domain.life_changes import PresentLife
from shared.contracts.decisions import DecidedRelease, UsageContext
from shared.contracts.events import ReleaseState
from shared.contracts.steps import Inherited, Remark, Step

_TO_DO: Final[tuple[Status, ...]] = ("open", "planned")
_FULFILLED: Final = frozenset({"fulfilled", "verified"})
_PROPRIETARY: Final = "LicenseRef-Proprietary"


class StepFacts(Struct, frozen=True):
    """What these steps rest on, beside what people say.

    `alternatives`: by the id of an obligation those that are fulfilled in its place; `documents`: part → SHA-256.
    """

    release: ReleaseState
    obligations: int
    failed_checks: int
    is_public: bool
    documents: dict[str, str]
    alternatives: dict[str, list[str]]


class NoticeState(Struct, frozen=True):
    """How a NOTICE came out, and who approved it."""

    open_points: int
    failed_checks: int
    approval: Approval | None


def is_public(release: DecidedRelease) -> bool:
    """Whether the release goes to the public: by its audience, or, where that is unknown, as open source."""
    context = release.context
    if context.audience is not None:
        return context.audience == "public" and bool(context.delivery)
    return "source" in context.delivery and _is_open(context)


def steps_of_derivation(
    facts: StepFacts, duties: Mapping[str, PresentLife], notice: NoticeState, check: Approval | None
) -> list[Step]:
    """Steps 8 to 10 as they stand; `duties` are all obligations by id."""
    url = f"/api/v1/releases/{facts.release.id}"
    active = {id_: each.life for id_, each in duties.items() if each.kind == "active"}
    return [
        _obligations(active, facts.alternatives, url),
        _notice(notice, facts.release.id, url),
        _outbound(facts, check, url),
    ]


def _obligations(active: Mapping[str, Life], alternatives: Mapping[str, list[str]], url: str) -> Step:
    replaced = {id_ for id_, others in alternatives.items() if any(_is_fulfilled(active.get(each)) for each in others)}
    waiting = Counter(each.status for id_, each in active.items() if not (id_ in replaced and each.status in _TO_DO))
    missing = [
        Remark(f"obligations-{status}", waiting[status], f"{url}/obligations?kind=active&status={status}")
        for status in _TO_DO
        if waiting[status]
    ]
    inherited = Counter(each.inherited_from for each in active.values() if each.inherited_from)
    return Step(
        "obligations",
        "open" if missing else "done" if active else "not-applicable",
        next=["project"] if missing else [],
        missing=missing,
        inherited=[Inherited(release, count) for release, count in sorted(inherited.items())],
    )


def _is_fulfilled(life: Life | None) -> bool:
    return life is not None and life.status in _FULFILLED


def _notice(notice: NoticeState, release_id: str, url: str) -> Step:
    missing = [
        Remark(what, count, f"{url}/notice/checks")
        for what, count in (("open-points", notice.open_points), ("failed-checks", notice.failed_checks))
        if count
    ]
    if missing:
        return Step("notice", "open", ["project"], missing)
    if notice.approval is None:
        return Step("notice", "open", ["ospo"], [Remark("approval", 1, f"{url}/notice/approval")])
    return Step("notice", "done", inherited=_from_another(notice.approval, release_id))


def _outbound(facts: StepFacts, check: Approval | None, url: str) -> Step:
    name, at = "outbound-ip-check", f"{url}/outbound-ip-check"
    if not facts.is_public:
        return Step(name, "not-applicable")
    if check is None:
        return Step(name, "open", ["ospo", "legal"], [Remark("check", 1, at)])
    blocked = check.body.blocked if isinstance(check.body, OutboundCheck) else 0
    if blocked:
        return Step(name, "open", ["legal"], [Remark("points-blocked", blocked, at)])
    return Step(name, "done", inherited=_from_another(check, facts.release.id))


def _from_another(approval: Approval, release_id: str) -> list[Inherited]:
    return [] if approval.release == release_id else [Inherited(approval.release, 1)]


def _is_open(context: UsageContext) -> bool:
    return context.outbound not in (None, _PROPRIETARY)
