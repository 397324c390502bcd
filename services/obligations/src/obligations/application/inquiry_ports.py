"""Where inquiries are kept, and who says in how many days they are answered."""

from dataclasses import dataclass
from typing import Protocol

from obligations.domain.inquiries import Inquiry, Kind, Status
from shared.contracts.response_times import ResponseTimes


@dataclass(frozen=True, slots=True)
class InquiryFilter:
    """Which inquiries are asked for; None means any."""

    kind: Kind | None = None
    status: Status | None = None
    project: str | None = None
    overdue: bool | None = None


@dataclass(frozen=True, slots=True)
class OpenInquiries:
    """How many of a kind have no answer, and the earliest moment by which something is to be done about one."""

    count: int
    due_at: str | None


class Inquiries(Protocol):
    """Inquiries; none is ever deleted."""

    async def add(self, inquiry: Inquiry) -> None: ...

    async def get(self, id_: str) -> Inquiry:
        """Return the inquiry; raises NotFound."""
        ...

    async def replace(self, before: Inquiry, after: Inquiry) -> bool:
        """Store what became of the inquiry; False, and nothing, if it is not as before any more."""
        ...

    async def page(self, wanted: InquiryFilter, now: str, before: str | None, limit: int) -> list[Inquiry]:
        """Return inquiries, the newest first, older than the one with the id `before`."""
        ...

    async def open(self) -> dict[Kind, OpenInquiries]:
        """Return what is open of each kind of which anything is."""
        ...


class ResponseTimeSource(Protocol):
    """Who knows the organisation's response times."""

    async def current(self) -> ResponseTimes:
        """Return them; raises Unavailable while their owner is away."""
        ...
