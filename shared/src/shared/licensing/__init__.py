"""Licence facts: SPDX expressions as values, the catalogue of licences, and what strings of the wild mean."""

from shared.licensing.catalogue import Catalogue, ExceptionInfo, LicenseInfo, load_catalogue
from shared.licensing.expression import (
    And,
    Expression,
    ExpressionError,
    License,
    Or,
    With,
    all_of,
    any_of,
    leaves,
    parse,
)
from shared.licensing.normalise import Normalised, normalise

__all__ = [
    "And",
    "Catalogue",
    "ExceptionInfo",
    "Expression",
    "ExpressionError",
    "License",
    "LicenseInfo",
    "Normalised",
    "Or",
    "With",
    "all_of",
    "any_of",
    "leaves",
    "load_catalogue",
    "normalise",
    "parse",
]
