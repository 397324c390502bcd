"""Stored evaluations as the API shows them."""

from functools import cache
from typing import Any

import msgspec
from sqlalchemy import CTE, ColumnElement, Integer, Select, and_, column, except_, func, intersect, select, values
from sqlalchemy.ext.asyncio import AsyncConnection

from policy_eval.adapters.lacking_components import positions_lacking
from policy_eval.adapters.release_search import releases_with
from policy_eval.adapters.shared_rows import as_decided, outcomes_where_shared, owner_of, teller_of
from policy_eval.adapters.shown_findings import finding_itself, name_on_a_path, named_paths, shown_finding, waived
from policy_eval.adapters.tables import (
    decided_component,
    evaluation,
    explanation,
    finding,
    question,
    release_input,
)
from policy_eval.application.ports import EvaluationRecord
from policy_eval.domain.component_gaps import Lack
from policy_eval.domain.component_search import ComponentSearch, ReleasesAsked
from policy_eval.domain.findings import FindingKind
from policy_eval.domain.purls import Purl, index_key
from policy_eval.domain.release_steps import step_of_question
from shared.contracts.events import Counts, CurrentDocument, ReleaseState
from shared.contracts.steps import StepName
from shared.errors import NotFound
from shared.persistence.engine import Database

_LEFT_OUT = "…"
_MOST_FINDINGS = 1000


class SqlEvaluationReader:
    """`application.ports.EvaluationReader`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(self, release_id: str, evaluation_id: str | None) -> EvaluationRecord:
        query = select(evaluation.c.record).where(evaluation.c.release_id == release_id)
        if evaluation_id is None:
            current = and_(release_input.c.release_id == release_id, release_input.c.evaluation_id == evaluation.c.id)
            query = query.join(release_input, current)
        else:
            query = query.where(evaluation.c.id == evaluation_id)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            raise NotFound(f"The release {release_id!r} has no evaluation {evaluation_id or 'yet'}.")
        return msgspec.json.decode(row.record, type=EvaluationRecord)

    async def all(self, release_id: str, before: str | None, limit: int) -> list[EvaluationRecord]:
        query = select(evaluation.c.record).where(evaluation.c.release_id == release_id)
        if before is not None:
            query = query.where(evaluation.c.id < before)
        async with self._database.read() as connection:
            rows = (await connection.execute(query.order_by(evaluation.c.id.desc()).limit(limit))).all()
        return [msgspec.json.decode(row.record, type=EvaluationRecord) for row in rows]

    async def inputs_of(self, release_id: str) -> tuple[ReleaseState, list[CurrentDocument]]:
        query = select(release_input).where(release_input.c.release_id == release_id)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            raise NotFound(f"The release {release_id!r} was never evaluated.")
        documents = msgspec.json.decode(row.documents, type=list[CurrentDocument])
        return msgspec.json.decode(row.state, type=ReleaseState), documents

    async def releases_with(self, search: ComponentSearch, asked: ReleasesAsked) -> list[str]:
        async with self._database.read() as connection:
            return await releases_with(connection, search, asked)

    async def findings(self, evaluation_id: str, after: int, limit: int) -> list[dict[str, Any]]:
        query = _finding_rows(evaluation_id, finding.c.rank > after, limit)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
            names = await _names_on(connection, evaluation_id, rows)
        return [shown_finding(row, evaluation_id, names) for row in rows]

    async def findings_of_step(
        self, evaluation_id: str, step: StepName, after: int, limit: int
    ) -> list[tuple[int, dict[str, Any]]]:
        questions = select(question.c.number, question.c.shown).where(
            question.c.evaluation_id == teller_of(evaluation_id)
        )
        async with self._database.read() as connection:
            asked = (await connection.execute(questions)).all()
            numbers = [row.number for row in asked if _step_of(row.shown) == step]
            is_of_step = and_(finding.c.question.in_(select(_listed(numbers).c.position)), finding.c.waived.is_(None))
            query = _finding_rows(evaluation_id, and_(finding.c.rank > after, is_of_step), limit)
            rows = (await connection.execute(query)).all() if numbers else []
            names = await _names_on(connection, evaluation_id, rows)
        return [(row.rank, shown_finding(row, evaluation_id, names)) for row in rows]

    async def components(self, evaluation_id: str, after: int, limit: int) -> list[dict[str, Any]]:
        return await self._components(evaluation_id, decided_component.c.position > after, limit)

    async def components_at(self, evaluation_id: str, positions: list[int]) -> list[dict[str, Any]]:
        listed = select(_listed(positions).c.position)
        return (
            await self._components(evaluation_id, decided_component.c.position.in_(listed), len(positions))
            if positions
            else []
        )

    async def positions_of(self, record: EvaluationRecord, purl: Purl) -> list[int]:
        query = (
            select(decided_component.c.position, decided_component.c.purl, decided_component.c.version)
            .where(decided_component.c.evaluation_id == owner_of(record.id))
            .where(decided_component.c.release_id == record.release.id)
            .where(decided_component.c.purl_name == index_key(purl.name))
            .order_by(decided_component.c.position)
        )
        finds = cache(ComponentSearch(purl).finds)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return [row.position for row in rows if finds(row.purl, row.version, None)]

    async def positions_lacking(self, evaluation_id: str, lack: Lack, after: int, limit: int) -> list[int]:
        async with self._database.read() as connection:
            return await positions_lacking(connection, evaluation_id, lack, after, limit)

    async def positions_named(self, evaluation_id: str, name: str, limit: int) -> list[int]:
        same = and_(decided_component.c.evaluation_id == owner_of(evaluation_id), decided_component.c.name == name)
        query = select(decided_component.c.position).where(same).order_by(decided_component.c.position).limit(limit)
        async with self._database.read() as connection:
            return [row.position for row in await connection.execute(query)]

    async def explanation(self, evaluation_id: str) -> bytes:
        query = select(explanation.c.body).where(explanation.c.evaluation_id == teller_of(evaluation_id))
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            raise NotFound(
                f"The evaluation {evaluation_id} is older than explanations are: evaluate the release again."
            )
        body: bytes = row.body
        return body

    async def findings_at(self, evaluation_id: str, positions: list[int]) -> dict[int, list[dict[str, Any]]]:
        query = _finding_rows(evaluation_id, finding.c.component.in_(positions), _MOST_FINDINGS)
        found: dict[int, list[dict[str, Any]]] = {}
        async with self._database.read() as connection:
            for row in await connection.execute(query):
                found.setdefault(row.component, []).append(finding_itself(row) | {"waived": waived(row)})
        return found

    async def _components(self, evaluation_id: str, condition: ColumnElement[bool], limit: int) -> list[dict[str, Any]]:
        columns = (decided_component.c.position, decided_component.c.direct)
        query = (
            select(*columns, decided_component.c.paths, decided_component.c.shown)
            .where(decided_component.c.evaluation_id == owner_of(evaluation_id), condition)
            .order_by(decided_component.c.position)
            .limit(limit)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
            names = await _names_on(connection, evaluation_id, rows)
            decided = (await outcomes_where_shared(connection, [evaluation_id])).get(evaluation_id)
        return [
            as_decided(row.shown, None if decided is None else decided.at(row.position))
            | {"position": row.position, "direct": bool(row.direct), "paths": named_paths(row.paths, names)}
            for row in rows
        ]

    async def new_findings(self, evaluation_id: str, base_id: str, limit: int) -> tuple[int, list[dict[str, Any]]]:
        new = except_(_fingerprints(evaluation_id), _fingerprints(base_id))
        worst = (
            select(func.min(finding.c.rank))
            .where(finding.c.evaluation_id == teller_of(evaluation_id), finding.c.fingerprint.in_(new))
            .group_by(finding.c.fingerprint)
        )
        of_worst = _finding_rows(evaluation_id, finding.c.rank.in_(worst), limit)
        async with self._database.read() as connection:
            total = (await connection.execute(select(func.count()).select_from(new.subquery()))).scalar_one()
            rows = (await connection.execute(of_worst)).all()
        return total, [finding_itself(row) for row in rows]

    async def common_findings(self, evaluation_id: str, base_id: str) -> int:
        common = intersect(_fingerprints(evaluation_id), _fingerprints(base_id)).subquery()
        async with self._database.read() as connection:
            return int((await connection.execute(select(func.count()).select_from(common))).scalar_one())

    async def counts_since(self, evaluation_id: str, base_id: str) -> Counts:
        query = (
            select(question.c.severity, func.count().label("number"))
            .select_from(finding.join(question, _same_question(evaluation_id)))
            .where(
                finding.c.evaluation_id == teller_of(evaluation_id),
                finding.c.fingerprint.not_in(_fingerprints(base_id)),
            )
            .where(finding.c.waived.is_(None))
            .group_by(question.c.severity)
        )
        async with self._database.read() as connection:
            found = {row.severity: row.number for row in await connection.execute(query)}
        return Counts(error=found.get("error", 0), warning=found.get("warning", 0), hint=found.get("hint", 0))

    async def findings_since(self, evaluation_id: str, base_id: str, limit: int) -> list[dict[str, Any]]:
        known = finding.c.fingerprint.in_(_fingerprints(base_id))
        shown: list[dict[str, Any]] = []
        async with self._database.read() as connection:
            for state, condition in (("new", ~known), ("unchanged", known)):
                query = _finding_rows(evaluation_id, condition, limit - len(shown))
                rows = (await connection.execute(query)).all()
                names = await _names_on(connection, evaluation_id, rows)
                shown += [shown_finding(row, evaluation_id, names) | {"baseline": state} for row in rows]
        return shown


class _Asked(msgspec.Struct):
    """What is read of a stored question for the step that it belongs to."""

    rule: str
    kind: FindingKind


_decode_asked = msgspec.json.Decoder(_Asked).decode


def _step_of(shown: bytes) -> StepName:
    asked = _decode_asked(shown)
    return step_of_question(asked.rule, asked.kind)


def _same_question(evaluation_id: str) -> ColumnElement[bool]:
    return and_(question.c.evaluation_id == teller_of(evaluation_id), question.c.number == finding.c.question)


def _fingerprints(evaluation_id: str) -> Select[Any]:
    return select(finding.c.fingerprint).where(finding.c.evaluation_id == teller_of(evaluation_id))


def _finding_rows(evaluation_id: str, condition: ColumnElement[bool], limit: int) -> Select[Any]:
    same_component = and_(
        decided_component.c.evaluation_id == owner_of(evaluation_id),
        decided_component.c.position == finding.c.component,
    )
    of_finding = (finding.c.rank, finding.c.component, finding.c.fingerprint, finding.c.subject, finding.c.waived)
    columns = (*of_finding, finding.c.inherited_from, question.c.shown.label("question"))
    about = (decided_component.c.purl, decided_component.c.name, decided_component.c.version)
    return (
        select(*columns, *about, decided_component.c.paths)
        .select_from(finding.join(question, _same_question(evaluation_id)).outerjoin(decided_component, same_component))
        .where(finding.c.evaluation_id == teller_of(evaluation_id), condition)
        .order_by(finding.c.rank)
        .limit(limit)
    )


async def _names_on(connection: AsyncConnection, evaluation_id: str, rows: Any) -> dict[int, str]:
    """Return the names of all components that lie on the rows' paths, by position."""
    positions = {step for row in rows for path in msgspec.json.decode(row.paths or b"[]") for step in path}
    names = {step: _LEFT_OUT for step in positions if step < 0}
    wanted = sorted(positions - names.keys())
    for start in range(0, len(wanted), 500):
        some = _listed(wanted[start : start + 500])
        query = (
            select(decided_component.c.position, decided_component.c.name)
            .join(some, some.c.position == decided_component.c.position)
            .where(decided_component.c.evaluation_id == owner_of(evaluation_id))
        )
        names |= {row.position: name_on_a_path(row.name) for row in await connection.execute(query)}
    return names


def _listed(positions: list[int]) -> CTE:
    """The positions as rows to join: PostgreSQL takes a long list of common numbers for a reason to read the whole table."""
    return values(column("position", Integer), name="listed").data([(each,) for each in positions]).cte()
