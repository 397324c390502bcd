"""Headers and templates in the service's database; their sources are blobs."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, func, insert, select
from sqlalchemy.exc import IntegrityError

from obligations.adapters.renderers.project_template import check_template, render_by_template
from obligations.adapters.tables import notice_template
from obligations.application.template_ports import StoredTemplate
from obligations.domain.notice import Notice
from shared.errors import Conflict, NotFound
from shared.persistence.engine import Database


@dataclass(frozen=True, slots=True)
class SqlTemplates:
    """`application.template_ports.Templates`."""

    database: Database

    async def add(self, template: StoredTemplate) -> StoredTemplate:
        newest = select(func.max(notice_template.c.version)).where(
            notice_template.c.project == template.project, notice_template.c.kind == template.kind
        )
        async with self.database.write() as connection:
            version = ((await connection.execute(newest)).scalar() or 0) + 1
            stored = replace(template, version=version)
            try:
                await connection.execute(insert(notice_template).values(_values(stored)))
                await connection.commit()
            except IntegrityError as error:
                raise Conflict("Somebody else has just stored the next version: try again.") from error
        return stored

    async def of(self, project: str) -> list[StoredTemplate]:
        query = select(notice_template).where(notice_template.c.project == project)
        async with self.database.read() as connection:
            ordered = query.order_by(notice_template.c.kind, notice_template.c.version)
            return [_stored(row) for row in await connection.execute(ordered)]

    async def one(self, project: str, kind: str, version: int | None) -> StoredTemplate:
        query = select(notice_template).where(notice_template.c.project == project, notice_template.c.kind == kind)
        if version is not None:
            query = query.where(notice_template.c.version == version)
        async with self.database.read() as connection:
            row = (await connection.execute(query.order_by(notice_template.c.version.desc()).limit(1))).one_or_none()
        if row is None:
            raise NotFound(f"The project {project!r} has no {kind} template of version {version or 'any'}.")
        return _stored(row)


class JinjaTemplates:
    """`application.template_ports.TemplateEngine`."""

    def check(self, kind: str, source: str) -> None:
        check_template(kind, source)

    def render(self, kind: str, source: str, notice: Notice) -> bytes:
        return render_by_template(kind, source, notice)


def _values(template: StoredTemplate) -> dict[str, Any]:
    return {
        "project": template.project,
        "kind": template.kind,
        "version": template.version,
        "given_by": template.given_by,
        "given_at": template.given_at,
        "sha256": template.sha256,
    }


def _stored(row: Row[Any]) -> StoredTemplate:
    return StoredTemplate(row.project, row.kind, row.version, row.given_by, row.given_at, row.sha256)
