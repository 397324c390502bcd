"""In how many working days an organisation answers: the questions of its releases, and those of other people."""

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from shared.working_days import WorkingDays

Days = Annotated[int, Meta(ge=1, le=260)]


class ResponseTimes(Struct, frozen=True):
    """Working days by who is to answer (null: no deadline), with the defaults of the domain model, §6.2.

    `ospo`, `legal`, `export`, `project` are the routes of questions; `acknowledgement` is for every inquiry of somebody
    else, `source_request` for giving the source that a licence promises, `inquiry` for the answer to any other. `holidays`
    are no working days. Whoever reads it passes over what a newer version adds.
    """

    ospo: Days | None = 3
    legal: Days | None = 10
    export: Days | None = 10
    project: Days | None = None
    acknowledgement: Days = 5
    source_request: Days = 15
    inquiry: Days | None = None
    holidays: Annotated[tuple[date, ...], Meta(max_length=1000)] = ()

    def calendar(self) -> WorkingDays:
        """Return the working days of the organisation."""
        return WorkingDays(frozenset(self.holidays))
