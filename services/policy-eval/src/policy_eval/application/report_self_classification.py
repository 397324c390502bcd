"""The annual self-classification report over the projects that the caller may see."""

from dataclasses import dataclass

from policy_eval.application.keep_export_records import Officer
from policy_eval.application.ports import ExportRecords
from policy_eval.domain.export.records import ReportRow, project_export
from policy_eval.domain.export.self_classification import is_reported, report
from policy_eval.domain.export.situation import Classification

_PAGE = 500


@dataclass(frozen=True, slots=True)
class ReportSelfClassification:
    """The use case, with what it needs."""

    records: ExportRecords

    async def __call__(self, officer: Officer, year: int) -> str:
        """Return the report of that year as CSV (Supplement 8 to 15 CFR part 742)."""
        rows: list[tuple[str, Classification, ReportRow]] = []
        for project in await self._projects(officer):
            facts = project_export(await self.records.of_project(project))
            row = facts.statement.report or ReportRow()
            rows += [(project, each, row) for each in facts.classifications if is_reported(each, year)]
        return report(rows)

    async def _projects(self, officer: Officer) -> list[str]:
        projects: set[str] = set()
        before: str | None = None
        while True:
            page = await self.records.page("classification", None, before, _PAGE)
            projects |= {each.project for each in page if officer.sees(each.project)}
            if len(page) < _PAGE:
                return sorted(projects)
            before = page[-1].id
