"""What a document costs in statements and events does not depend on the number of its components."""

import re
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, event

from standalone.bootstrap import create_app, migrate_all
from standalone.settings import Settings
from tests.support.post_office import until
from tests.support.sboms import a_cyclonedx

_KEY = "licet_" + "k" * 40
_CHANGE = re.compile(r"(INSERT INTO|UPDATE|DELETE FROM) (\w+)")
_MOST_CHANGES = 46
"""Two put the upload on record in the chain of the audit, two what it leaves open in the queue, two its steps."""
_LICENSES = ("MIT", "Apache-2.0", "GPL-3.0-or-later", "MPL-2.0 OR LGPL-2.1-or-later", "LicenseRef-own")


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of all four services in this process, over SQLite files, after what they note at their first start."""
    migrate_all(tmp_path)
    app = create_app(Settings(data_dir=tmp_path), _KEY)
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://licet", headers={"X-Api-Key": _KEY}) as client,
    ):
        await until(lambda: _has_looked_around(tmp_path / "policy-eval.sqlite"))
        yield client


async def test_an_upload_changes_the_databases_by_the_same_few_statements_whatever_its_size(
    client: httpx.AsyncClient,
) -> None:
    small = await _changes(client, components=5)
    large = await _changes(client, components=500)

    assert large == small
    assert sum(large.values()) <= _MOST_CHANGES


async def test_an_upload_sends_three_events_whatever_its_size(client: httpx.AsyncClient) -> None:
    changes = await _changes(client, components=500)

    assert changes["INSERT INTO", "outbox"] == 3


async def _changes(client: httpx.AsyncClient, components: int) -> Counter[tuple[str, ...]]:
    """The statements by which a new document of that many components is taken, evaluated and derived from."""
    licenses = {f"component-{number}": _LICENSES[number % len(_LICENSES)] for number in range(components)}
    with _counted_changes() as changes:
        query = {"project": f"of-{components}", "version": "1", "wait": "30"}
        answer = await client.post("/api/v1/sboms", params=query, content=a_cyclonedx(licenses))
        assert answer.json()["stages"] == {"ingested": "done", "evaluated": "done", "obligations": "done"}
    return changes


async def _has_looked_around(database: Path) -> bool:
    """Whether policy-eval remembers the last thing that it looks at when it has started: the days of classifications."""
    with closing(sqlite3.connect(database)) as connection:
        found = connection.execute("SELECT 1 FROM known_fact WHERE name = 'days of export classifications'")
        return found.fetchone() is not None


@contextmanager
def _counted_changes() -> Iterator[Counter[tuple[str, ...]]]:
    """Count statements that change rows, by verb and table, in all databases.

    What marks an event as sent is left out: when it happens is the relay's affair, often after the answer.
    """
    changes: Counter[tuple[str, ...]] = Counter()

    def count(_connection: Any, _cursor: Any, statement: str, *_: object) -> None:
        change = _CHANGE.match(statement)
        if change and change.groups() != ("UPDATE", "outbox"):
            changes[change.groups()] += 1

    event.listen(Engine, "before_cursor_execute", count)
    try:
        yield changes
    finally:
        event.remove(Engine, "before_cursor_execute", count)
