"""Rows that evaluations share: of components, told as each of them has decided (ADR 39), and of all the rest where one
says the same as another (ADR 41)."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from policy_eval.adapters.tables import evaluation, explanation
from policy_eval.application.explanations import KeptOutcomes, unpacked_outcomes
from policy_eval.domain.outcome import Outcome

OWNER: Final[ColumnElement[str]] = func.coalesce(evaluation.c.components_of, evaluation.c.id)
"""The evaluation that has the rows of the components of one that is looked at."""

TELLER: Final[ColumnElement[str]] = func.coalesce(evaluation.c.same_as, evaluation.c.id)
"""The evaluation that has the rows of findings, questions, licences and explanations of one that is looked at."""


def teller_of(evaluation_id: str) -> ScalarSelect[str]:
    """The evaluation that has the rows of this one's findings, questions, licences and explanations."""
    return select(TELLER).where(evaluation.c.id == evaluation_id).scalar_subquery()


def owner_of(evaluation_id: str) -> ScalarSelect[str]:
    """The evaluation that has the rows of this one's components."""
    return select(OWNER).where(evaluation.c.id == evaluation_id).scalar_subquery()


async def outcomes_where_shared(
    connection: AsyncConnection, evaluation_ids: Iterable[str]
) -> Mapping[str, KeptOutcomes]:
    """Return what those of the evaluations that share the rows of another have decided."""
    of = evaluation.join(explanation, explanation.c.evaluation_id == TELLER)
    query = select(evaluation.c.id, explanation.c.body).select_from(of)
    query = query.where(evaluation.c.id.in_(list(evaluation_ids)), evaluation.c.components_of.is_not(None))
    return {row.id: unpacked_outcomes(row.body) for row in await connection.execute(query)}


def as_decided(shown: bytes, outcome: Outcome | None) -> dict[str, Any]:
    """A component as the API shows it, with this outcome in place of the one in the shared row."""
    component: dict[str, Any] = msgspec.json.decode(shown)
    if outcome is not None:
        component |= outcome.shown()
    return component
