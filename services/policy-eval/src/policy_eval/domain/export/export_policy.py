"""What a policy asks of export in a usage context."""

from dataclasses import dataclass
from typing import Final, Literal

ExportSeverity = Literal["hint", "warning", "error"]


@dataclass(frozen=True, slots=True)
class ExportPolicy:
    """What a policy asks of export in a context.

    `published`: releases are published, unless their project states otherwise. `jurisdictions`: () = all that there are.
    `found` is the severity of cryptography that is not cleared, at every evaluation (None = not looked at); `asked` where
    the gate is asked for destinations.
    """

    published: bool
    jurisdictions: tuple[str, ...]
    found: ExportSeverity | None
    asked: ExportSeverity


ASKED_ALL_THE_SAME: Final = ExportPolicy(False, (), None, "error")
"""For a context of which the policy says nothing, when the gate is asked for a destination."""
