"""The validation steps of a release as the client reads them."""

from msgspec import Struct, field

from licet.library.answers import Answer


class Remark(Struct, frozen=True):
    """So many of something in a step; `url` lists them."""

    what: str
    count: int
    url: str
    scope: str | None = None


class Step(Struct, frozen=True):
    """A validation step; `missing` keeps it open, `next` are who acts."""

    number: int
    name: str
    state: str
    next: list[str] = field(default_factory=list)
    missing: list[Remark] = field(default_factory=list)


class Steps(Answer, frozen=True):
    """`GET …/steps`."""

    first_open_step: str | None
    steps: list[Step]
