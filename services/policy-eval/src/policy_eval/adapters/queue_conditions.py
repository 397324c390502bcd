"""Which rows of the reviewers' queue are asked for, and when each is due."""

from collections.abc import Iterable, Mapping

import msgspec
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    FromClause,
    Text,
    any_,
    column,
    false,
    func,
    literal,
    not_,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from policy_eval.adapters.given_rows import given_rows
from policy_eval.adapters.queue_tables import queued_question
from policy_eval.application.show_queue import QueueFilter
from policy_eval.domain.findings import Route
from policy_eval.domain.open_questions import SEVERITY_ORDER
from policy_eval.domain.waiting import ESCALATED_TO, Timers


def conditions_of(
    connection: AsyncConnection, wanted: QueueFilter, projects: list[str] | None, timers: Timers
) -> list[ColumnElement[bool]]:
    """Return the conditions on `queued_question`; `projects` None means all."""
    before = timers.overdue_before()
    asked = {
        "kind": wanted.kind,
        "severity": None if wanted.severity is None else SEVERITY_ORDER[wanted.severity],
    }
    conditions = [queued_question.c[name] == value for name, value in asked.items() if value is not None]
    if wanted.route is not None:
        conditions.append(_waits_on(wanted.route, before))
    if wanted.overdue is not None:
        overdue = or_(false(), *(_overdue(route, day) for route, day in before.items()))
        conditions.append(overdue if wanted.overdue else not_(overdue))
    if projects is not None:
        conditions.append(is_one_of(connection, queued_question.c.project, projects))
    return conditions


def is_one_of(connection: AsyncConnection, tested: ColumnElement[str], values: list[str]) -> ColumnElement[bool]:
    """Return the condition that the value is one of these: one parameter, of which a statement may have some 32,000."""
    if connection.dialect.name == "postgresql":
        return tested == any_(literal(values, ARRAY(Text)))
    listed = func.json_each(msgspec.json.encode(values).decode()).table_valued(column("value", Text))
    return tested.in_(select(listed.c.value))


def due_days(connection: AsyncConnection, days: Iterable[tuple[Route, str, str]]) -> FromClause:
    """Return a table of `route`, `day` and `due_at`: when what waits on that route since that day is due."""
    return given_rows(connection, "due", dict.fromkeys(("route", "day", "due_at"), Text()), days)


def _waits_on(route: Route, overdue_before: Mapping[Route, str]) -> ColumnElement[bool]:
    """On this route from the beginning, or escalated to it since."""
    escalated = [
        _overdue(each, overdue_before[each])
        for each, to in ESCALATED_TO.items()
        if to == route and each in overdue_before
    ]
    return or_(queued_question.c.route == route, *escalated)


def _overdue(route: Route, day: str) -> ColumnElement[bool]:
    return (queued_question.c.route == route) & (queued_question.c.waiting_since < day)
