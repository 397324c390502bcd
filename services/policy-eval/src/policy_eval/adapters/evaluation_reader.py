"""Stored evaluations as the API shows them."""

import uuid
from typing import Any

import msgspec
from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from policy_eval.adapters.tables import decided_component, evaluation, finding, question, release_input
from policy_eval.application.ports import EvaluationRecord
from shared.contracts.events import CurrentDocument, ReleaseState
from shared.errors import NotFound
from shared.licensing import leaves, parse
from shared.persistence.engine import Database

_LEFT_OUT = "…"


class SqlEvaluationReader:
    """`application.ports.EvaluationReader`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(self, release_id: str, evaluation_id: str | None) -> EvaluationRecord:
        query = select(evaluation.c.record).where(evaluation.c.release_id == release_id)
        if evaluation_id is None:
            current = and_(release_input.c.release_id == release_id, release_input.c.evaluation_id == evaluation.c.id)
            query = query.join(release_input, current)
        else:
            query = query.where(evaluation.c.id == evaluation_id)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            raise NotFound(f"The release {release_id!r} has no evaluation {evaluation_id or 'yet'}.")
        return msgspec.json.decode(row.record, type=EvaluationRecord)

    async def all(self, release_id: str, before: str | None, limit: int) -> list[EvaluationRecord]:
        query = select(evaluation.c.record).where(evaluation.c.release_id == release_id)
        if before is not None:
            query = query.where(evaluation.c.id < before)
        async with self._database.read() as connection:
            rows = (await connection.execute(query.order_by(evaluation.c.id.desc()).limit(limit))).all()
        return [msgspec.json.decode(row.record, type=EvaluationRecord) for row in rows]

    async def inputs_of(self, release_id: str) -> tuple[ReleaseState, list[CurrentDocument]]:
        query = select(release_input).where(release_input.c.release_id == release_id)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            raise NotFound(f"The release {release_id!r} was never evaluated.")
        documents = msgspec.json.decode(row.documents, type=list[CurrentDocument])
        return msgspec.json.decode(row.state, type=ReleaseState), documents

    async def releases_with(self, purl: str | None, license_: str | None) -> list[str]:
        current = decided_component.c.evaluation_id == release_input.c.evaluation_id
        query = select(release_input.c.release_id, decided_component.c.effective_license).distinct()
        query = query.join(decided_component, current)
        if purl is not None:
            any_version = decided_component.c.purl.startswith(f"{purl}@", autoescape=True)
            query = query.where(or_(decided_component.c.purl == purl, any_version))
        if license_ is not None:
            query = query.where(decided_component.c.effective_license.contains(license_, autoescape=True))
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return sorted({row.release_id for row in rows if license_ is None or _names(row.effective_license, license_)})

    async def findings(self, evaluation_id: str, after: int, limit: int) -> list[dict[str, Any]]:
        same_question = and_(question.c.evaluation_id == evaluation_id, question.c.number == finding.c.question)
        same_component = and_(
            decided_component.c.evaluation_id == evaluation_id, decided_component.c.position == finding.c.component
        )
        columns = (finding.c.rank, finding.c.fingerprint, finding.c.subject, question.c.shown.label("question"))
        about = (decided_component.c.purl, decided_component.c.name, decided_component.c.version)
        query = (
            select(*columns, *about, decided_component.c.paths)
            .select_from(finding.join(question, same_question).outerjoin(decided_component, same_component))
            .where(finding.c.evaluation_id == evaluation_id, finding.c.rank > after)
            .order_by(finding.c.rank)
            .limit(limit)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
            names = await _names_on(connection, evaluation_id, rows)
        return [_shown_finding(row, evaluation_id, names) for row in rows]

    async def components(self, evaluation_id: str, after: int, limit: int) -> list[dict[str, Any]]:
        columns = (decided_component.c.position, decided_component.c.direct)
        query = (
            select(*columns, decided_component.c.paths, decided_component.c.shown)
            .where(decided_component.c.evaluation_id == evaluation_id, decided_component.c.position > after)
            .order_by(decided_component.c.position)
            .limit(limit)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
            names = await _names_on(connection, evaluation_id, rows)
        return [
            msgspec.json.decode(row.shown)
            | {"position": row.position, "direct": bool(row.direct), "paths": _named(row.paths, names)}
            for row in rows
        ]


def _names(effective_license: str, license_: str) -> bool:
    return effective_license == license_ or any(str(leaf) == license_ for leaf in leaves(parse(effective_license)))


async def _names_on(connection: AsyncConnection, evaluation_id: str, rows: Any) -> dict[int, str]:
    """Return the names of all components that lie on the rows' paths, by position."""
    positions = {step for row in rows for path in msgspec.json.decode(row.paths or b"[]") for step in path}
    names = {step: _LEFT_OUT for step in positions if step < 0}
    wanted = sorted(positions - names.keys())
    for start in range(0, len(wanted), 500):
        query = select(decided_component.c.position, decided_component.c.name).where(
            decided_component.c.evaluation_id == evaluation_id,
            decided_component.c.position.in_(wanted[start : start + 500]),
        )
        names |= {row.position: row.name for row in await connection.execute(query)}
    return names


def _named(paths: bytes | None, names: dict[int, str]) -> list[list[str]]:
    return [[names[step] for step in path] for path in msgspec.json.decode(paths or b"[]")]


def _shown_finding(row: Any, evaluation_id: str, names: dict[int, str]) -> dict[str, Any]:
    asked = msgspec.json.decode(row.question)
    subject = {"purl": row.purl, "name": row.name, "version": row.version}
    return {
        "id": str(uuid.uuid5(uuid.UUID(evaluation_id), str(row.rank))),
        "fingerprint": row.fingerprint,
        "rule": asked["rule"],
        "severity": asked["severity"],
        "kind": asked["kind"],
        "subject": msgspec.json.decode(row.subject) if row.subject else subject,
        "license": asked["license"],
        "route": asked["route"],
        "message": asked["message"],
        "how_to_fix": asked["how_to_fix"],
        "paths": _named(row.paths, names),
        "waived": None,
        "inherited_from": None,
    }
