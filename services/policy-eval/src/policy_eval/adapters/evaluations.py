"""Evaluations in the service's database, written in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import Table, and_, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from policy_eval.adapters.changes import locked_number
from policy_eval.adapters.inheritance import digest_of_questions, inherited_by, keep_answers, with_inheritance
from policy_eval.adapters.open_questions import replace_open_questions, stored_questions
from policy_eval.adapters.reevaluations import add_request
from policy_eval.adapters.shared_rows import OWNER, TELLER
from policy_eval.adapters.tables import (
    decided_component,
    evaluation,
    evaluation_license,
    explanation,
    finding,
    question,
    release_input,
)
from policy_eval.adapters.waiver_uses import replace_waiver_uses
from policy_eval.application.change_ports import Reevaluation
from policy_eval.application.evaluation_rows import EvaluationRows
from policy_eval.application.ports import EvaluationRecord, KeptExplanation
from policy_eval.domain.touched import Package
from policy_eval.domain.used_answers import UsedAnswer
from shared.contracts.events import CurrentDocument, ReleaseArchived, ReleaseState
from shared.contracts.steps import Inherited
from shared.messaging.unit_of_work import UnitOfWork
from shared.persistence.engine import bulk_insert, on_conflict_do_nothing

_NAMES_AT_ONCE: Final = 500


class SqlEvaluations:
    """`application.ports.Evaluations` on the connection of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._inherited: str | None = None

    async def newest_revision(self, release_id: str) -> int:
        # There must be a row to lock: of two transactions over a new release the second waits here for the first.
        blank = {"release_id": release_id, "revision": -1, "state": b"", "documents": b""}
        await self._connection.execute(on_conflict_do_nothing(self._connection, release_input, blank))
        query = select(release_input).where(release_input.c.release_id == release_id).with_for_update()
        row = (await self._connection.execute(query)).one()
        return row.revision if row.evaluation_id is not None else -1

    async def remember_inputs(self, release: ReleaseState, current: list[CurrentDocument]) -> None:
        values = {
            "revision": release.revision,
            "state": msgspec.json.encode(release),
            "documents": msgspec.json.encode(current),
        }
        await self._connection.execute(
            update(release_input).where(release_input.c.release_id == release.id).values(values)
        )

    async def current(self, release_id: str) -> EvaluationRecord | None:
        current = and_(release_input.c.release_id == release_id, release_input.c.evaluation_id == evaluation.c.id)
        query = select(evaluation.c.record).join(release_input, current)
        row = (await self._connection.execute(query)).one_or_none()
        return None if row is None else msgspec.json.decode(row.record, type=EvaluationRecord)

    async def add(self, record: EvaluationRecord, rows: EvaluationRows) -> None:
        values = {
            "id": record.id,
            "release_id": record.release.id,
            "revision": record.release.revision,
            "record": msgspec.json.encode(record),
            "components_of": rows.components_of,
            "basis": rows.basis,
            "opened": digest_of_questions(rows.open_questions),
            "inherited": self._inherited,
        }
        await self._connection.execute(insert(evaluation).values(values))
        await self._connection.execute(insert(explanation).values(evaluation_id=record.id, body=rows.explanation))
        await self._bulk(decided_component, rows.components)
        await self._bulk(evaluation_license, rows.licenses)
        await self._bulk(question, rows.questions)
        await self._bulk(finding, await with_inheritance(self._connection, record.release, rows.findings))
        is_archived = await self._is_archived(record.release.id)
        questions = [] if is_archived else rows.open_questions
        await replace_open_questions(self._connection, record, questions, record.id)
        await replace_waiver_uses(self._connection, record.release.id, rows.waiver_uses)
        await self._make_current(record)

    async def repeat(self, record: EvaluationRecord, same_as: str) -> bool:
        of_known = evaluation.c.id == same_as
        kept = (await self._connection.execute(select(evaluation).where(of_known))).mappings().one()
        if kept["inherited"] is None or kept["inherited"] != await inherited_by(self._connection, record.release):
            return False
        values = {
            **kept,
            "id": record.id,
            "record": msgspec.json.encode(record),
            "same_as": kept["same_as"] or same_as,
            "components_of": kept["components_of"] or same_as,
        }
        await self._connection.execute(insert(evaluation).values(values))
        await self._make_current(record)
        return True

    async def _make_current(self, record: EvaluationRecord) -> None:
        of_release = update(release_input).where(release_input.c.release_id == record.release.id)
        await self._connection.execute(of_release.values(evaluation_id=record.id, project=record.release.project))

    async def inherit(self, release: ReleaseState, answers: Sequence[UsedAnswer]) -> Mapping[str, list[Inherited]]:
        self._inherited = await inherited_by(self._connection, release)
        return await keep_answers(self._connection, release, answers)

    async def explanation(self, evaluation_id: str) -> KeptExplanation | None:
        of = evaluation.join(explanation, explanation.c.evaluation_id == TELLER)
        query = select(explanation.c.body, evaluation.c.components_of, evaluation.c.basis).select_from(of)
        row = (await self._connection.execute(query.where(evaluation.c.id == evaluation_id))).one_or_none()
        return None if row is None else KeptExplanation(row.body, row.components_of, row.basis)

    async def archive(self, event: ReleaseArchived) -> None:
        later = release_input.c.archive_told_at < event.told_at
        told = update(release_input).where(
            release_input.c.release_id == event.release_id, or_(release_input.c.archive_told_at.is_(None), later)
        )
        values = {"archived": event.archived, "archive_told_at": event.told_at}
        changed = await self._connection.execute(told.values(values))
        record = await self.current(event.release_id)
        if changed.rowcount and record is not None:
            query = select(TELLER).where(evaluation.c.id == record.id)
            told_by = (await self._connection.execute(query)).scalar_one()
            questions = [] if event.archived else await stored_questions(self._connection, told_by)
            await replace_open_questions(self._connection, record, questions, told_by)

    async def _is_archived(self, release_id: str) -> bool:
        query = select(release_input.c.archived).where(release_input.c.release_id == release_id)
        return bool((await self._connection.execute(query)).scalar_one_or_none())

    async def packages(self, release_id: str, names: Iterable[str]) -> frozenset[Package]:
        wanted, found = sorted(names), set()
        current = evaluation.join(release_input, release_input.c.evaluation_id == evaluation.c.id)
        of = current.join(decided_component, decided_component.c.evaluation_id == OWNER)
        columns = (decided_component.c.purl_name, decided_component.c.purl_version)
        for start in range(0, len(wanted), _NAMES_AT_ONCE):
            some = wanted[start : start + _NAMES_AT_ONCE]
            query = select(*columns).select_from(of).where(decided_component.c.purl_name.in_(some)).distinct()
            query = query.where(decided_component.c.release_id == release_id, release_input.c.release_id == release_id)
            found |= {(row.purl_name, row.purl_version) for row in await self._connection.execute(query)}
        return frozenset(found)

    async def changes(self) -> int:
        return await locked_number(self._connection)

    async def ask_again(self, request: Reevaluation) -> None:
        await add_request(self._connection, request)

    async def _bulk(self, table: Table, rows: list[tuple[Any, ...]]) -> None:
        await bulk_insert(self._connection, table, [column.name for column in table.columns], rows)


class SqlUnitOfWork(UnitOfWork):
    """One transaction over evaluations and events."""

    async def __aenter__(self) -> "SqlUnitOfWork":
        await super().__aenter__()
        self.evaluations = SqlEvaluations(self.connection)
        return self
