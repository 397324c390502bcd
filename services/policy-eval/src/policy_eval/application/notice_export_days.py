"""Notice what changes verdicts on export by its date: a classification begins or ends, or the law becomes another."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from policy_eval.application.change_ports import Changes, ReevaluationRequests
from policy_eval.application.record_ports import ExportRecords
from policy_eval.domain.export.assessment import Law
from policy_eval.domain.export.checks import day_of
from policy_eval.domain.export.classification import is_current
from policy_eval.domain.export.records import Record
from policy_eval.domain.export.situation import Classification
from shared.clock import Clock

_CLOCKS_DIFFER_BY: Final = timedelta(seconds=5)
_LOOKED: Final = "days of export classifications"
_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class NoticeExportDays:
    """The use case, with what it needs.

    Of what officers file only classifications have an end; a table of countries that nobody has verified for 90 days is told
    with each answer and is no part of a verdict. Rules, tables and lists have days in what is shipped.
    """

    law: Law
    changes: Changes
    records: ExportRecords
    requests: ReevaluationRequests
    clock: Clock

    async def __call__(self) -> int:
        """Ask for the releases of projects of which a classification counts today and did not when last looked, or the
        other way round, and for all where the law has changed since; return how many requests these are.

        Where nobody has looked yet, for all that have one with a day; releases that are as they were are passed over.
        """
        today = (self.clock.now() - _CLOCKS_DIFFER_BY).date()
        looked = day_of(await self.changes.known(_LOOKED) or "")
        if looked is not None and looked >= today:
            return 0
        touched = {
            each.project: each async for each in self._in_effect() if _has_changed(each.content(), looked, today)
        }
        law_since = self.law.since(today)
        has_new_law = looked is not None and law_since > looked
        if touched or has_new_law:
            await self.changes.note()
        if has_new_law:
            await self.requests.request(f"another law of exports is in force since {law_since}")
        for project, record in sorted(touched.items()):
            await self.requests.request(_reason(record, today), project=project)
        await self.changes.remember(_LOOKED, today.isoformat())
        return len(touched) + has_new_law

    async def _in_effect(self) -> AsyncIterator[Record]:
        before: str | None = None
        while True:
            page = await self.records.page("classification", None, before, _PAGE)
            for each in page:
                if each.state == "in-effect":
                    yield each
            if len(page) < _PAGE:
                return
            before = page[-1].id


def _has_changed(each: Classification, looked: date | None, today: date) -> bool:
    if looked is None:
        return bool(each.valid_from or each.valid_to)
    return is_current(each, looked) != is_current(each, today)


def _reason(record: Record, today: date) -> str:
    counts = "counts" if is_current(record.content(), today) else "does not count"
    return f"export classification {record.id} {counts} on {today}"
