"""The reviewers' queue, read from the numbers that each project has of each question."""

from typing import Any

import msgspec
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Select,
    Subquery,
    Text,
    and_,
    any_,
    cast,
    column,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from policy_eval.adapters.queue_tables import open_question, queued_question
from policy_eval.adapters.shared_components import OWNER
from policy_eval.adapters.tables import decided_component, evaluation, finding, question
from policy_eval.application.ports import EvaluationRecord
from policy_eval.application.show_queue import QueuedQuestion, QueueFilter, QueuePage, QueuePlace
from policy_eval.domain.open_questions import SEVERITY_ORDER
from shared.persistence.engine import Database


class SqlQueue:
    """`application.show_queue.Queue`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def projects(self) -> list[str]:
        async with self._database.read() as connection:
            rows = await connection.execute(select(queued_question.c.project).distinct())
            return [row.project for row in rows]

    async def page(self, wanted: QueueFilter, projects: list[str] | None, at: QueuePage) -> list[QueuedQuestion]:
        async with self._database.read() as connection:
            conditions = _conditions(connection, wanted, projects)
            query = _examples(_with_project(_grouped(conditions, at), conditions), wanted)
            return [_queued(row) for row in await connection.execute(query)]


def _conditions(
    connection: AsyncConnection, wanted: QueueFilter, projects: list[str] | None
) -> list[ColumnElement[bool]]:
    asked = {
        "route": wanted.route,
        "kind": wanted.kind,
        "severity": None if wanted.severity is None else SEVERITY_ORDER[wanted.severity],
    }
    conditions = [queued_question.c[name] == value for name, value in asked.items() if value is not None]
    if projects is not None:
        conditions.append(_is_one_of(connection, projects))
    return conditions


def _is_one_of(connection: AsyncConnection, projects: list[str]) -> ColumnElement[bool]:
    # One parameter, however many they are: a statement may have some 32,000.
    if connection.dialect.name == "postgresql":
        return queued_question.c.project == any_(literal(projects, ARRAY(Text)))
    names = func.json_each(msgspec.json.encode(projects).decode()).table_valued(column("value", Text))
    return queued_question.c.project.in_(select(names.c.value))


def _grouped(conditions: list[ColumnElement[bool]], at: QueuePage) -> Subquery:
    """One row for each question, with its worst severity and its releases."""
    worst, releases = func.min(queued_question.c.severity), func.sum(queued_question.c.releases)
    fingerprint = queued_question.c.fingerprint
    query = (
        select(fingerprint, worst.label("worst"), releases.label("releases"))
        .where(*conditions)
        .group_by(fingerprint)
        .order_by(worst, releases.desc(), fingerprint)
        .limit(at.limit)
    )
    if at.after is not None:
        last = at.after
        fewer = or_(releases < last.releases, and_(releases == last.releases, fingerprint > last.fingerprint))
        query = query.having(or_(worst > last.severity, and_(worst == last.severity, fewer)))
    return query.subquery("grouped")


def _with_project(grouped: Subquery, conditions: list[ColumnElement[bool]]) -> Subquery:
    """The questions with the first project where they are at their worst."""
    is_worst = and_(
        queued_question.c.fingerprint == grouped.c.fingerprint, queued_question.c.severity == grouped.c.worst
    )
    first = select(func.min(queued_question.c.project)).where(is_worst, *conditions).scalar_subquery()
    return select(*grouped.columns, first.label("project")).subquery("located")


def _examples(grouped: Subquery, wanted: QueueFilter) -> Select[Any]:
    """The questions with the newest release of their project, and what is asked of it."""
    route = () if wanted.route is None else (open_question.c.route == wanted.route,)
    newest = (
        select(func.max(open_question.c.release_id))
        .where(open_question.c.project == grouped.c.project)
        .where(open_question.c.fingerprint == grouped.c.fingerprint, open_question.c.severity == grouped.c.worst)
        .where(*route)
        .scalar_subquery()
    )
    example = open_question.alias("example")
    of_release = and_(example.c.release_id == newest, example.c.fingerprint == grouped.c.fingerprint)
    found = and_(finding.c.evaluation_id == example.c.evaluation_id, finding.c.rank == example.c.rank)
    asked = and_(question.c.evaluation_id == finding.c.evaluation_id, question.c.number == finding.c.question)
    about = and_(
        decided_component.c.evaluation_id == OWNER,
        decided_component.c.position == finding.c.component,
    )
    joined = (
        grouped.join(example, of_release)
        .join(evaluation, evaluation.c.id == example.c.evaluation_id)
        .join(finding, found)
        .join(question, asked)
        .outerjoin(decided_component, about)
    )
    columns = (grouped.c.fingerprint, grouped.c.worst, cast(grouped.c.releases, Integer).label("releases"))
    subject = (finding.c.subject, decided_component.c.purl, decided_component.c.name, decided_component.c.version)
    return (
        select(*columns, evaluation.c.record, question.c.shown, *subject)
        .select_from(joined)
        .order_by(grouped.c.worst, grouped.c.releases.desc(), grouped.c.fingerprint)
    )


def _queued(row: Any) -> QueuedQuestion:
    asked = msgspec.json.decode(row.shown)
    shown = {
        "question": asked["message"],
        "fingerprint": row.fingerprint,
        "releases": row.releases,
        "example": _example(row),
        **{name: asked[name] for name in ("rule", "severity", "route", "kind", "license", "how_to_fix")},
    }
    return QueuedQuestion(QueuePlace(row.worst, row.releases, row.fingerprint), shown)


def _example(row: Any) -> dict[str, Any]:
    record = msgspec.json.decode(row.record, type=EvaluationRecord)
    subject = {"purl": row.purl, "name": row.name, "version": row.version}
    return {
        "release": record.release.id,
        "project": record.release.project,
        "version": record.release.version,
        "evaluation": record.id,
        "subject": msgspec.json.decode(row.subject) if row.subject else subject,
    }
