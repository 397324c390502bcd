"""The validation steps of a release (domain model §6.1): what each asks, how it stands, and who acts next.

policy-eval tells steps 0 to 7 with an evaluation, obligations tells 8 to 10 with a derivation and after each change of what
they rest on; the gateway keeps what it was told.
"""

from collections.abc import Iterable, Sequence
from typing import Final, Literal

from msgspec import Struct, field, structs

StepName = Literal[
    "intake",
    "licenses-normalized",
    "ands-confirmed",
    "exploitation",
    "choices",
    "policy",
    "compatibility",
    "export",
    "obligations",
    "notice",
    "outbound-ip-check",
]
StepState = Literal["done", "open", "not-applicable"]
Actor = Literal["machine", "project", "ospo", "legal", "export-officer"]

STEPS: Final[dict[StepName, str]] = {
    "intake": "The SBOM parses and says enough: its components have a package URL and a version",
    "licenses-normalized": "Every component has a valid licence expression",
    "ands-confirmed": "Licences that were stated side by side really all apply, and are no choice",
    "exploitation": "Delivery, linkage and modification are known in every scope",
    "choices": "Each OR is resolved",
    "policy": "The policy's verdict on every usage is settled",
    "compatibility": "Licences go together, with each other and with the outbound licence",
    "export": "Cryptography is classified, and nothing stands against the export",
    "obligations": "Active duties are planned and evidenced",
    "notice": "The NOTICE is generated, passes its checks and is approved",
    "outbound-ip-check": "Ownership, third-party content, trademarks, patents and export are cleared for a public release",
}
"""What each step asks, in their order: the place is the number of domain model §6.1."""
BY_EVALUATION: Final = tuple(STEPS)[:8]
BY_DERIVATION: Final = tuple(STEPS)[8:]


class Remark(Struct, frozen=True, omit_defaults=True):
    """So many of something; `url` lists them, `scope` is the usage scope they are in."""

    what: str
    count: int
    url: str
    scope: str | None = None


class Inherited(Struct, frozen=True):
    """So many answers that an earlier release of the project had already, and that hold on unchanged."""

    release: str
    answers: int


class Step(Struct, frozen=True, omit_defaults=True):
    """How one step stands. `missing` keeps it open, `noted` does not; `next` are who acts, the nearest first.

    `reopened_by`: what changed when a step that was done became open again, as long as it is. A name is a text and no
    enumeration, so that who reads it is not stopped by a later step.
    """

    name: str
    state: StepState
    next: list[Actor] = field(default_factory=list)
    missing: list[Remark] = field(default_factory=list)
    noted: list[Remark] = field(default_factory=list)
    reopened_by: list[str] = field(default_factory=list)
    inherited: list[Inherited] = field(default_factory=list)


def continued(now: Iterable[Step], before: Sequence[Step], changed: Sequence[str]) -> list[Step]:
    """The steps as they follow on those of before: one that was not open and is now was reopened by what `changed`."""
    known = {each.name: each for each in before}
    return [_continued(each, known.get(each.name), changed) for each in now]


def _continued(now: Step, before: Step | None, changed: Sequence[str]) -> Step:
    if before is None or now.state != "open":
        return now
    reopened_by = before.reopened_by if before.state == "open" else list(changed)
    return structs.replace(now, reopened_by=reopened_by)
