"""Keeps the reviewers' queue in step with the current evaluations."""

from collections import Counter
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import bindparam, delete, select, update
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
    connection: AsyncConnection, record: EvaluationRecord, questions: list[OpenQuestion]
) -> None:
    """Let the questions be those of the release, which is locked, and count only what differs from before."""
    project, release_id = record.release.project, record.release.id
    rows = {
        _Counted(project, each.fingerprint, SEVERITY_ORDER[each.severity], each.route, each.kind): each.rank
        for each in questions
    }
    before = await _stored(connection, release_id)
    of_release = open_question.c.release_id == release_id
    if before == rows:
        # As after most changes of a policy: no index has the evaluation.
        await connection.execute(update(open_question).where(of_release).values(evaluation_id=record.id))
        return
    if before:
        await connection.execute(delete(open_question).where(of_release))
    changes = Counter(rows.keys())
    changes.subtract(before.keys())
    stored = [
        (release_id, row.fingerprint, project, row.severity, row.route, row.kind, record.id, rank)
        for row, rank in rows.items()
    ]
    await bulk_insert(connection, open_question, [column.name for column in open_question.columns], stored)
    await _count(connection, {row: by for row, by in changes.items() if by})


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


async def _count(connection: AsyncConnection, changes: dict[_Counted, int]) -> None:
    # Sorted: two releases of one project lock the rows in the same order.
    values = [{**row._asdict(), "releases": by} for row, by in sorted(changes.items())]
    if values:
        await connection.execute(_adding(connection), values)
    fallen = [{f"the_{name}": each[name] for name in _KEY} for each in values if each["releases"] < 0]
    if fallen:
        is_row = [queued_question.c[name] == bindparam(f"the_{name}") for name in _KEY]
        await connection.execute(delete(queued_question).where(*is_row, queued_question.c.releases <= 0), fallen)


_KEY = tuple(column.name for column in queued_question.primary_key)


def _adding(connection: AsyncConnection) -> Any:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    adding = dialect.insert(queued_question)
    together = queued_question.c.releases + adding.excluded.releases
    return adding.on_conflict_do_update(index_elements=list(_KEY), set_={"releases": together})
