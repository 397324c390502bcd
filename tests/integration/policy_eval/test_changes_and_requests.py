"""What people change and the request to evaluate again that follows from it are stored together, or neither is.

The process dies at the two moments that matter: while the request is stored, and once the change is.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from policy_eval.adapters.changes import SqlChanges
from policy_eval.adapters.decision_tables import organization
from policy_eval.adapters.export_records import SqlExportRecords
from policy_eval.adapters.export_tables import export_record
from policy_eval.adapters.organizations import SqlOrganizations
from policy_eval.adapters.policy_drafts import read_draft
from policy_eval.adapters.policy_tables import policy_activation
from policy_eval.adapters.reevaluations import SqlReevaluations
from policy_eval.adapters.shipped_policies import shipped_policies
from policy_eval.adapters.stored_policies import StoredPolicies
from policy_eval.application.check_policy import CheckPolicy
from policy_eval.application.keep_decisions import Reviewer
from policy_eval.application.keep_export_records import KeepExportRecords, Officer
from policy_eval.application.keep_organization import KeepOrganization
from policy_eval.application.keep_policies import KeepPolicies
from policy_eval.application.reevaluations import AskForReevaluation
from policy_eval.domain.organization import Organization
from shared.clock import id_source
from shared.persistence.engine import Database
from shared.persistence.migrate import migrate
from tests.support.builders import real_knowledge
from tests.support.export import shipped_knowledge

_FAULT = "CREATE TRIGGER dies BEFORE INSERT ON reevaluation BEGIN SELECT RAISE(ABORT, 'killed'); END"
_POLICY = shipped_policies()["default"].body.replace(b"name: default", b"name: ours")
_ANN = Reviewer("key:ann", ("policy-admin",), ("*",))
_OFFICER = Officer("key:ann", ("*",))


class _Killed(Exception):
    """The process ends here."""


class _Clock:
    def now(self) -> datetime:
        return datetime(2026, 3, 1, 12, tzinfo=UTC)


class _Service:
    """The use cases that change facts on one database; the process dies when it would look for work."""

    def __init__(self, database: Database) -> None:
        def killed() -> NoReturn:
            raise _Killed

        clock = _Clock()
        new_id = id_source(clock)
        ask = AskForReevaluation(SqlReevaluations(database), clock, new_id, killed)
        check = CheckPolicy(read_draft, real_knowledge())
        policies = StoredPolicies(database, shipped_policies())
        self.organization = KeepOrganization(SqlOrganizations(database), ask, clock)
        self.policies = KeepPolicies(policies, check, ask, clock, new_id)
        self.export = KeepExportRecords(SqlExportRecords(database), shipped_knowledge().law, ask, clock, new_id)


async def _organization(service: _Service) -> None:
    await service.organization.put(_ANN, Organization(name="A"))


async def _published(service: _Service) -> None:
    await service.policies.publish("ours", _POLICY, "key:ann", is_active=True)


async def _activated(service: _Service) -> None:
    await service.policies.publish("ours", _POLICY, "key:ann", is_active=False)
    await service.policies.activate("ours", 1, "key:ann")


async def _stated(service: _Service) -> None:
    await service.export.add("statement", _OFFICER, {"project": "shop", "crypto": {"kind": "none"}})


CHANGES: list[Any] = [
    pytest.param(_organization, organization, (None, None), id="what the organisation says"),
    pytest.param(_published, policy_activation, ("ours", None), id="a policy that is published"),
    pytest.param(_activated, policy_activation, ("ours", None), id="a version that is activated"),
    pytest.param(_stated, export_record, (None, "shop"), id="what an officer files"),
]


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    url = f"sqlite+aiosqlite:///{tmp_path}/policy-eval.sqlite"
    migrate("policy_eval", url)
    opened = Database(url)
    yield opened
    await opened.close()


async def _rows(database: Database, table: Any) -> int:
    async with database.read() as connection:
        return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())


@pytest.mark.parametrize(("change", "table", "scope"), CHANGES)
async def test_a_change_has_left_its_request_though_the_process_dies_once_it_is_stored(
    database: Database,
    change: Callable[[_Service], Awaitable[None]],
    table: Any,
    scope: tuple[str | None, str | None],
) -> None:
    with pytest.raises(_Killed):
        await change(_Service(database))

    [request] = await SqlReevaluations(database).page(None, 10)
    assert (await _rows(database, table), (request.policy, request.project)) == (1, scope)
    assert await SqlChanges(database).number() == 1


@pytest.mark.parametrize(("change", "table", "scope"), CHANGES)
async def test_a_change_is_not_stored_where_the_process_dies_before_its_request_is(
    database: Database,
    change: Callable[[_Service], Awaitable[None]],
    table: Any,
    scope: tuple[str | None, str | None],
) -> None:
    async with database.write() as connection:
        await connection.execute(text(_FAULT))
        await connection.commit()

    with pytest.raises(IntegrityError, match="killed"):
        await change(_Service(database))

    assert (await _rows(database, table), await SqlChanges(database).number()) == (0, 0)
