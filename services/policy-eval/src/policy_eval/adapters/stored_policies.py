"""Policies in the service's database, in front of those that Licet ships."""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from msgspec import structs
from sqlalchemy import ColumnElement, Select, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from policy_eval.adapters.changes import moved
from policy_eval.adapters.policy_files import parse_policy
from policy_eval.adapters.policy_tables import policy_activation, policy_proposal, policy_version
from policy_eval.adapters.reevaluations import add_request
from policy_eval.adapters.shipped_policies import ShippedPolicy
from policy_eval.application.policy_ports import Activation, MadeActive, PolicyHead
from policy_eval.application.ports import LoadedPolicy
from shared.computation import compute
from shared.contracts.contexts import DEFAULT_POLICY
from shared.contracts.events import PolicyVersion
from shared.errors import NotFound
from shared.persistence.engine import Database, on_conflict_do_nothing

_MOST_POLICIES = 1000
_HEAD = [policy_version.c[name] for name in PolicyHead.__struct_fields__]


class StoredPolicies:
    """`application.ports.Policies` and `application.policy_ports.PolicyVersions`."""

    def __init__(self, database: Database, shipped: Mapping[str, ShippedPolicy]) -> None:
        self._database = database
        self._shipped = shipped

    async def active(self, name: str | None) -> LoadedPolicy:
        head, body = await self.body(name or DEFAULT_POLICY, None)
        if head.created_by is None:
            return self._shipped[head.name].loaded
        return await compute(_loaded, body)

    async def of_age(self) -> list[str]:
        names = [head.name for head, _ in await self.page("", _MOST_POLICIES)]
        active = [name for name in names if await self.active_number(name) is not None]
        return [name for name in active if (await self.active(name)).policy.looks_at_age]

    async def page(self, after: str, limit: int) -> list[tuple[PolicyHead, int]]:
        names = select(policy_version.c.name).where(policy_version.c.name > after).distinct()
        async with self._database.read() as connection:
            stored = (await connection.execute(names.order_by(policy_version.c.name).limit(limit))).scalars().all()
            wanted = sorted({*stored, *(name for name in self._shipped if name > after)})[:limit]
            return [await self._state(connection, name) for name in wanted]

    async def versions(self, name: str, before: int | None, limit: int) -> list[PolicyHead]:
        query = select(*_HEAD).where(policy_version.c.name == name)
        if before is not None:
            query = query.where(policy_version.c.version < before)
        async with self._database.read() as connection:
            rows = (await connection.execute(query.order_by(policy_version.c.version.desc()).limit(limit))).all()
            if not rows and not await self._newest(connection, name):
                raise self._unknown(name)
        stored = [PolicyHead(*row) for row in rows]
        shipped = [each.head for each in [self._shipped.get(name)] if each and (before is None or before > 1)]
        return [*stored, *shipped][:limit]

    async def active_number(self, name: str) -> int | None:
        async with self._database.read() as connection:
            return await self._active(connection, name)

    async def newest_number(self, name: str) -> int:
        async with self._database.read() as connection:
            return await self._newest(connection, name)

    async def body(self, name: str, version: int | None) -> tuple[PolicyHead, bytes]:
        async with self._database.read() as connection:
            number = await self._active(connection, name) if version is None else version
            if number is None:
                raise self._unknown(name) if not await self._newest(connection, name) else _inactive(name)
            found = await self._version(connection, name, number)
        if found is None:
            raise NotFound(f"There is no version {number} of a policy {name!r}.")
        return found

    async def add(self, head: PolicyHead, body: bytes, made_active: MadeActive | None) -> bool:
        values = {each: getattr(head, each) for each in PolicyHead.__struct_fields__} | {"body": body}
        async with self._database.write() as connection:
            added = await connection.execute(on_conflict_do_nothing(connection, policy_version, values))
            if added.rowcount != 1:
                return False
            if made_active is not None:
                await _make_active(connection, made_active)
            await connection.commit()
        return True

    async def activate(self, made_active: MadeActive) -> None:
        async with self._database.write() as connection:
            await _make_active(connection, made_active)
            await connection.commit()

    async def propose(self, activation: Activation) -> None:
        values = {
            "id": activation.id,
            "name": activation.name,
            "version": activation.version,
            "proposed_by": activation.activated_by,
            "proposed_at": activation.activated_at,
        }
        async with self._database.write() as connection:
            await connection.execute(insert(policy_proposal).values(values))
            await connection.commit()

    async def proposed(self, name: str, version: int) -> list[str]:
        last = select(func.max(policy_activation.c.id)).where(policy_activation.c.name == name).scalar_subquery()
        of_version = (policy_proposal.c.name == name, policy_proposal.c.version == version)
        query = select(policy_proposal.c.proposed_by).where(*of_version, policy_proposal.c.id > func.coalesce(last, ""))
        async with self._database.read() as connection:
            return list((await connection.execute(query.distinct())).scalars())

    async def _state(self, connection: AsyncConnection, name: str) -> tuple[PolicyHead, int]:
        newest = await self._newest(connection, name)
        number = await self._active(connection, name)
        found = await self._version(connection, name, newest if number is None else number)
        assert found is not None
        return found[0], newest

    async def _version(self, connection: AsyncConnection, name: str, version: int) -> tuple[PolicyHead, bytes] | None:
        if version == 1 and name in self._shipped:
            return self._shipped[name].head, self._shipped[name].body
        query = select(*_HEAD, policy_version.c.body)
        row = (await connection.execute(query.where(*_is(policy_version.c, name, version)))).one_or_none()
        return None if row is None else (PolicyHead(*row[:-1]), row.body)

    async def _active(self, connection: AsyncConnection, name: str) -> int | None:
        of_name = select(policy_activation.c.version).where(policy_activation.c.name == name)
        newest: Select[Any] = of_name.order_by(policy_activation.c.id.desc()).limit(1)
        number = (await connection.execute(newest)).scalar_one_or_none()
        return 1 if number is None and name in self._shipped else number

    async def _newest(self, connection: AsyncConnection, name: str) -> int:
        query = select(func.max(policy_version.c.version)).where(policy_version.c.name == name)
        number: int | None = (await connection.execute(query)).scalar_one_or_none()
        return number or int(name in self._shipped)

    def _unknown(self, name: str) -> NotFound:
        return NotFound(f"There is no policy {name!r}; GET /api/v1/policies lists them.")


def _is(columns: Any, name: str, version: int) -> tuple[ColumnElement[bool], ...]:
    return columns.name == name, columns.version == version


async def _make_active(connection: AsyncConnection, made_active: MadeActive) -> None:
    values = structs.asdict(made_active.activation)
    await connection.execute(insert(policy_activation).values(values))
    await moved(connection)
    await add_request(connection, made_active.ask)


def _inactive(name: str) -> NotFound:
    return NotFound(
        f"The policy {name!r} has no active version; activate one with POST /api/v1/policies/{name}/activate."
    )


@lru_cache(maxsize=32)
def _loaded(body: bytes) -> LoadedPolicy:
    policy = parse_policy(body.decode())
    return LoadedPolicy(policy, PolicyVersion(policy.name, policy.version), hashlib.sha256(body).hexdigest())
