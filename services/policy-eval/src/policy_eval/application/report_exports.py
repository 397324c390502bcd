"""The reports to the United States over the projects that the caller may see: annual and semi-annual."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from policy_eval.application.keep_export_records import Officer
from policy_eval.application.record_ports import ExportRecords
from policy_eval.domain.export import self_classification, semi_annual
from policy_eval.domain.export.records import Kind, ProjectExport, ReportRow, project_export
from policy_eval.domain.export.semi_annual import Half
from policy_eval.domain.export.situation import Classification

_PAGE = 500


@dataclass(frozen=True, slots=True)
class ReportExports:
    """The use cases, with what they need."""

    records: ExportRecords

    async def self_classification(self, officer: Officer, year: int) -> str:
        """Return the annual report of that year as CSV (Supplement 8 to 15 CFR part 742)."""
        rows: list[tuple[str, Classification, ReportRow]] = []
        async for project, facts in self._projects(officer, "classification"):
            row = facts.statement.report or ReportRow()
            rows += [
                (project, each, row) for each in facts.classifications if self_classification.is_reported(each, year)
            ]
        return self_classification.report(rows)

    async def semi_annual(self, officer: Officer, year: int, half: Half) -> str:
        """Return the report of that half of the year as CSV (15 CFR §740.17(e)(1))."""
        projects = [each async for each in self._projects(officer, "shipment")]
        return semi_annual.report(projects, year, half)

    async def _projects(self, officer: Officer, with_: Kind) -> AsyncIterator[tuple[str, ProjectExport]]:
        """The projects of the officer that have records of the kind, by name, with what counts of each."""
        for project in await self._names(officer, with_):
            yield project, project_export(await self.records.of_project(project))

    async def _names(self, officer: Officer, kind: Kind) -> list[str]:
        projects: set[str] = set()
        before: str | None = None
        while True:
            page = await self.records.page(kind, None, before, _PAGE)
            projects |= {each.project for each in page if officer.sees(each.project)}
            if len(page) < _PAGE:
                return sorted(projects)
            before = page[-1].id
