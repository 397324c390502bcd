"""Reviews of decisions in the service's database."""

from collections.abc import Sequence

from msgspec import structs
from sqlalchemy import insert, select

from policy_eval.adapters.decision_tables import decision_review
from policy_eval.domain.decision_records import Review
from shared.persistence.engine import Database


class SqlDecisionReviews:
    """`application.ports.DecisionReviews`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, review: Review) -> None:
        async with self._database.write() as connection:
            await connection.execute(insert(decision_review).values(structs.asdict(review)))
            await connection.commit()

    async def of(self, decision_ids: Sequence[str]) -> dict[str, list[Review]]:
        columns = [decision_review.c[name] for name in Review.__struct_fields__]
        query = select(*columns).where(decision_review.c.decision_id.in_(decision_ids)).order_by(decision_review.c.at)
        found: dict[str, list[Review]] = {}
        async with self._database.read() as connection:
            for row in await connection.execute(query):
                found.setdefault(row.decision_id, []).append(Review(*row))
        return found
