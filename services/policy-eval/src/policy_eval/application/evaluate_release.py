"""Evaluate a release when its documents have changed: decide its components, judge them, and tell the others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from policy_eval.application.change_ports import Changes, Reevaluation
from policy_eval.application.difference import Base, base_of, shared_with
from policy_eval.application.evaluation_rows import EvaluationRows
from policy_eval.application.explanations import explained
from policy_eval.application.judge_export import JudgeExport, OnFile
from policy_eval.application.ports import (
    EvaluationRecord,
    InventorySource,
    KeptExplanation,
    LoadedPolicy,
    Policies,
    UnitOfWork,
)
from policy_eval.application.recorded_decisions import ProjectDecisions, RecordedDecisions
from policy_eval.application.rows import rows_of
from policy_eval.application.tell_steps import FoundSteps, found_steps, steps_told
from policy_eval.application.trial import Trial
from policy_eval.domain.compatibility import Compatibility
from policy_eval.domain.evaluation import evaluate
from policy_eval.domain.knowledge import LicenseKnowledge
from policy_eval.domain.linked_findings import linked_findings
from policy_eval.domain.outbound import outbound_findings
from policy_eval.domain.policy import Policy, UnknownContext
from policy_eval.domain.purls import package_key
from policy_eval.domain.release import PartInventory, ReleaseInventory
from policy_eval.domain.touched import names_of
from policy_eval.domain.waivers import waived
from shared.clock import Clock, NewId, timestamp
from shared.computation import compute
from shared.contracts.envelope import BrokenPromise, Envelope, data_of
from shared.contracts.events import (
    RELEASE_EVALUATED,
    CurrentDocument,
    Gate,
    PolicyVersion,
    ReleaseEvaluated,
    ReleaseState,
    SbomIngested,
)
from shared.contracts.inventory import Inventory
from shared.crash import crash_point
from shared.errors import NotFound
from shared.persistence.blobs import Blobs
from shared.tracing import traced

CONSUMER = "policy-eval"
_Known = tuple[EvaluationRecord, KeptExplanation | None] | None
"""The current evaluation of a release, with its explanations."""


@dataclass(frozen=True, slots=True)
class _Computed:
    """What is kept of an evaluation; the evaluation itself, much larger, is forgotten before anything is stored.

    `decisions` is their encoding, or, where they are those of the base, their digest. `about` is the digest of what people
    decided about the release.
    """

    gate: Gate
    findings_total: int
    rows: EvaluationRows
    decisions: bytes | str
    about: str
    steps: FoundSteps


@dataclass(frozen=True, slots=True)
class _OnRecord:
    """What people have put on file for the project."""

    export: OnFile
    decided: ProjectDecisions


@dataclass(frozen=True, slots=True)
class _Facts:
    """What an evaluation goes by, beside the documents; `base` is an earlier one of the same documents."""

    policy: LoadedPolicy
    on_record: _OnRecord
    base: Base | None = None


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
        facts = _Facts(policy, await self._on_record(event.release))
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
        inputs = self._inputs(release, current, policy, on_record)
        facts = _Facts(policy, on_record, base_of(*known, inputs) if known else None)
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
            inputs = self._inputs(release, current, policy, on_record) | {"decisions": decisions}
            known = await self._known(unit, release.id)
            if known is not None and _is_same(known[0], release, inputs):
                return None
        facts = _Facts(policy, on_record, base_of(*known, inputs) if known else None)
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
        computed = await compute(self._compute, release, read, _Facts(loaded, await self._on_record(release)), "")
        return Trial(computed.gate, computed.rows.fingerprints, len(computed.rows.components))

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
        self, release: ReleaseState, current: list[CurrentDocument], facts: _Facts
    ) -> tuple[EvaluationRecord, _Computed]:
        read = await self._read(current)
        id_, policy = self.new_id(), facts.policy
        computed = await compute(self._compute, release, read, facts, id_)
        decided = computed.decisions
        record = EvaluationRecord(
            id=id_,
            release=release,
            evaluated_at=timestamp(self.clock.now()),
            policy=policy.identity,
            gate=computed.gate,
            findings_total=computed.findings_total,
            decisions_sha256=decided if isinstance(decided, str) else await self.blobs.put(decided),
            inputs=self._inputs(release, current, policy, facts.on_record) | {"decisions": computed.about},
        )
        return record, computed

    @traced("fetch inventories")
    async def _read(self, current: list[CurrentDocument]) -> list[tuple[CurrentDocument, bytes]]:
        return [(each, await self.inventories.fetch(each.inventory_sha256)) for each in current]

    async def _on_record(self, release: ReleaseState) -> _OnRecord:
        decided = await self.recorded.of(release.project, self.clock.now())
        return _OnRecord(await self.export.on_file(release.project), decided)

    def _inputs(
        self, release: ReleaseState, current: list[CurrentDocument], policy: LoadedPolicy, on_record: _OnRecord
    ) -> dict[str, Any]:
        """What an evaluation depends on, beside the decisions about it: with the same it comes to the same."""
        return self.export.inputs(policy.policy, release.context, on_record.export) | {
            "documents": {each.part: each.sha256 for each in current},
            "inventories": {each.part: each.inventory_sha256 for each in current},
            "policy": {"name": policy.identity.name, "version": policy.identity.version, "sha256": policy.sha256},
            "license_catalogue": self.knowledge.catalogue.version,
            "compatibility": self.compatibility.sha256,
            "organization": str(on_record.decided.organization_version),
            **({"day": on_record.decided.today.isoformat()} if policy.policy.looks_at_age else {}),
        }

    @traced("evaluate")
    def _compute(
        self, release: ReleaseState, read: list[tuple[CurrentDocument, bytes]], facts: _Facts, id_: str
    ) -> _Computed:
        policy, on_record = facts.policy.policy, facts.on_record
        parts = {
            document.part: PartInventory(msgspec.json.decode(body, type=Inventory), document.sha256, document.quality)
            for document, body in read
        }
        inventory = ReleaseInventory(release.project, release.version, release.context, parts)
        decided = self.recorded.read(on_record.decided)
        evaluation = evaluate(inventory, policy, self.knowledge, decided)
        for contradictions in (outbound_findings, linked_findings):
            evaluation = evaluation.with_findings(
                contradictions(evaluation, self.compatibility, self.knowledge.normalise)
            )
        found, notice = self.export.found(inventory, policy, on_record.export)
        evaluation = replace(waived(evaluation.with_findings(found), decided.waivers), crypto_notice=notice)
        explanations = explained(evaluation)
        shared = shared_with(facts.base, explanations)
        rows = rows_of(evaluation, id_, release.id, explanations, shared)
        decisions = shared.decisions_sha256 or msgspec.json.encode(evaluation.release)
        packages = (
            package_key(each.purl, each.version) for part in parts.values() for each in part.inventory.components
        )
        about = self.recorded.digest(on_record.decided, packages, release)
        steps = found_steps(evaluation, release.id, policy)
        return _Computed(evaluation.gate, len(evaluation.findings), rows, decisions, about, steps)

    @traced("store evaluation")
    async def _store(
        self, unit: UnitOfWork, record: EvaluationRecord, computed: _Computed, before: int, *, bulk: bool = False
    ) -> None:
        """Store the evaluation; `before` is the number of changes when it began to read its facts."""
        record = replace(record, steps=await steps_told(unit.evaluations, record, computed.steps))
        await unit.evaluations.add(record, computed.rows)
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
