"""Approvals in the service's database."""

from typing import Any, Final

import msgspec
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from obligations.adapters.tables import approval
from obligations.domain.approvals import Approval, ApprovalKind, NoticeApproval, OutboundCheck
from shared.persistence.engine import Database

_BODIES: Final[dict[str, Any]] = {"notice": NoticeApproval, "outbound-ip-check": OutboundCheck}


class SqlApprovals:
    """`application.ports.Approvals` on the connection of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of(self, project: str, kind: ApprovalKind, subject: str) -> Approval | None:
        same = (approval.c.project == project, approval.c.kind == kind, approval.c.subject == subject)
        query = select(approval).where(*same, approval.c.withdrawn_at.is_(None)).order_by(approval.c.id.desc())
        row = (await self._connection.execute(query.limit(1))).one_or_none()
        if row is None:
            return None
        body = msgspec.json.decode(row.body, type=_BODIES[kind])
        return Approval(row.id, row.project, row.release_id, kind, row.subject, row.given_by, row.given_at, body)

    async def add(self, given: Approval) -> None:
        values = {
            "id": given.id,
            "project": given.project,
            "release_id": given.release,
            "kind": given.kind,
            "subject": given.subject,
            "given_by": given.by,
            "given_at": given.at,
            "body": msgspec.json.encode(given.body),
        }
        await self._connection.execute(insert(approval).values(values))

    async def withdraw(self, known: Approval, by: str, at: str) -> None:
        same = (approval.c.project == known.project, approval.c.kind == known.kind)
        of_subject = update(approval).where(
            *same, approval.c.subject == known.subject, approval.c.withdrawn_at.is_(None)
        )
        await self._connection.execute(of_subject.values(withdrawn_at=at, withdrawn_by=by))


class SqlApprovalReader:
    """`application.ports.ApprovalReader`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, project: str, kind: ApprovalKind, subject: str) -> Approval | None:
        async with self._database.read() as connection:
            return await SqlApprovals(connection).of(project, kind, subject)
