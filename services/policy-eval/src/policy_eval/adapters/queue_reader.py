"""The reviewers' queue, read from the numbers that each project has of each question."""

from typing import Any, Final

import msgspec
from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Subquery,
    and_,
    cast,
    func,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from policy_eval.adapters.queue_conditions import conditions_of, due_days, is_one_of
from policy_eval.adapters.queue_tables import open_question, queued_question
from policy_eval.adapters.shared_rows import OWNER
from policy_eval.adapters.tables import decided_component, evaluation, finding, question, release_input
from policy_eval.application.ports import EvaluationRecord
from policy_eval.application.show_queue import QueuedQuestion, QueueFilter, QueuePage, QueuePlace
from policy_eval.domain.findings import Route
from policy_eval.domain.waiting import ROUTES, Timers, Wait
from shared.persistence.engine import Database

_NEVER: Final = "9999"
"""What has no deadline is due after all that has one."""


class SqlQueue:
    """`application.show_queue.Queue`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def projects(self) -> list[str]:
        async with self._database.read() as connection:
            rows = await connection.execute(select(queued_question.c.project).distinct())
            return [row.project for row in rows]

    async def page(
        self, wanted: QueueFilter, projects: list[str] | None, at: QueuePage, timers: Timers
    ) -> list[QueuedQuestion]:
        async with self._database.read() as connection:
            conditions = conditions_of(connection, wanted, projects, timers)
            due = await _due_days(connection, timers) if at.by_due_date else None
            grouped = _grouped(conditions, at) if due is None else _by_due_date(conditions, at, due)
            query = _examples(_with_project(grouped, conditions), conditions, at)
            rows = (await connection.execute(query)).all()
            since = await _since(connection, conditions, [row.fingerprint for row in rows])
        return [_queued(row, timers.wait(since[row.fingerprint]), at) for row in rows]

    async def oldest(self) -> dict[Route, str]:
        """Return since when the oldest question of each route waits; no entry for a route that has none."""
        async with self._database.read() as connection:
            return await _oldest(connection)


async def _oldest(connection: AsyncConnection) -> dict[Route, str]:
    # A subquery for each: its route's first row in the index.
    since = queued_question.c.waiting_since
    firsts = [select(func.min(since)).where(queued_question.c.route == each).scalar_subquery() for each in ROUTES]
    row = (await connection.execute(select(*firsts))).one()
    return {route: since for route, since in zip(ROUTES, row, strict=True) if since is not None}


async def _due_days(connection: AsyncConnection, timers: Timers) -> FromClause:
    oldest = min((await _oldest(connection)).values(), default=timers.now.isoformat())
    return due_days(connection, timers.due_days(oldest))


_fingerprint = queued_question.c.fingerprint
_worst, _releases = func.min(queued_question.c.severity), func.sum(queued_question.c.releases)


def _questions(conditions: list[ColumnElement[bool]], limit: int) -> Select[Any]:
    """One row for each question: its worst severity, and its releases."""
    columns = (_fingerprint, _worst.label("worst"), _releases.label("releases"))
    return select(*columns).where(*conditions).group_by(_fingerprint).limit(limit)


def _grouped(conditions: list[ColumnElement[bool]], at: QueuePage) -> Subquery:
    """The worst questions first, then those of most releases."""
    query = _questions(conditions, at.limit).order_by(_worst, _releases.desc(), _fingerprint)
    if at.after is not None:
        last = at.after
        fewer = or_(_releases < last.releases, and_(_releases == last.releases, _fingerprint > last.fingerprint))
        query = query.having(or_(_worst > last.severity, and_(_worst == last.severity, fewer)))
    return query.subquery("grouped")


def _by_due_date(conditions: list[ColumnElement[bool]], at: QueuePage, due: FromClause) -> Subquery:
    """The questions first that are due first."""
    day = func.substr(queued_question.c.waiting_since, 1, len("2026-12-31"))
    since_day = and_(due.c.route == queued_question.c.route, due.c.day == day)
    due_at = func.min(func.coalesce(due.c.due_at, _NEVER))
    query = _questions(conditions, at.limit).add_columns(due_at.label("due_at"))
    query = query.select_from(queued_question.outerjoin(due, since_day)).order_by(due_at, _fingerprint)
    if at.after is not None:
        last, last_due = at.after, at.after.due_at or _NEVER
        query = query.having(or_(due_at > last_due, and_(due_at == last_due, _fingerprint > last.fingerprint)))
    return query.subquery("grouped")


def _with_project(grouped: Subquery, conditions: list[ColumnElement[bool]]) -> Subquery:
    """The questions with the first project where they are at their worst."""
    is_worst = and_(
        queued_question.c.fingerprint == grouped.c.fingerprint, queued_question.c.severity == grouped.c.worst
    )
    first = select(func.min(queued_question.c.project)).where(is_worst, *conditions).scalar_subquery()
    return select(*grouped.columns, first.label("project")).subquery("located")


def _examples(grouped: Subquery, conditions: list[ColumnElement[bool]], at: QueuePage) -> Select[Any]:
    """The questions with the newest release of their project, and what is asked of it."""
    example = open_question.alias("example")
    of_release = and_(
        example.c.release_id == _newest(grouped, conditions), example.c.fingerprint == grouped.c.fingerprint
    )
    found = and_(finding.c.evaluation_id == example.c.evaluation_id, finding.c.rank == example.c.rank)
    asked = and_(question.c.evaluation_id == finding.c.evaluation_id, question.c.number == finding.c.question)
    about = and_(
        decided_component.c.evaluation_id == OWNER,
        decided_component.c.position == finding.c.component,
    )
    joined = (
        grouped.join(example, of_release)
        .join(release_input, release_input.c.release_id == example.c.release_id)
        .join(evaluation, evaluation.c.id == release_input.c.evaluation_id)
        .join(finding, found)
        .join(question, asked)
        .outerjoin(decided_component, about)
    )
    columns = (grouped.c.fingerprint, grouped.c.worst, cast(grouped.c.releases, Integer).label("releases"))
    subject = (finding.c.subject, decided_component.c.purl, decided_component.c.name, decided_component.c.version)
    query = select(*columns, evaluation.c.record, question.c.shown, *subject).select_from(joined)
    if at.by_due_date:
        return query.add_columns(grouped.c.due_at).order_by(grouped.c.due_at, grouped.c.fingerprint)
    return query.order_by(grouped.c.worst, grouped.c.releases.desc(), grouped.c.fingerprint)


def _newest(grouped: Subquery, conditions: list[ColumnElement[bool]]) -> ColumnElement[str]:
    """The newest release of the project that asks the question at its worst as it is asked for."""
    keys = ("project", "fingerprint", "severity", "route")
    counted = and_(*(queued_question.c[name] == open_question.c[name] for name in keys))
    return (
        select(func.max(open_question.c.release_id))
        .join(queued_question, counted)
        .where(open_question.c.project == grouped.c.project)
        .where(open_question.c.fingerprint == grouped.c.fingerprint, open_question.c.severity == grouped.c.worst)
        .where(*conditions)
        .scalar_subquery()
    )


async def _since(
    connection: AsyncConnection, conditions: list[ColumnElement[bool]], fingerprints: list[str]
) -> dict[str, dict[Route, str]]:
    """Since when each question waits on each of its routes. Asked for a page: over all questions it would cost as much
    as to find the page."""
    route = queued_question.c.route
    query = select(_fingerprint, route, func.min(queued_question.c.waiting_since))
    of_page = is_one_of(connection, _fingerprint, fingerprints)
    found: dict[str, dict[Route, str]] = {each: {} for each in fingerprints}
    for fingerprint, of_route, since in await connection.execute(
        query.where(of_page, *conditions).group_by(_fingerprint, route)
    ):
        found[fingerprint][of_route] = since
    return found


def _queued(row: Any, waits: Wait, at: QueuePage) -> QueuedQuestion:
    asked = msgspec.json.decode(row.shown)
    shown = {
        "question": asked["message"],
        "fingerprint": row.fingerprint,
        "releases": row.releases,
        "example": _example(row),
        **{name: asked[name] for name in ("rule", "severity", "route", "kind", "license", "how_to_fix")},
        **msgspec.structs.asdict(waits),
    }
    place = QueuePlace(row.worst, row.releases, row.fingerprint, row.due_at if at.by_due_date else None)
    return QueuedQuestion(place, shown)


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
