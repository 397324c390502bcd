"""Keep what officers put on file for export: add, approve, withdraw and list; nobody approves their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import Any

import msgspec
from msgspec import structs

from policy_eval.application.change_ports import Reevaluation, ReevaluationRequests
from policy_eval.application.classify_export import checked
from policy_eval.application.record_ports import ExportRecords
from policy_eval.domain.export.assessment import Law
from policy_eval.domain.export.checks import contradictions, day_of
from policy_eval.domain.export.mail import notification_mail
from policy_eval.domain.export.records import (
    BODIES,
    CHANGES_NO_VERDICT,
    NEEDS_APPROVAL,
    FiledNotification,
    Kind,
    Record,
    Shipment,
    State,
    Statement,
    Verification,
    crypto_digest,
    due_again,
    project_export,
)
from policy_eval.domain.export.situation import Classification, Notification, Situation
from shared.clock import Clock, NewId, timestamp
from shared.errors import Conflict, ErrorAt, InvalidInput, NotFound
from shared.shapes import misfit

ALL_PROJECTS = ""
"""The project of records that hold for the whole installation."""


@dataclass(frozen=True, slots=True)
class Officer:
    """Who acts: the principal, and the patterns of projects that it may see."""

    subject: str
    projects: tuple[str, ...]

    def sees(self, project: str) -> bool:
        """Whether the project matches one of the patterns."""
        return project == ALL_PROJECTS or any(fnmatchcase(project, pattern) for pattern in self.projects)


@dataclass(frozen=True, slots=True)
class KeepExportRecords:
    """The use case, with what it needs."""

    records: ExportRecords
    law: Law
    reevaluations: ReevaluationRequests
    clock: Clock
    new_id: NewId

    async def add(self, kind: Kind, officer: Officer, body: Mapping[str, Any]) -> dict[str, Any]:
        """File a record; raises InvalidInput, and NotFound for a project that the officer may not see."""
        project, rest = self._project_of(kind, officer, body)
        content = self._content(kind, rest)
        if isinstance(content, FiledNotification):
            content = await self._with_digest(project, content)
        if isinstance(content, Classification):
            await self._fits(project, content)
        now = timestamp(self.clock.now())
        state: State = "proposed" if kind in NEEDS_APPROVAL else "in-effect"
        encoded = msgspec.Raw(msgspec.json.encode(content))
        record = Record(self.new_id(), kind, project, state, now, officer.subject, encoded)
        await self.records.add(record, self._request(record, "proposed"))
        self.reevaluations.wake()
        return await self.shown(record)

    async def approve(self, kind: Kind, officer: Officer, id_: str) -> dict[str, Any]:
        """Put a proposed record into effect; raises Conflict for who proposed it, and for one that is not proposed."""
        record = await self._seen(kind, officer, id_)
        if record.created_by == officer.subject:
            raise Conflict("Nobody approves their own classification: another export officer has to.")
        await self._fits(record.project, record.content())
        now = timestamp(self.clock.now())
        approved = structs.replace(record, state="in-effect", approved_at=now, approved_by=officer.subject)
        return await self._changed(approved, "proposed", f"This {kind} is {record.state} and not proposed.")

    async def before(self, kind: Kind, id_: str) -> dict[str, Any]:
        """Return what of a record an approval or a withdrawal changes; raises NotFound."""
        return {"state": (await self.records.get(kind, id_)).state}

    async def withdraw(self, kind: Kind, officer: Officer, id_: str) -> dict[str, Any]:
        """End the effect of a record, which stays on file; raises Conflict for one that is withdrawn already."""
        record = await self._seen(kind, officer, id_)
        if record.state == "withdrawn":
            raise Conflict(f"This {kind} is withdrawn already.")
        now = timestamp(self.clock.now())
        withdrawn = structs.replace(record, state="withdrawn", withdrawn_at=now, withdrawn_by=officer.subject)
        return await self._changed(withdrawn, record.state, f"This {kind} has just been changed.")

    async def page(
        self, kind: Kind, officer: Officer, project: str | None, before: str | None, limit: int
    ) -> list[Record]:
        """Return records, the newest first, of projects that the caller may see."""
        if project is not None and not officer.sees(project):
            return []
        found: list[Record] = []
        while len(found) < limit:
            rows = await self.records.page(kind, project, before, limit)
            found += [each for each in rows if officer.sees(each.project)]
            if len(rows) < limit:
                break
            before = rows[-1].id
        return found[:limit]

    async def shown(self, record: Record) -> dict[str, Any]:
        """Return a record as the API shows it; a notification with its mail and whether it is due again."""
        about = {name: value for name, value in structs.asdict(record).items() if name not in ("body", "kind")}
        content = record.content()
        shown = {**about, **msgspec.to_builtins(content)}
        if isinstance(content, FiledNotification):
            statement = await self._statement(record.project)
            shown["mail"] = notification_mail(record.project, statement, content.url)
            shown["due_again"] = due_again(content, statement)
        return shown

    def _project_of(self, kind: Kind, officer: Officer, body: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        rest = {name: value for name, value in body.items() if name != "project"}
        if kind == "verification":
            return ALL_PROJECTS, rest
        project = body.get("project")
        if not isinstance(project, str) or not 0 < len(project) <= 255 or not project.isprintable():
            message = "the name of a project, up to 255 printable characters"
            raise InvalidInput(f"project: {message}", errors=(ErrorAt("/project", message),))
        if not officer.sees(project):
            raise NotFound(f"There is no project {project!r} that this key may see.")
        return project, rest

    def _content(self, kind: Kind, body: Mapping[str, Any]) -> Any:
        try:
            content = msgspec.convert(body, BODIES[kind])
        except msgspec.ValidationError as error:
            raise misfit(kind, error) from error
        self._check(content)
        return content

    def _check(self, content: Any) -> None:
        today = self.clock.now().date()
        match content:
            case Classification():
                checked(Situation(classifications=(content,)), today, self.law)
                _not_in_the_future("date", content.date, today)
            case FiledNotification():
                checked(Situation(notifications=(Notification(sent_at=content.sent_at),)), today, self.law)
                _not_in_the_future("sent_at", content.sent_at, today)
            case Statement():
                checked(
                    Situation(crypto=content.crypto, origin=content.origin, screening=content.screening),
                    today,
                    self.law,
                )
            case Shipment():
                checked(Situation(destinations=(content.destination,), screening=content.screening), today, self.law)
                _not_in_the_future("shipped_at", content.shipped_at, today)
            case Verification():
                self._check_verification(content, today)

    def _check_verification(self, content: Verification, today: date) -> None:
        if not any(each.name == content.table for each in self.law.places.groups):
            message = f"there is no table {content.table[:50]!r}"
            raise InvalidInput(f"table: {message}", errors=(ErrorAt("/table", message),))
        _not_in_the_future("verified_at", content.verified_at, today)

    async def _fits(self, project: str, content: Classification) -> None:
        """Raise Conflict if a classification in effect says something else of the same thing, made on the same day."""
        known = project_export(await self.records.of_project(project)).classifications
        for _, message in contradictions((*known, content)):
            raise Conflict(f"{message}: withdraw the one that is wrong, or give the new one its own date.")

    async def _with_digest(self, project: str, content: FiledNotification) -> FiledNotification:
        statement = await self._statement(project)
        return structs.replace(
            content, url=content.url or statement.source_url, crypto_digest=crypto_digest(statement.crypto)
        )

    async def _statement(self, project: str) -> Statement:
        return project_export(await self.records.of_project(project)).statement

    async def _seen(self, kind: Kind, officer: Officer, id_: str) -> Record:
        record = await self.records.get(kind, id_)
        if not officer.sees(record.project):
            raise NotFound(f"There is no {kind} {id_!r} that this key may see.")
        return record

    async def _changed(self, record: Record, from_state: str, refusal: str) -> dict[str, Any]:
        if not await self.records.change(record, from_state, self._request(record, from_state)):
            raise Conflict(refusal)
        self.reevaluations.wake()
        return await self.shown(record)

    def _request(self, record: Record, before: str) -> Reevaluation | None:
        """What is to be evaluated again once the record is stored; None where nothing that counts has changed."""
        if record.kind in CHANGES_NO_VERDICT or "in-effect" not in (record.state, before):
            return None
        return self.reevaluations.drafted(f"export {record.kind} {record.id} is {record.state}", project=record.project)


def _not_in_the_future(name: str, written: str | None, today: date) -> None:
    day = None if written is None else day_of(written)
    if written is not None and (day is None or day > today):
        message = f"a day such as 2026-01-31 that is not in the future, and not {written[:50]!r}"
        raise InvalidInput(f"{name}: {message}", errors=(ErrorAt(f"/{name}", message),))
