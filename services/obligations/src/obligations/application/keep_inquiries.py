"""Record what people outside ask, and what was answered."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from msgspec import structs

from obligations.application.if_match import check_match, stale
from obligations.application.inquiry_ports import Inquiries, InquiryFilter, ResponseTimeSource
from obligations.application.keep_templates import check_project
from obligations.application.ports import DerivationReader, DerivationRecord
from obligations.domain.inquiries import Inquiry, InquiryChange, NewInquiry, changed, recorded
from obligations.domain.life import Refused
from shared.clock import Clock, NewId, timestamp
from shared.errors import Conflict, ErrorAt, Forbidden, InvalidInput, NotFound

_EARLIEST_YEAR = 2000


@dataclass(frozen=True, slots=True)
class InquiryKeeper:
    """Who records and answers inquiries, and for which projects."""

    subject: str
    projects: tuple[str, ...]

    def sees(self, inquiry: Inquiry) -> bool:
        """Whether the inquiry is about one of the projects; one about none is for who sees all of them."""
        if inquiry.project is None:
            return "*" in self.projects
        try:
            check_project(inquiry.project, self.projects)
        except NotFound:
            return False
        return True


@dataclass(frozen=True, slots=True)
class KeepInquiries:
    """The use case, with what it needs."""

    inquiries: Inquiries
    times: ResponseTimeSource
    reader: DerivationReader
    clock: Clock
    new_id: NewId

    async def record(self, new: NewInquiry, keeper: InquiryKeeper) -> dict[str, Any]:
        """Store an inquiry with its deadlines.

        Raises InvalidInput, NotFound for a project or release that is none of the caller's, Forbidden, Unavailable.
        """
        now = self.clock.now()
        _check_moment(new.received_at, now)
        project = new.project
        if new.release is not None:
            project = (await self._release(new.release, keeper)).project
            if new.project not in (None, project):
                raise _refused("/project", "the release is of another project")
        elif project is not None:
            check_project(project, keeper.projects)
        elif "*" not in keeper.projects:
            raise Forbidden("An inquiry about no project needs a key for all projects (`*`): name the project.")
        inquiry = recorded(new, project, await self.times.current(), now, (self.new_id(), keeper.subject))
        await self.inquiries.add(inquiry)
        return self.shown(inquiry)

    async def one(self, id_: str, keeper: InquiryKeeper) -> dict[str, Any]:
        """Return an inquiry as the API shows it; raises NotFound."""
        return self.shown(await self._seen(id_, keeper))

    async def change(self, id_: str, change: InquiryChange, if_match: str, keeper: InquiryKeeper) -> dict[str, Any]:
        """Change the inquiry if `if_match` is its ETag.

        Raises NotFound, PreconditionFailed for another ETag, Conflict for a change that is not allowed, InvalidInput.
        """
        before = await self._seen(id_, keeper)
        check_match(if_match, etag_of(before), "inquiry")
        try:
            after = changed(before, change, keeper.subject, timestamp(self.clock.now()))
        except Refused as refused:
            raise Conflict(str(refused)) from refused
        after = await self._about_release(before, after, keeper)
        if not await self.inquiries.replace(before, after):
            raise stale("inquiry")
        return self.shown(after)

    async def page(self, wanted: InquiryFilter, keeper: InquiryKeeper, before: str | None, limit: int) -> list[Inquiry]:
        """Return inquiries that the caller may see, the newest first."""
        found: list[Inquiry] = []
        now = timestamp(self.clock.now())
        while len(found) < limit:
            rows = await self.inquiries.page(wanted, now, before, limit)
            found += [each for each in rows if keeper.sees(each)]
            if len(rows) < limit:
                break
            before = rows[-1].id
        return found[:limit]

    def shown(self, inquiry: Inquiry) -> dict[str, Any]:
        """Return the inquiry as the API shows it, with its next deadline and its ETag."""
        due_at = inquiry.next_deadline()
        overdue = due_at is not None and due_at <= timestamp(self.clock.now())
        said: dict[str, Any] = msgspec.to_builtins(inquiry)
        sources = inquiry.sources or _sources(inquiry)
        return {**said, "sources": sources, "due_at": due_at, "overdue": overdue, "etag": etag_of(inquiry)}

    async def _about_release(self, before: Inquiry, after: Inquiry, keeper: InquiryKeeper) -> Inquiry:
        """The inquiry with the project of a release that it is about now, and the sources that were told in an answer."""
        if after.release is None:
            return after
        is_told = after.status == "answered" and before.status != "answered"
        if after.release == before.release and not is_told:
            return after
        record = await self._release(after.release, keeper)
        if before.project not in (None, record.project):
            raise _refused("/release", "the release is of another project")
        sources = _sources(after, record.evaluation_id) if is_told else after.sources
        return structs.replace(after, project=record.project, sources=sources)

    async def _release(self, release_id: str, keeper: InquiryKeeper) -> DerivationRecord:
        record = await self.reader.record(release_id, None)
        check_project(record.project, keeper.projects)
        return record

    async def _seen(self, id_: str, keeper: InquiryKeeper) -> Inquiry:
        inquiry = await self.inquiries.get(id_)
        if not keeper.sees(inquiry):
            raise NotFound(f"There is no inquiry {id_!r}.")
        return inquiry


def etag_of(inquiry: Inquiry) -> str:
    """Return what differs whenever the inquiry does."""
    return hashlib.sha256(msgspec.json.encode(inquiry)).hexdigest()[:16]


def _sources(inquiry: Inquiry, evaluation: str | None = None) -> str | None:
    if inquiry.kind != "source-request" or inquiry.release is None:
        return None
    query = f"?evaluation={evaluation}" if evaluation else ""
    return f"/api/v1/releases/{inquiry.release}/sources{query}"


def _check_moment(received_at: datetime | None, now: datetime) -> None:
    if received_at is not None and not _EARLIEST_YEAR <= received_at.year <= now.year + 1:
        raise _refused("/received_at", f"a moment since the year {_EARLIEST_YEAR}")
    if received_at is not None and received_at > now:
        raise _refused("/received_at", "has not come yet")


def _refused(pointer: str, message: str) -> InvalidInput:
    return InvalidInput(f"{pointer[1:]}: {message}", errors=(ErrorAt(pointer, message),))
