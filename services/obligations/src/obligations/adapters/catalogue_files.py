"""Reads the obligation catalogue that this package ships. Its YAML files name their source and licence."""

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from obligations.domain.catalogue import (
    ExceptionEffect,
    GenericObligation,
    LicenseDuties,
    Lift,
    ObligationCatalogue,
    Row,
)
from obligations.domain.triggers import Trigger
from shared.licensing import load_catalogue


@lru_cache(maxsize=1)
def load_obligation_catalogue() -> ObligationCatalogue:
    """The catalogue, read once for each process. Raises KeyError or TypeError for a file that breaks its own format."""
    obligations = _read("obligations.yaml")
    generic = [GenericObligation(**entry) for entry in (*obligations["obligations"], *obligations["questions"])]
    duties = [_duties(entry) for entry in _read("licenses.yaml")["licenses"]]
    effects = [_effect(entry) for entry in _read("exceptions.yaml")["exceptions"]]
    return ObligationCatalogue(
        generic={each.id: each for each in generic},
        duties={each.id: each for each in duties},
        effects={each.id: each for each in effects},
        licenses=load_catalogue(),
    )


def _duties(entry: Mapping[str, Any]) -> LicenseDuties:
    rows = tuple(_row(row) for row in entry["obligations"])
    return LicenseDuties(id=entry["id"], status=entry["status"], checked_on=entry.get("checked_on"), rows=rows)


def _effect(entry: Mapping[str, Any]) -> ExceptionEffect:
    return ExceptionEffect(
        id=entry["id"],
        status=entry["status"],
        checked_on=entry.get("checked_on"),
        clause=entry["clause"],
        effect=entry["effect"],
        lifts=tuple(_lift(lift) for lift in entry["lifts"]),
        adds=tuple(_row(row) for row in entry.get("adds", ())),
    )


def _row(entry: Mapping[str, Any]) -> Row:
    conditions = dict(entry)
    return Row(
        obligation=conditions.pop("obligation"),
        clause=conditions.pop("clause"),
        alternative_to=conditions.pop("alternative_to", None),
        sentences=tuple(conditions.pop("sentences", ())),
        trigger=Trigger(causes=tuple(conditions.pop("trigger")), **_as_tuples(conditions)),
    )


def _lift(entry: Mapping[str, Any]) -> Lift:
    conditions = dict(entry)
    obligations = frozenset(conditions.pop("obligations"))
    if "from" in conditions:
        conditions["deliveries"] = frozenset(conditions.pop("from"))
    return Lift(obligations=obligations, **_as_tuples(conditions))


def _as_tuples(conditions: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in conditions.items()}


def _read(name: str) -> Any:
    return yaml.safe_load(files("obligations").joinpath("catalogue", name).read_text(encoding="utf-8"))
