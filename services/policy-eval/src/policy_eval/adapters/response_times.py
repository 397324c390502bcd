"""In how many working days the organisation answers, each version of it, in the service's database."""

import msgspec
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from policy_eval.adapters.decision_tables import response_times
from shared.contracts.response_times import ResponseTimes
from shared.errors import Conflict
from shared.persistence.engine import Database


class SqlResponseTimes:
    """`application.record_ports.StoredResponseTimes`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def current(self) -> ResponseTimes:
        query = select(response_times.c.body).order_by(response_times.c.version.desc()).limit(1)
        async with self._database.read() as connection:
            body = (await connection.execute(query)).scalar_one_or_none()
        return ResponseTimes() if body is None else msgspec.json.decode(body, type=ResponseTimes)

    async def put(self, times: ResponseTimes, at: str, by: str) -> None:
        async with self._database.write() as connection:
            newest = (await connection.execute(select(func.max(response_times.c.version)))).scalar_one()
            body = msgspec.json.encode(times)
            values = {"version": int(newest or 0) + 1, "body": body, "created_at": at, "created_by": by}
            try:
                await connection.execute(insert(response_times).values(values))
            except IntegrityError as error:
                raise Conflict("Somebody has just changed the response times: look at them and try again.") from error
            await connection.commit()
