"""The reviewed table of licence strings, `catalogue_files/aliases.yaml`, as it was written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Alias:
    """What a string means: an SPDX expression, or candidates only where it does not say which.

    `source` names where this reading comes from.
    """

    expression: str | None
    candidates: tuple[str, ...]
    source: str


def alias_rows(section: str) -> Sequence[Mapping[str, Any]]:
    """The rows of a section of the file."""
    rows: Sequence[Mapping[str, Any]] = _reviewed()[section]
    return rows


@lru_cache(maxsize=1)
def _reviewed() -> Mapping[str, Any]:
    document = files("shared.licensing").joinpath("catalogue_files", "aliases.yaml").read_text("utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    reviewed: Mapping[str, Any] = yaml.load(document, loader)  # noqa: S506 - a safe loader, the fast one where it is
    return reviewed
