"""Licet from Python and from the command line: the client library, and the program `licet` made with it."""

from licet.library import (
    Client,
    DeadlinePassed,
    Fault,
    Gate,
    Interrupted,
    Refused,
    Release,
    Submission,
    Submitted,
    Unreachable,
    WrongUse,
)

__all__ = [
    "Client",
    "DeadlinePassed",
    "Fault",
    "Gate",
    "Interrupted",
    "Refused",
    "Release",
    "Submission",
    "Submitted",
    "Unreachable",
    "WrongUse",
]
