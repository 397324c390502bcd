"""Which releases now have a component that is asked for, a page at a time and the newest first.

An index gives the releases in their order, so that a page of them is read and not all. What no index knows, the
qualifiers of a purl and which component has the licence, is looked at among the releases that an index has given.
"""

from functools import cache
from itertools import groupby
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from policy_eval.adapters.tables import decided_component, evaluation_license, release_input
from policy_eval.domain.component_search import ComponentSearch, ReleasesAsked
from policy_eval.domain.purls import Purl, index_key

_MOST_VERSIONS: Final = 10_000
"""That a statement may name; SQLite takes 32,766 values in all, PostgreSQL 32,767."""

_MOST_LOOKED_AT: Final = 1_000
"""Releases whose components are read at once."""


async def releases_with(connection: AsyncConnection, search: ComponentSearch, asked: ReleasesAsked) -> list[str]:
    """Return the ids of releases that have such a component in their current evaluation, the newest first."""
    if search.purl is None:
        return await _ids(connection, _with_license(search.license or ""), asked, evaluation_license.c.release_id)
    versions = await _versions(connection, search)
    if versions == []:
        return []
    query = _with_package(search.purl, search.license, versions)
    is_exact = not search.asks_for_details and (versions is not None or search.versions is None)
    if is_exact:
        return await _ids(connection, query, asked, decided_component.c.release_id)
    return await _looked_at(connection, query, search, asked)


async def _looked_at(
    connection: AsyncConnection, query: Select[Any], search: ComponentSearch, asked: ReleasesAsked
) -> list[str]:
    found: list[str] = []
    some = ReleasesAsked(_MOST_LOOKED_AT, asked.before, asked.among)
    while len(found) < asked.limit:
        ids = await _ids(connection, query, some, decided_component.c.release_id)
        found += await _finding(connection, search, ids)
        if len(ids) < some.limit:
            break
        some = ReleasesAsked(_MOST_LOOKED_AT, ids[-1], asked.among)
    return found[: asked.limit]


async def _finding(connection: AsyncConnection, search: ComponentSearch, release_ids: list[str]) -> list[str]:
    """Those of the releases with a component that is found, in their order."""
    assert search.purl is not None
    facts = (decided_component.c.purl, decided_component.c.version, decided_component.c.effective_license)
    query = (
        select(decided_component.c.release_id, *facts)
        .join(release_input, _is_current(decided_component))
        .where(decided_component.c.purl_name == index_key(search.purl.name))
        .where(decided_component.c.release_id.in_(release_ids))
        .order_by(decided_component.c.release_id.desc())
    )
    finds = cache(search.finds)
    rows = (await connection.execute(query)).all()
    return [
        release_id
        for release_id, components in groupby(rows, lambda row: row.release_id)
        if any(finds(each.purl, each.version, each.effective_license) for each in components)
    ]


async def _versions(connection: AsyncConnection, search: ComponentSearch) -> list[str] | None:
    """The keys of the versions that are asked for; None where any will do, or they are too many to be named."""
    assert search.purl is not None
    if search.purl.version is not None:
        return [index_key(search.purl.version)]
    if search.versions is None:
        return None
    column = decided_component.c.purl_version
    stored = select(column).where(decided_component.c.purl_name == index_key(search.purl.name)).distinct()
    rows = (await connection.execute(stored.where(column.is_not(None)))).all()
    found = sorted(row.purl_version for row in rows if search.versions(row.purl_version))
    return found if len(found) <= _MOST_VERSIONS else None


async def _ids(
    connection: AsyncConnection, query: Select[Any], asked: ReleasesAsked, column: ColumnElement[str]
) -> list[str]:
    query = query.order_by(column.desc()).limit(asked.limit)
    if asked.before is not None:
        query = query.where(column < asked.before)
    if asked.among is not None:
        query = query.where(column.in_(asked.among))
    return [row.release_id for row in await connection.execute(query)]


def _with_license(license_: str) -> Select[Any]:
    return (
        select(evaluation_license.c.release_id)
        .join(release_input, _is_current(evaluation_license))
        .where(evaluation_license.c.license == index_key(license_))
    )


def _with_package(purl: Purl, license_: str | None, versions: list[str] | None) -> Select[Any]:
    query = (
        select(decided_component.c.release_id)
        .distinct()
        .join(release_input, _is_current(decided_component))
        .where(decided_component.c.purl_name == index_key(purl.name))
    )
    if versions is not None:
        query = query.where(decided_component.c.purl_version.in_(versions))
    if license_ is not None:
        of_release = evaluation_license.c.evaluation_id == decided_component.c.evaluation_id
        with_license = and_(of_release, evaluation_license.c.license == index_key(license_))
        query = query.where(select(evaluation_license.c.license).where(with_license).exists())
    return query


def _is_current(table: Any) -> ColumnElement[bool]:
    same_release = release_input.c.release_id == table.c.release_id
    return and_(same_release, release_input.c.evaluation_id == table.c.evaluation_id)
