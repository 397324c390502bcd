"""The client library: typed answers, safe retries, errors that say what to do. It prints nothing and reads no settings."""

from licet.library.answers import Finding, Gate, Key, Obligation, PolicyCheck, Release, Submitted
from licet.library.client import Client
from licet.library.faults import DeadlinePassed, Fault, Interrupted, Refused, Unreachable, WrongUse
from licet.library.submission import Submission

__all__ = [
    "Client",
    "DeadlinePassed",
    "Fault",
    "Finding",
    "Gate",
    "Interrupted",
    "Key",
    "Obligation",
    "PolicyCheck",
    "Refused",
    "Release",
    "Submission",
    "Submitted",
    "Unreachable",
    "WrongUse",
]
