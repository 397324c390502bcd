"""What the use cases need of what people have put on file."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from policy_eval.application.change_ports import Reevaluation
from policy_eval.domain.decision_records import DecisionKind, DecisionRecord, DecisionState, Review
from policy_eval.domain.export.records import Kind, Record
from policy_eval.domain.organization import Organization
from shared.contracts.response_times import ResponseTimes


class DecisionRecords(Protocol):
    """What people have put on file about licences."""

    async def add(self, record: DecisionRecord, purl_name: str | None, ask: Reevaluation | None = None) -> None:
        """Store a new record on the package of this canonical name, and the request that follows from it, or neither."""
        ...

    async def get(self, kind: DecisionKind, id_: str) -> DecisionRecord:
        """Return the record; raises NotFound."""
        ...

    async def change(self, record: DecisionRecord, from_state: DecisionState, ask: Reevaluation | None = None) -> bool:
        """Store the record's new state with the request; False, and nothing, if it is not in `from_state` any more."""
        ...

    async def in_effect(self) -> list[DecisionRecord]:
        """Return all records that are in effect, the oldest first."""
        ...

    async def ended_between(self, after: str, until: str, limit: int) -> list[DecisionRecord]:
        """Return records that were in effect and lost it by themselves after the one time and until the other."""
        ...

    async def on_package(self, kind: DecisionKind, purl_name: str | None) -> list[DecisionRecord]:
        """Return the records in effect on the package of this name, or on none for None, the oldest first."""
        ...

    async def page(self, kind: DecisionKind, before: str | None, limit: int) -> list[DecisionRecord]:
        """Return records, the newest first, older than the one with the id `before`."""
        ...


class DecisionReviews(Protocol):
    """Who has looked at decisions again."""

    async def add(self, review: Review) -> None: ...

    async def of(self, decision_ids: Sequence[str]) -> dict[str, list[Review]]:
        """Return by decision its reviews, the oldest first; those without any are left out."""
        ...


class Organizations(Protocol):
    """What the organisation says of itself."""

    async def current(self) -> tuple[int, Organization]:
        """Return the newest version and its number; nothing said, and 0, where there is none."""
        ...

    async def put(self, said: Organization, at: str, by: str, ask: Reevaluation) -> None:
        """Store a new version and the request that follows from it, or neither.

        Raises Conflict where somebody else did so at this moment.
        """
        ...


class StoredResponseTimes(Protocol):
    """In how many working days the organisation answers."""

    async def current(self) -> ResponseTimes:
        """Return what was said last; the defaults where nothing was."""
        ...

    async def put(self, times: ResponseTimes, at: str, by: str) -> None:
        """Store a new version; raises Conflict where somebody else did so at this moment."""
        ...


class ExportRecords(Protocol):
    """What officers have put on file for export."""

    async def add(self, record: Record, ask: Reevaluation | None = None) -> None:
        """Store a new record and the request that follows from it, or neither."""
        ...

    async def get(self, kind: Kind, id_: str) -> Record:
        """Return the record; raises NotFound."""
        ...

    async def change(self, record: Record, from_state: str, ask: Reevaluation | None = None) -> bool:
        """Store the record's new state with the request; False, and nothing, if it is not in `from_state` any more."""
        ...

    async def of_project(self, project: str) -> list[Record]:
        """Return the records of the project that are in effect, the oldest first."""
        ...

    async def page(self, kind: Kind, project: str | None, before: str | None, limit: int) -> list[Record]:
        """Return records, the newest first, older than the one with the id `before`."""
        ...


class TableVerifications(Protocol):
    """When officers last compared the tables of countries with the law."""

    async def all(self) -> Mapping[str, date]:
        """Return the last day of verification by name of the table."""
        ...
