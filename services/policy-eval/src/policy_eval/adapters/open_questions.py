"""Keeps the reviewers' queue in step with the current evaluations."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, FromClause, Integer, Text, delete, func, select, true, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeEngine

from policy_eval.adapters.given_rows import given_rows
from policy_eval.adapters.queue_conditions import is_one_of
from policy_eval.adapters.queue_tables import open_question, queued_question
from policy_eval.adapters.tables import finding, question
from policy_eval.application.ports import EvaluationRecord
from policy_eval.domain.open_questions import SEVERITY_ORDER, OpenQuestion
from shared.persistence.engine import bulk_insert


class _Counted(NamedTuple):
    """A row of the queue, without its number."""

    project: str
    fingerprint: str
    severity: int
    route: str
    kind: str


async def replace_open_questions(
    connection: AsyncConnection, record: EvaluationRecord, questions: list[OpenQuestion], told_by: str
) -> None:
    """Let the questions be those of the release, which is locked, and count only what differs from before.

    `told_by` is the evaluation that has the rows of the findings.
    """
    project, release_id = record.release.project, record.release.id
    rows = {
        _Counted(project, each.fingerprint, SEVERITY_ORDER[each.severity], each.route, each.kind): each.rank
        for each in questions
    }
    before = await _stored(connection, release_id)
    of_release = open_question.c.release_id == release_id
    if before == rows:
        # As after most changes of a policy: no index has the evaluation.
        await connection.execute(update(open_question).where(of_release).values(evaluation_id=told_by))
        return
    changed = Counter(rows.keys())
    changed.subtract(before.keys())
    changes = {row: by for row, by in changed.items() if by}
    gone = [row.fingerprint for row, by in changes.items() if by < 0]
    if gone:
        is_gone = is_one_of(connection, open_question.c.fingerprint, gone)
        await connection.execute(delete(open_question).where(of_release, is_gone))
    await _move(connection, release_id, {row: rank for row, rank in rows.items() if row in before}, told_by)
    stored = [
        (release_id, row.fingerprint, project, row.severity, row.route, row.kind, told_by, rank)
        for row, rank in rows.items()
        if row in changes
    ]
    await bulk_insert(connection, open_question, [column.name for column in open_question.columns], stored)
    await _count(connection, changes, record.evaluated_at)


async def _move(connection: AsyncConnection, release_id: str, ranks: Mapping[_Counted, int], told_by: str) -> None:
    """Let rows that stay be those of the findings of this rank in the evaluation."""
    if not ranks:
        return
    types: dict[str, TypeEngine[Any]] = {"fingerprint": Text(), "rank": Integer()}
    moved = given_rows(connection, "moved", types, ((row.fingerprint, rank) for row, rank in ranks.items()))
    of_row = (open_question.c.release_id == release_id, open_question.c.fingerprint == moved.c.fingerprint)
    await connection.execute(update(open_question).where(*of_row).values(evaluation_id=told_by, rank=moved.c.rank))


async def stored_questions(connection: AsyncConnection, evaluation_id: str) -> list[OpenQuestion]:
    """Return the questions that a stored evaluation leaves open."""
    same = (question.c.evaluation_id == finding.c.evaluation_id) & (question.c.number == finding.c.question)
    query = (
        select(finding.c.rank, finding.c.fingerprint, question.c.shown)
        .join(question, same)
        .where(finding.c.evaluation_id == evaluation_id, finding.c.waived.is_(None))
        .order_by(finding.c.rank)
    )
    opened: dict[str, OpenQuestion] = {}
    for row in await connection.execute(query):
        asked = msgspec.json.decode(row.shown)
        if asked["route"] is not None and row.fingerprint not in opened:
            opened[row.fingerprint] = OpenQuestion(
                row.fingerprint, asked["severity"], asked["route"], asked["kind"], row.rank
            )
    return list(opened.values())


async def _stored(connection: AsyncConnection, release_id: str) -> dict[_Counted, int]:
    """The questions of the release, each with its rank."""
    columns = [open_question.c[name] for name in _Counted._fields]
    query = select(*columns, open_question.c.rank).where(open_question.c.release_id == release_id)
    return {_Counted(*row[:-1]): row[-1] for row in await connection.execute(query)}


async def _count(connection: AsyncConnection, changes: dict[_Counted, int], at: str) -> None:
    if not changes:
        return
    # Sorted: two releases of one project lock the rows in the same order. A fingerprint is of one kind of question.
    await _add(connection, [(*row, by, at) for row, by in sorted(changes.items())])
    fallen = [row.fingerprint for row, by in changes.items() if by < 0]
    if fallen:
        of_project = queued_question.c.project == next(iter(changes)).project
        is_fallen = is_one_of(connection, queued_question.c.fingerprint, fallen)
        await connection.execute(delete(queued_question).where(of_project, is_fallen, queued_question.c.releases <= 0))


async def _add(connection: AsyncConnection, rows: list[tuple[Any, ...]]) -> None:
    """Insert the rows, or add their numbers to those of the rows that are there; no two rows have the same key.

    A row that is new waits since its moment, or for as long as its question waits in the project on another route or
    with another severity.
    """
    columns = queued_question.columns
    given = given_rows(connection, "given", {each.name: each.type for each in columns}, rows)
    dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    # SQLite takes ON CONFLICT for a part of a FROM unless there is a WHERE.
    selected = select(*_with_age(given).values()).where(true())
    inserting = dialect.insert(queued_question).from_select(columns.keys(), selected)
    together = columns.releases + inserting.excluded.releases
    key = [each.name for each in queued_question.primary_key]
    await connection.execute(inserting.on_conflict_do_update(index_elements=key, set_={"releases": together}))


def _with_age(given: FromClause) -> dict[str, ColumnElement[Any]]:
    """The columns as given, but for since when it waits."""
    known = queued_question.alias("known")
    same = (known.c.project == given.c.project, known.c.fingerprint == given.c.fingerprint)
    since = select(func.min(known.c.waiting_since)).where(*same).scalar_subquery()
    return {**given.columns, "waiting_since": func.coalesce(since, given.c.waiting_since)}
