"""Keeps the reviewers' queue in step with the current evaluations."""

from collections import Counter
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

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
    if before:
        await connection.execute(delete(open_question).where(of_release))
    changes = Counter(rows.keys())
    changes.subtract(before.keys())
    stored = [
        (release_id, row.fingerprint, project, row.severity, row.route, row.kind, told_by, rank)
        for row, rank in rows.items()
    ]
    await bulk_insert(connection, open_question, [column.name for column in open_question.columns], stored)
    await _count(connection, {row: by for row, by in changes.items() if by}, record.evaluated_at)


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
    fallen = [{f"the_{name}": getattr(row, name) for name in _KEY} for row, by in changes.items() if by < 0]
    if fallen:
        is_row = [queued_question.c[name] == bindparam(f"the_{name}") for name in _KEY]
        await connection.execute(delete(queued_question).where(*is_row, queued_question.c.releases <= 0), fallen)


async def _add(connection: AsyncConnection, rows: list[tuple[Any, ...]]) -> None:
    """Insert the rows, or add their numbers to those of the rows that are there; no two rows have the same key.

    A row that is new waits since its moment, or for as long as its question waits in the project on another route or
    with another severity.
    """
    if connection.dialect.name == "postgresql":
        of_columns = dict(zip(_COLUMNS.keys(), map(list, zip(*rows, strict=True)), strict=True))
        await connection.execute(_ADDING_COLUMNS, of_columns)
    else:
        names = [f"the_{column.name}" for column in _COLUMNS]
        await connection.execute(_ADDING_ROW, [dict(zip(names, row, strict=True)) for row in rows])


_COLUMNS = queued_question.columns
_KEY = [column.name for column in queued_question.primary_key]


def _adding(inserting: Any) -> Any:
    together = queued_question.c.releases + inserting.excluded.releases
    return inserting.on_conflict_do_update(index_elements=_KEY, set_={"releases": together})


def _with_age(given: Any) -> dict[str, Any]:
    """The values of a row as given, but for since when it waits."""
    known = queued_question.alias("known")
    same = (known.c.project == given["project"], known.c.fingerprint == given["fingerprint"])
    since = select(func.min(known.c.waiting_since)).where(*same).scalar_subquery()
    return {**given, "waiting_since": func.coalesce(since, given["waiting_since"])}


def _adding_row() -> Any:
    given = {name: bindparam(f"the_{name}", type_=column.type) for name, column in _COLUMNS.items()}
    return _adding(sqlite.insert(queued_question).values(_with_age(given)))


def _adding_columns() -> Any:
    """Adds the rows of a table each column of which is one parameter."""
    arrays = (bindparam(each.name, type_=postgresql.ARRAY(each.type)) for each in _COLUMNS)
    given = func.unnest(*arrays).table_valued(*_COLUMNS.keys()).render_derived()
    rows = select(*_with_age(dict(given.columns.items())).values())
    return _adding(postgresql.insert(queued_question).from_select(_COLUMNS.keys(), rows))


_ADDING_ROW = _adding_row()
_ADDING_COLUMNS = _adding_columns()
