"""How the program ends."""

from enum import IntEnum

from licet.library import DeadlinePassed, Fault


class ExitCode(IntEnum):
    """What a pipeline looks at."""

    PASS = 0
    FINDINGS = 1
    ERROR = 2
    TIMEOUT = 3
    INTERRUPTED = 130


def code_of(fault: Fault) -> ExitCode:
    """Return the exit code of a fault."""
    return ExitCode.TIMEOUT if isinstance(fault, DeadlinePassed) else ExitCode.ERROR
