"""Reviews of decisions in the service's database."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import insert, select

from policy_eval.adapters.decision_tables import decision_review
from policy_eval.domain.decision_records import Review
from shared.persistence.engine import Database


class SqlDecisionReviews:
    """`application.record_ports.DecisionReviews`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, review: Review) -> None:
        async with self._database.write() as connection:
            await connection.execute(insert(decision_review).values(msgspec.to_builtins(review)))
            await connection.commit()

    async def of(self, decision_ids: Sequence[str]) -> dict[str, list[Review]]:
        names = Review.__struct_fields__
        columns = [decision_review.c[name] for name in names]
        query = select(*columns).where(decision_review.c.decision_id.in_(decision_ids)).order_by(decision_review.c.at)
        found: dict[str, list[Review]] = {}
        async with self._database.read() as connection:
            for row in await connection.execute(query):
                review = msgspec.convert(dict(zip(names, row, strict=True)), Review)
                found.setdefault(review.decision_id, []).append(review)
        return found
