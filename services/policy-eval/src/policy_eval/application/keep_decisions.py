"""Keep what people decide about licences: add, end and list; nothing is deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from msgspec import structs

from policy_eval.application.change_ports import Reevaluation, ReevaluationRequests
from policy_eval.application.check_decision import CheckDecision
from policy_eval.application.expiry import check_review_date, refused
from policy_eval.application.record_ports import DecisionRecords, DecisionReviews
from policy_eval.application.shown_decision import shown_decision
from policy_eval.domain.decision_records import (
    APPROVED,
    REVIEWED,
    CurationBody,
    DecisionKind,
    DecisionRecord,
    DecisionState,
    Review,
    WaiverBody,
    is_expired,
)
from policy_eval.domain.project_patterns import EVERYWHERE, covers, overlap
from policy_eval.domain.purls import purl_name
from shared.clock import Clock, NewId, timestamp
from shared.errors import Conflict, NotFound


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who acts: the principal, its roles, and the patterns of projects that it may see."""

    subject: str
    roles: tuple[str, ...]
    projects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeepDecisions:
    """The use case, with what it needs."""

    records: DecisionRecords
    reviews: DecisionReviews
    check: CheckDecision
    reevaluations: ReevaluationRequests
    clock: Clock
    new_id: NewId
    two_people: bool = False
    """Whether what changes verdicts as a policy does takes two people: a waiver always does."""

    async def add(self, kind: DecisionKind, reviewer: Reviewer, body: dict[str, Any]) -> dict[str, Any]:
        """File a decision; raises InvalidInput, Conflict, and NotFound for a project that the reviewer may not see."""
        record = self._drafted(kind, reviewer, self.check.read(kind, body))
        await self._store(record)
        self.reevaluations.wake()
        return shown_decision(record)

    async def file(self, kind: DecisionKind, reviewer: Reviewer, body: dict[str, Any]) -> DecisionRecord | None:
        """File one of many, after which somebody calls `wake`; None if the same is in effect. Raises as `add`."""
        record = self._drafted(kind, reviewer, self.check.read(kind, body))
        for each in await self.records.on_package(kind, _package_of(record)):
            if each.scope == record.scope and _said(each) == _said(record):
                return None
        await self._store(record)
        return record

    def _drafted(self, kind: DecisionKind, reviewer: Reviewer, content: Any) -> DecisionRecord:
        waits = kind == "waiver" or (kind in APPROVED and self.two_people)
        state: DecisionState = "proposed" if waits else "in-effect"
        return DecisionRecord(
            id=self.new_id(),
            kind=kind,
            state=state,
            scope=_scope(content, reviewer),
            created_at=timestamp(self.clock.now()),
            created_by=reviewer.subject,
            body=msgspec.Raw(msgspec.json.encode(content)),
        )

    async def _store(self, record: DecisionRecord) -> None:
        await self.check.fits(record)
        await self.records.add(record, _package_of(record), self._request(record))

    async def approve(self, kind: DecisionKind, reviewer: Reviewer, id_: str) -> dict[str, Any]:
        """Put a proposed decision into effect; raises Conflict for who proposed it, and for one that is not proposed."""
        record = await self._owned(kind, reviewer, id_)
        if record.created_by == reviewer.subject:
            raise Conflict(f"Nobody approves their own {kind}: somebody else has to.")
        if record.state != "proposed":
            raise Conflict(f"This {kind} is {record.state} and not proposed.")
        now = self.clock.now()
        if is_expired(record, now):
            raise Conflict(f"This {kind} has expired.")
        approved = structs.replace(
            record,
            state="in-effect",
            approved_at=timestamp(now),
            approved_by=reviewer.subject,
            approved_roles=sorted(reviewer.roles),
        )
        await self.check.fits(approved)
        return await self._changed(approved, record)

    async def end(self, kind: DecisionKind, reviewer: Reviewer, id_: str) -> dict[str, Any]:
        """End the effect of a decision, which stays on file; raises Conflict for one that is ended already."""
        record = await self._owned(kind, reviewer, id_)
        if record.state == "ended":
            raise Conflict(f"This {kind} is ended already.")
        now = timestamp(self.clock.now())
        ended = structs.replace(record, state="ended", ended_at=now, ended_by=reviewer.subject)
        return await self._changed(ended, record)

    async def before(self, kind: DecisionKind, id_: str) -> dict[str, Any]:
        """Return what of a decision an approval or an end changes; raises NotFound."""
        return {"state": (await self.records.get(kind, id_)).state}

    async def review(
        self, kind: DecisionKind, reviewer: Reviewer, id_: str, comment: str, review_date: date | None
    ) -> dict[str, Any]:
        """Note that somebody else than its author has looked at a decision in effect, and when to look next.

        Raises Conflict for its author and for one that is not in effect, InvalidInput for a day that cannot be.
        """
        record = await self._owned(kind, reviewer, id_)
        if record.created_by == reviewer.subject:
            raise Conflict(f"Nobody reviews their own {kind}: somebody else has to.")
        now = self.clock.now()
        if record.state != "in-effect" or is_expired(record, now):
            raise Conflict(f"Only what is in effect is reviewed, and this {kind} is not.")
        if review_date is not None:
            check_review_date(review_date, now, _end_of(record))
        await self.reviews.add(Review(record.id, timestamp(now), reviewer.subject, comment, review_date))
        return (await self.shown([record]))[0]

    async def shown(self, records: Sequence[DecisionRecord]) -> list[dict[str, Any]]:
        """Return decisions as the API shows them."""
        reviews = await self.reviews.of([each.id for each in records if each.kind in REVIEWED])
        return [shown_decision(each, reviews.get(each.id, ())) for each in records]

    async def page(
        self, kind: DecisionKind, reviewer: Reviewer, before: str | None, limit: int
    ) -> list[DecisionRecord]:
        """Return decisions, the newest first, that hold in projects which the caller may see."""
        found: list[DecisionRecord] = []
        while len(found) < limit:
            rows = await self.records.page(kind, before, limit)
            found += [each for each in rows if overlap(each.scope, reviewer.projects)]
            if len(rows) < limit:
                break
            before = rows[-1].id
        return found[:limit]

    async def _owned(self, kind: DecisionKind, reviewer: Reviewer, id_: str) -> DecisionRecord:
        record = await self.records.get(kind, id_)
        if not covers(reviewer.projects, record.scope):
            raise NotFound(f"There is no {kind} {id_!r} that this key may change.")
        return record

    async def _changed(self, record: DecisionRecord, before: DecisionRecord) -> dict[str, Any]:
        has_effect = "in-effect" in (record.state, before.state)
        if not await self.records.change(record, before.state, self._request(record) if has_effect else None):
            raise Conflict(f"This {record.kind} has just been changed.")
        self.reevaluations.wake()
        return (await self.shown([record]))[0]

    def _request(self, record: DecisionRecord) -> Reevaluation | None:
        """What is to be evaluated again once the record is stored; None where it has no effect yet."""
        if record.state == "proposed":
            return None
        only = record.scope[0] if len(record.scope) == 1 and EVERYWHERE not in record.scope[0] else None
        return self.reevaluations.drafted(f"{record.kind} {record.id} is {record.state}", project=only)


def _said(record: DecisionRecord) -> Any:
    """What the decision says, wherever it comes from."""
    content = record.content()
    return structs.replace(content, source=None) if isinstance(content, CurationBody) else content


def _end_of(record: DecisionRecord) -> datetime:
    """When a waiver ends."""
    content = record.content()
    if not isinstance(content, WaiverBody):
        raise refused("/review_date", f"a {record.kind} holds without an end: leave it out")
    return datetime.fromisoformat(content.expires_at or record.created_at)


def _package_of(record: DecisionRecord) -> str | None:
    """The canonical name of the package that the decision is about."""
    purl = getattr(record.content(), "purl", None)
    return purl_name(purl) if purl else None


def _scope(content: Any, reviewer: Reviewer) -> list[str]:
    """The projects in which the decision holds: those that it names, else all that its author may see."""
    project = getattr(content, "project", None)
    if project is None:
        return sorted(set(reviewer.projects))
    if not project.isprintable() or set(project) & set("?[]"):
        raise refused("/project", "the name of a project, in which * stands for any text")
    if not covers(reviewer.projects, [project]):
        raise NotFound(f"There is no project {project!r} that this key may see.")
    return [project]
