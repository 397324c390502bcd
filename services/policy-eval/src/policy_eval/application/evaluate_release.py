"""Evaluate a release when its documents have changed: decide its components, judge them, and tell the others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from policy_eval.application.basis import says_the_same
from policy_eval.application.change_ports import Changes, Reevaluation
from policy_eval.application.compute_evaluation import Computed, ComputeEvaluation, Facts, OnRecord
from policy_eval.application.difference import base_of
from policy_eval.application.judge_export import JudgeExport
from policy_eval.application.ports import (
    EvaluationRecord,
    InventorySource,
    KeptExplanation,
    LoadedPolicy,
    Policies,
    UnitOfWork,
)
from policy_eval.application.recorded_decisions import RecordedDecisions
from policy_eval.application.tell_steps import steps_told
from policy_eval.application.trial import Trial
from policy_eval.domain.compatibility import Compatibility
from policy_eval.domain.knowledge import LicenseKnowledge
from policy_eval.domain.policy import Policy, UnknownContext
from policy_eval.domain.touched import names_of
from shared.clock import Clock, NewId, timestamp
from shared.computation import compute
from shared.contracts.envelope import BrokenPromise, Envelope, data_of
from shared.contracts.events import (
    RELEASE_EVALUATED,
    CurrentDocument,
    PolicyVersion,
    ReleaseEvaluated,
    ReleaseState,
    SbomIngested,
)
from shared.crash import crash_point
from shared.errors import NotFound
from shared.persistence.blobs import Blobs
from shared.tracing import traced

CONSUMER = "policy-eval"
_Known = tuple[EvaluationRecord, KeptExplanation | None] | None
"""The current evaluation of a release, with its explanations."""


@dataclass(frozen=True, slots=True)
class EvaluateRelease:
    """The use case, with what it needs."""

    inventories: InventorySource
    policies: Policies
    knowledge: LicenseKnowledge
    compatibility: Compatibility
    export: JudgeExport
    recorded: RecordedDecisions
    changes: Changes
    blobs: Blobs
    unit_of_work: Callable[[], UnitOfWork]
    clock: Clock
    new_id: NewId

    async def handle(self, envelope: Envelope) -> None:
        """Evaluate the release that the event speaks of, once, unless a newer revision was evaluated already."""
        event: SbomIngested = data_of(envelope)
        if await self._is_past(event.release, envelope.id):
            return
        before = await self.changes.number()
        policy = await self._promised_policy(event.release)
        facts = Facts(policy, await self._on_record(event.release))
        record, computed = await self._evaluate(event.release, event.current, facts)
        crash_point("evaluate-before-commit")
        async with self.unit_of_work() as unit:
            if not await unit.accept(CONSUMER, envelope.id):
                return
            if await unit.evaluations.newest_revision(event.release.id) <= event.release.revision:
                await unit.evaluations.remember_inputs(event.release, event.current)
                await self._store(unit, record, computed, before)
            await unit.commit()
        crash_point("evaluate-after-commit")

    async def again(self, release: ReleaseState, current: list[CurrentDocument]) -> str | None:
        """Evaluate the release anew by the policy and the facts of today; return the id of the evaluation.

        None if a newer revision of the release was evaluated meanwhile.
        """
        before = await self.changes.number()
        async with self.unit_of_work() as unit:
            known = await self._known(unit, release.id)
        policy, on_record = await self.policies.active(release.policy), await self._on_record(release)
        inputs = self._computing.inputs(release, current, policy, on_record)
        facts = Facts(policy, on_record, base_of(*known, inputs) if known else None)
        record, computed = await self._evaluate(release, current, facts)
        async with self.unit_of_work() as unit:
            if await unit.evaluations.newest_revision(release.id) > release.revision:
                return None
            await self._store(unit, record, computed, before)
            await unit.commit()
        return record.id

    async def if_changed(self, release: ReleaseState, current: list[CurrentDocument]) -> str | None:
        """Evaluate the release anew as `again` does; None too if the current evaluation depended on the same already."""
        before = await self.changes.number()
        policy = await self.policies.active(release.policy)
        on_record = await self._on_record(release)
        async with self.unit_of_work() as unit:
            named = names_of(on_record.decided.records)
            packages = await unit.evaluations.packages(release.id, named) if named else ()
            decisions = self.recorded.digest(on_record.decided, packages, release)
            inputs = self._computing.inputs(release, current, policy, on_record) | {"decisions": decisions}
            known = await self._known(unit, release.id)
            if known is not None and _is_same(known[0], release, inputs):
                return None
            repeated = None
            if known and says_the_same(*known, release, inputs, policy.policy):
                repeated = await self._repeat(unit, known[0], policy, inputs, before)
            if repeated is not None:
                await unit.commit()
                return repeated
        facts = Facts(policy, on_record, base_of(*known, inputs) if known else None)
        record, computed = await self._evaluate(release, current, facts)
        async with self.unit_of_work() as unit:
            is_past = await unit.evaluations.newest_revision(release.id) > release.revision
            # Asked once more, now that the release is locked: somebody else may have done the same.
            if is_past or _is_same(await unit.evaluations.current(release.id), release, record.inputs):
                return None
            await self._store(unit, record, computed, before, bulk=True)
            await unit.commit()
        return record.id

    async def trial(self, release: ReleaseState, current: list[CurrentDocument], policy: Policy) -> Trial:
        """Evaluate the release by another policy without storing anything; raises UnknownContext, NotFound."""
        loaded = LoadedPolicy(policy, PolicyVersion(policy.name, policy.version), "")
        read = await self._read(current)
        return await compute(self._computing.trial, release, read, Facts(loaded, await self._on_record(release)))

    async def _is_past(self, release: ReleaseState, message_id: str) -> bool:
        async with self.unit_of_work() as unit:
            if not await unit.accept(CONSUMER, message_id):
                return True
            if await unit.evaluations.newest_revision(release.id) <= release.revision:
                return False
            await unit.commit()
            return True

    async def _promised_policy(self, release: ReleaseState) -> LoadedPolicy:
        """The policy that the upload named, with its context. What is not there stays away until somebody publishes it."""
        try:
            policy = await self.policies.active(release.policy)
            policy.policy.context(release.context)
        except (NotFound, UnknownContext) as error:
            raise BrokenPromise(f"{error} Publish it, and replay this message.") from error
        return policy

    async def _known(self, unit: UnitOfWork, release_id: str) -> _Known:
        """The current evaluation of the release with its explanation."""
        record = await unit.evaluations.current(release_id)
        return None if record is None else (record, await unit.evaluations.explanation(record.id))

    async def _evaluate(
        self, release: ReleaseState, current: list[CurrentDocument], facts: Facts
    ) -> tuple[EvaluationRecord, Computed]:
        read = await self._read(current)
        id_, policy = self.new_id(), facts.policy
        computed = await compute(self._computing, release, read, facts, id_)
        decided = computed.decisions
        record = EvaluationRecord(
            id=id_,
            release=release,
            evaluated_at=timestamp(self.clock.now()),
            policy=policy.identity,
            gate=computed.gate,
            findings_total=computed.findings_total,
            decisions_sha256=decided if isinstance(decided, str) else await self.blobs.put(decided),
            inputs=self._computing.inputs(release, current, policy, facts.on_record) | {"decisions": computed.about},
        )
        return record, computed

    @traced("fetch inventories")
    async def _read(self, current: list[CurrentDocument]) -> list[tuple[CurrentDocument, bytes]]:
        return [(each, await self.inventories.fetch(each.inventory_sha256)) for each in current]

    async def _on_record(self, release: ReleaseState) -> OnRecord:
        decided = await self.recorded.of(release.project, self.clock.now())
        return OnRecord(await self.export.on_file(release.project), decided)

    @property
    def _computing(self) -> ComputeEvaluation:
        return ComputeEvaluation(self.knowledge, self.compatibility, self.export, self.recorded)

    @traced("store evaluation")
    async def _store(
        self, unit: UnitOfWork, record: EvaluationRecord, computed: Computed, before: int, *, bulk: bool = False
    ) -> None:
        """Store the evaluation; `before` is the number of changes when it began to read its facts."""
        record = replace(record, steps=await steps_told(unit.evaluations, record, computed.steps))
        await unit.evaluations.add(record, computed.rows)
        await self._tell(unit, record, before, bulk=bulk)

    async def _repeat(
        self,
        unit: UnitOfWork,
        known: EvaluationRecord,
        policy: LoadedPolicy,
        inputs: Mapping[str, Any],
        before: int,
    ) -> str | None:
        """Store that the policy says what the known evaluation says; None where that is not the current one any more, or
        what the release has from the one before it is otherwise."""
        release = known.release
        is_past = await unit.evaluations.newest_revision(release.id) > release.revision
        current = await unit.evaluations.current(release.id)
        if is_past or current is None or current.id != known.id:
            return None
        at = timestamp(self.clock.now())
        record = replace(known, id=self.new_id(), evaluated_at=at, policy=policy.identity, inputs=inputs)
        if not await unit.evaluations.repeat(record, known.id):
            return None
        await self._tell(unit, record, before, bulk=True)
        return record.id

    async def _tell(self, unit: UnitOfWork, record: EvaluationRecord, before: int, *, bulk: bool) -> None:
        event = ReleaseEvaluated(
            release=record.release,
            evaluation_id=record.id,
            evaluated_at=record.evaluated_at,
            policy=record.policy,
            gate=record.gate,
            decisions_sha256=record.decisions_sha256,
            steps=list(record.steps),
            bulk=bulk,
        )
        await unit.emit(RELEASE_EVALUATED, record.release.id, event)
        # At last, since a change waits for the lock on the number until this transaction has ended.
        if await unit.evaluations.changes() != before:
            reason, at = "facts have changed while it was evaluated", timestamp(self.clock.now())
            wanted = Reevaluation(self.new_id(), reason, at, "service:policy-eval", None, record.release.project)
            await unit.evaluations.ask_again(replace(wanted, release=record.release.id))


def _is_same(known: EvaluationRecord | None, release: ReleaseState, inputs: Mapping[str, Any]) -> bool:
    # An evaluation by a version that knew no steps is not the same: once more, and they are told.
    return known is not None and known.release == release and known.inputs == inputs and known.steps != ()
