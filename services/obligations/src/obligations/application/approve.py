"""Approve the NOTICE of a release, and clear it for the public, by people who answer for it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from obligations.application.look_up import LookUp, check_final
from obligations.application.ports import ApprovalReader, Attributions, DerivationRecord, UnitOfWork
from obligations.application.tell_steps import tell_change
from obligations.domain.approvals import Approval, ApprovalKind, NoticeApproval, OutboundCheck, documents_digest
from obligations.domain.release_steps import StepFacts
from shared.clock import Clock, NewId, timestamp
from shared.errors import Conflict, NotFound


@dataclass(frozen=True, slots=True)
class Approve:
    """The use case, with what it needs. An approval is for a digest: it holds for nothing else."""

    look_up: LookUp
    approvals: ApprovalReader
    attributions: Attributions
    unit_of_work: Callable[[], UnitOfWork]
    clock: Clock
    new_id: NewId

    async def shown(self, release_id: str, kind: ApprovalKind) -> dict[str, Any]:
        """Return what there is to approve now, and the approval of it, if it has one; raises NotFound."""
        record = await self.look_up.reader.record(release_id, None)
        facts = _facts(record)
        approval = await self.approvals.of(record.project, kind, _subject(record, facts, kind))
        found = {"release": release_id, "approval": approval and approval.shown()}
        if kind == "notice":
            return found | {"sha256": record.notices["text"], "notice_status": record.notice_status}
        return found | {"documents": facts.documents, "is_public": facts.is_public}

    async def notice(self, release_id: str, wanted: NoticeApproval, by: str) -> dict[str, Any]:
        """Approve the final NOTICE with the digest that is `wanted`; raises NotFound, Conflict.

        Nobody approves a NOTICE that was made with attributions that they gave themselves.
        """
        async with self.unit_of_work() as unit:
            record = await unit.derivations.current(release_id)
            check_final(record)
            if wanted.sha256 != record.notices["text"]:
                raise Conflict("The NOTICE is another one by now: read it, and approve its present `sha256`.")
            await self._check_not_own(record, by)
            return await self._filed(unit, record, "notice", (wanted, by))

    async def outbound(self, release_id: str, wanted: OutboundCheck, by: str) -> dict[str, Any]:
        """File the check of the release's current documents; raises NotFound, Conflict."""
        async with self.unit_of_work() as unit:
            record = await unit.derivations.current(release_id)
            if wanted.documents != _facts(record).documents:
                raise Conflict("The release has other documents by now: look at them, and name their digests.")
            return await self._filed(unit, record, "outbound-ip-check", (wanted, by))

    async def withdraw(self, release_id: str, kind: ApprovalKind, by: str) -> None:
        """Let the approval of what is there now hold no more; raises NotFound."""
        async with self.unit_of_work() as unit:
            record = await unit.derivations.current(release_id)
            known = await unit.approvals.of(record.project, kind, _subject(record, _facts(record), kind))
            if known is None:
                raise NotFound(f"The release {release_id!r} has no approval to withdraw.")
            await unit.approvals.withdraw(known, by, timestamp(self.clock.now()))
            await tell_change(unit, record, "approval")
            await unit.commit()

    async def _filed(
        self,
        unit: UnitOfWork,
        record: DerivationRecord,
        kind: ApprovalKind,
        given: tuple[NoticeApproval | OutboundCheck, str],
    ) -> dict[str, Any]:
        body, by = given
        subject = _subject(record, _facts(record), kind)
        at = timestamp(self.clock.now())
        approval = Approval(self.new_id(), record.project, record.release_id, kind, subject, by, at, body)
        await unit.approvals.add(approval)
        await tell_change(unit, record, "approval")
        await unit.commit()
        return approval.shown()

    async def _check_not_own(self, record: DerivationRecord, by: str) -> None:
        used = set(record.attributions)
        if any(each.given_by == by and each.sha256 in used for each in await self.attributions.of(record.project)):
            raise Conflict("The NOTICE has attributions that you handed in: somebody else must approve it.")


def _facts(record: DerivationRecord) -> StepFacts:
    if record.step_facts is None:
        raise Conflict("This was derived by an older version of Licet; POST …/evaluations derives it anew.")
    return record.step_facts


def _subject(record: DerivationRecord, facts: StepFacts, kind: ApprovalKind) -> str:
    return record.notices["text"] if kind == "notice" else documents_digest(facts.documents)
