"""Take over decisions from files of the OSS Review Toolkit, and give them out as such files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from policy_eval.application.keep_decisions import KeepDecisions, Reviewer
from policy_eval.domain.decision_records import DecisionRecord
from policy_eval.domain.project_patterns import covers, matches_any
from shared.errors import ErrorAt, InvalidInput, LicetError, OverLimit

OrtKind = Literal["curation", "license-choice", "license-classification"]
ORT_KINDS: Final[tuple[OrtKind, ...]] = ("curation", "license-choice", "license-classification")
MOST_ROWS: Final = 1000
_MOST_SHOWN: Final = 10_000


@dataclass(frozen=True, slots=True)
class OrtRow:
    """A row of a file. `body` is that of the decision, None where it is none; `ignored` are fields that are not used."""

    line: int
    id: str
    body: dict[str, Any] | None = None
    problem: str | None = None
    ignored: tuple[str, ...] = ()


@dataclass(slots=True)
class Imported:
    """What became of a file's rows, each with its line."""

    recorded: list[dict[str, Any]] = field(default_factory=list)
    unchanged: int = 0
    refused: list[dict[str, Any]] = field(default_factory=list)
    ignored: list[dict[str, Any]] = field(default_factory=list)


ReadOrtFile = Callable[[OrtKind, str, Mapping[str, str]], list[OrtRow]]
WriteOrtFile = Callable[[OrtKind, list[DecisionRecord], Mapping[str, str]], str]


@dataclass(frozen=True, slots=True)
class ExchangeOrt:
    """The use cases, with what they need."""

    keep: KeepDecisions
    read: ReadOrtFile
    write: WriteOrtFile

    async def take(
        self, kind: OrtKind, reviewer: Reviewer, body: bytes, project: str | None, categories: Mapping[str, str]
    ) -> Imported:
        """File a decision for each row that is one; raises InvalidInput for what is no such file, OverLimit.

        What is on file already stays as it is. Rows are filed one by one: those before a refused one stand.
        """
        rows = self.read(kind, _text(body), categories)
        if len(rows) > MOST_ROWS:
            raise OverLimit(f"The file has more than {MOST_ROWS:,} rows; divide it.", limit="imported-rows")
        done = Imported()
        try:
            for row in rows:
                await self._take_row(kind, reviewer, row, project, done)
        finally:
            if done.recorded:
                self.keep.reevaluations.wake()
        return done

    async def give(self, kind: OrtKind, reviewer: Reviewer, project: str | None) -> str:
        """Return the decisions in effect that the reviewer may see, or those that hold in the project, as ORT's file."""
        held = [
            each
            for each in await self.keep.page(kind, reviewer, None, _MOST_SHOWN + 1)
            if each.state == "in-effect" and (project is None or matches_any(each.scope, project))
        ]
        if len(held) > _MOST_SHOWN:
            raise OverLimit(f"There are more than {_MOST_SHOWN:,} decisions; name a project.", limit="exported-rows")
        if project is not None and not covers(reviewer.projects, [project]):
            return self.write(kind, [], {})
        reviews = await self.keep.reviews.of([each.id for each in held]) if kind == "curation" else {}
        reviewers = {decision: said[-1].by for decision, said in reviews.items()}
        return self.write(kind, sorted(held, key=lambda each: each.id), reviewers)

    async def _take_row(
        self, kind: OrtKind, reviewer: Reviewer, row: OrtRow, project: str | None, done: Imported
    ) -> None:
        at = {"line": row.line, "id": row.id[:500]}
        if row.ignored:
            done.ignored.append({**at, "fields": list(row.ignored)})
        if row.problem is not None:
            done.refused.append({**at, "message": row.problem})
        if row.body is None:
            return
        body = row.body if project is None or kind != "license-choice" else {**row.body, "project": project}
        try:
            made = await self.keep.file(kind, reviewer, body)
        except LicetError as error:
            done.refused.append({**at, "message": error.detail})
            return
        if made is None:
            done.unchanged += 1
        else:
            done.recorded.append({**at, "decision": made.id})


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        at, message = f"line {line}", f"not UTF-8: byte {error.start} is {body[error.start]:#04x}"
        raise InvalidInput(f"{at}: {message}", errors=(ErrorAt(at, message),)) from error
