"""Tell how the validation steps 8 to 10 of a release stand: with a derivation, and when people change what they rest on."""

from collections.abc import Iterable

from obligations.application.carry_over import obligation_id
from obligations.application.ports import DerivationRecord, ToldSteps, UnitOfWork
from obligations.domain.approvals import documents_digest
from obligations.domain.derive import Obligation
from obligations.domain.release_steps import NoticeState, StepFacts, steps_of_derivation
from shared.contracts.events import OBLIGATIONS_DERIVED, ObligationsDerived
from shared.contracts.steps import Step, continued


async def tell_derivation(unit: UnitOfWork, record: DerivationRecord, facts: StepFacts, is_current: bool) -> None:
    """Tell of a derivation that was just stored; one of a revision that is past tells of no steps."""
    if not is_current:
        await unit.emit(OBLIGATIONS_DERIVED, record.release_id, _event(record, facts, ToldSteps()))
        return
    before, basis = await unit.derivations.told(record.release_id), _basis(record, facts)
    changed = sorted(name for name, digest in basis.items() if before.basis.get(name) != digest)
    steps = continued(await _steps(unit, record, facts), before.steps, changed)
    await _tell(unit, record, facts, ToldSteps(before.number + 1, steps, basis))


async def tell_change(unit: UnitOfWork, record: DerivationRecord, changed: str) -> None:
    """Tell of what people have changed, if a step stands otherwise now; `record` is current, its release locked.

    A derivation of a version that knew no steps tells of none until it is made again.
    """
    facts = record.step_facts
    if facts is None:
        return
    before = await unit.derivations.told(record.release_id)
    steps = continued(await _steps(unit, record, facts), before.steps, [changed])
    if steps != before.steps:
        await _tell(unit, record, facts, ToldSteps(before.number + 1, steps, before.basis))


def alternatives(release_id: str, obligations: Iterable[Obligation]) -> dict[str, list[str]]:
    """By the id of an obligation those of which one, fulfilled, is enough in its place."""
    listed = list(obligations)
    found: dict[str, list[str]] = {}
    for one in listed:
        for other in listed if one.alternative_to is not None else ():
            if (other.obligation, other.license) == (one.alternative_to, one.license):
                ids = obligation_id(release_id, one.key), obligation_id(release_id, other.key)
                found.setdefault(ids[0], []).append(ids[1])
                found.setdefault(ids[1], []).append(ids[0])
    return found


async def _tell(unit: UnitOfWork, record: DerivationRecord, facts: StepFacts, told: ToldSteps) -> None:
    await unit.derivations.note_told(record.release_id, told)
    await unit.emit(OBLIGATIONS_DERIVED, record.release_id, _event(record, facts, told))


async def _steps(unit: UnitOfWork, record: DerivationRecord, facts: StepFacts) -> list[Step]:
    approval = await unit.approvals.of(record.project, "notice", record.notices["text"])
    check = await unit.approvals.of(record.project, "outbound-ip-check", documents_digest(facts.documents))
    notice = NoticeState(len(record.open_points), facts.failed_checks, approval)
    return steps_of_derivation(facts, await unit.lives.present(record.release_id), notice, check)


def _basis(record: DerivationRecord, facts: StepFacts) -> dict[str, str]:
    return {
        "documents": documents_digest(facts.documents),
        "decisions": record.decisions_sha256,
        "notice": record.notices["text"],
    }


def _event(record: DerivationRecord, facts: StepFacts, told: ToldSteps) -> ObligationsDerived:
    return ObligationsDerived(
        release=facts.release,
        evaluation_id=record.evaluation_id,
        obligations=facts.obligations,
        notice_status=record.notice_status,
        notice_sha256=record.notices["text"],
        open_points=len(record.open_points),
        steps=told.steps,
        told=told.number,
    )
