"""What the organisation says of itself, each version of it, in the service's database."""

import msgspec
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from policy_eval.adapters.changes import moved
from policy_eval.adapters.decision_tables import organization
from policy_eval.adapters.reevaluations import add_request
from policy_eval.application.change_ports import Reevaluation
from policy_eval.domain.organization import Organization
from shared.errors import Conflict
from shared.persistence.engine import Database


class SqlOrganizations:
    """`application.record_ports.Organizations`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def current(self) -> tuple[int, Organization]:
        query = select(organization).order_by(organization.c.version.desc()).limit(1)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return (row.version, msgspec.json.decode(row.body, type=Organization)) if row else (0, Organization())

    async def put(self, said: Organization, at: str, by: str, ask: Reevaluation) -> None:
        async with self._database.write() as connection:
            newest = (await connection.execute(select(func.max(organization.c.version)))).scalar_one()
            version = int(newest or 0) + 1
            values = {"version": version, "body": msgspec.json.encode(said), "created_at": at, "created_by": by}
            try:
                await connection.execute(insert(organization).values(values))
            except IntegrityError as error:
                raise Conflict("Somebody has just changed the organisation: look at it and try again.") from error
            await moved(connection)
            await add_request(connection, ask)
            await connection.commit()
