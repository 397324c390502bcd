"""Which releases now have a component that is asked for, a page at a time and the newest first.

An index gives evaluations in the order of their releases; they are taken from it some at a time, and of those it is looked
up which are current and what the index does not know. So a page is read and not all that is popular, whatever the database
thinks of the statement.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Table, and_, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from policy_eval.adapters.shared_rows import OWNER, TELLER, outcomes_where_shared
from policy_eval.adapters.tables import decided_component, evaluation, evaluation_license, release_input
from policy_eval.application.explanations import KeptOutcomes
from policy_eval.domain.component_search import ComponentSearch, ReleasesAsked
from policy_eval.domain.purls import Purl, index_key

_MOST_AT_A_TIME: Final = 1_000
_FEW_ROWS: Final = 5_000
"""That are rather all read and sorted than looked for one by one among those of other versions."""

_MOST_VERSIONS: Final = 10_000
"""That a statement may name; SQLite takes 32,766 values in all, PostgreSQL 32,767."""


@dataclass(frozen=True, slots=True)
class _Source:
    """The rows that lead to releases: their table and conditions.

    They may be few, so that all may be read, or inexact, so that the release has to be looked at. `license` is one that the
    evaluation has, in whatever component.
    """

    table: Table
    conditions: tuple[ColumnElement[bool], ...]
    few: bool = False
    exact: bool = True
    license: str | None = None

    def where(self, *conditions: ColumnElement[bool]) -> "_Source":
        return replace(self, conditions=(*self.conditions, *conditions))


async def releases_with(connection: AsyncConnection, search: ComponentSearch, asked: ReleasesAsked) -> list[str]:
    """Return the ids of releases that have such a component in their current evaluation, the newest first."""
    found: list[str] = []
    source = await _source(connection, search)
    if source is None:
        return found
    async for ids in _current(connection, source, asked):
        found += ids if source.exact else await _finding(connection, search, ids)
        if len(found) >= asked.limit:
            break
    return found[: asked.limit]


async def _source(connection: AsyncConnection, search: ComponentSearch) -> _Source | None:
    """Where to look; None where no version that is stored is asked for."""
    if search.purl is None:
        return _Source(evaluation_license, (evaluation_license.c.license == index_key(search.license or ""),))
    license_ = None if search.license is None else index_key(search.license)
    if license_ is not None and await _is_rare(connection, license_):
        return _Source(evaluation_license, (evaluation_license.c.license == license_,), exact=False)
    exact = not (license_ or search.purl.qualifiers or search.purl.subpath)
    conditions = (_has_name(search.purl), *_hints(search.purl))
    source = _Source(decided_component, conditions, exact=exact, license=license_)
    version = decided_component.c.purl_version
    if search.purl.version is not None:
        return source.where(version == index_key(search.purl.version))
    return source if search.versions is None else await _in_range(connection, source, search)


async def _is_rare(connection: AsyncConnection, license_: str) -> bool:
    """Whether so few evaluations have the licence that they are all looked at rather than those with the package."""
    some = select(evaluation_license.c.license).where(evaluation_license.c.license == license_).limit(_MOST_AT_A_TIME)
    count = (await connection.execute(select(func.count()).select_from(some.subquery()))).scalar_one()
    return bool(count < _MOST_AT_A_TIME)


async def _in_range(connection: AsyncConnection, source: _Source, search: ComponentSearch) -> _Source | None:
    assert search.versions is not None
    version = decided_component.c.purl_version
    query = select(version, func.count().label("rows")).where(*source.conditions, version.is_not(None))
    stored = (await connection.execute(query.group_by(version))).all()
    wanted = {row.purl_version: row.rows for row in stored if search.versions(row.purl_version)}
    if not wanted:
        return None
    if len(wanted) > _MOST_VERSIONS:
        return replace(source, exact=False)
    if sum(wanted.values()) <= _FEW_ROWS:
        return replace(source.where(version.in_(sorted(wanted))), few=True)
    # As an expression it is no reason to leave the index that is in the order of the releases.
    return source.where((version + literal("")).in_(sorted(wanted)))


async def _current(connection: AsyncConnection, source: _Source, asked: ReleasesAsked) -> AsyncIterator[list[str]]:
    """The releases by the source whose evaluation is the current one and has the licence; each once, some at a time."""
    source = source.where(*_asked_for(source.table, asked))
    size, last = min(asked.limit, _MOST_AT_A_TIME), None
    while True:
        rows = (await connection.execute(_joined(source, _pairs(source, size, last)))).all()
        yield [row.release_id for row in rows if row.evaluation_id == row.current and row.licensed]
        if len(rows) < size:
            break
        last, size = (rows[-1].release_id, rows[-1].evaluation_id), min(2 * size, _MOST_AT_A_TIME)


def _asked_for(table: Table, asked: ReleasesAsked) -> tuple[ColumnElement[bool], ...]:
    before = () if asked.before is None else (table.c.release_id < asked.before,)
    among = () if asked.among is None else (table.c.release_id.in_(asked.among),)
    return (*before, *among)


def _pairs(source: _Source, size: int, last: tuple[str, str] | None) -> Select[Any]:
    """Releases and their evaluations after the `last`, the newest first."""
    rows = select(source.table.c.release_id, source.table.c.evaluation_id).where(*source.conditions)
    if source.few:
        # OFFSET keeps the planner from looking for them in the order of what is outside.
        few = rows.offset(0).subquery()
        rows = select(few.c.release_id, few.c.evaluation_id)
    columns = tuple(rows.selected_columns)
    if last is not None:
        rows = rows.where(tuple_(*columns) < tuple_(*map(literal, last)))
    return rows.distinct().order_by(*(each.desc() for each in columns)).limit(size)


def _joined(source: _Source, pairs: Select[Any]) -> Select[Any]:
    pair = pairs.subquery().c
    licensed: ColumnElement[bool] = literal(True)
    if source.license is not None:
        of_current = and_(
            evaluation_license.c.license == source.license,
            evaluation_license.c.evaluation_id == TELLER,
        )
        licensed = select(evaluation_license.c.license).where(of_current).exists()
    current = OWNER if source.table is decided_component else TELLER
    return (
        select(pair.release_id, pair.evaluation_id, current.label("current"), licensed.label("licensed"))
        .outerjoin(release_input, release_input.c.release_id == pair.release_id)
        .outerjoin(evaluation, evaluation.c.id == release_input.c.evaluation_id)
        .order_by(pair.release_id.desc(), pair.evaluation_id.desc())
    )


async def _finding(connection: AsyncConnection, search: ComponentSearch, release_ids: list[str]) -> list[str]:
    """Those of the releases with a component that is found, in their order."""
    assert search.purl is not None
    of_row = ("purl", "version", "effective_license", "release_id", "position")
    current = evaluation.join(release_input, release_input.c.evaluation_id == evaluation.c.id)
    query = (
        select(*(decided_component.c[name] for name in of_row), release_input.c.evaluation_id.label("current"))
        .select_from(current.join(decided_component, decided_component.c.evaluation_id == OWNER))
        .where(release_input.c.release_id == decided_component.c.release_id)
        .where(_has_name(search.purl), decided_component.c.release_id.in_(release_ids))
        .order_by(decided_component.c.release_id.desc())
    )
    finds = cache(search.finds)
    rows = (await connection.execute(query)).all()
    decided = {} if search.license is None else await outcomes_where_shared(connection, {row.current for row in rows})
    return [
        release_id
        for release_id, components in groupby(rows, lambda row: row.release_id)
        if any(finds(each.purl, each.version, _license_of(each, decided)) for each in components)
    ]


def _license_of(row: Any, decided: Mapping[str, KeptOutcomes]) -> str | None:
    """The licence that the current evaluation has decided for the component."""
    outcomes, in_row = decided.get(row.current), row.effective_license
    return in_row if outcomes is None else outcomes.at(row.position).effective_license


def _hints(purl: Purl) -> list[ColumnElement[bool]]:
    """What the text of a purl has in any case if it has the qualifiers or the subpath that are asked for."""
    signs = {"?": purl.qualifiers, "#": purl.subpath}
    return [decided_component.c.purl.contains(sign) for sign, asked in signs.items() if asked]


def _has_name(purl: Purl) -> ColumnElement[bool]:
    return decided_component.c.purl_name == index_key(purl.name)
