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
    licenses, exceptions = _read("licenses.yaml"), _read("exceptions.yaml")
    by_id = {entry["id"]: entry for entry in licenses["licenses"]}
    duties = [_duties(entry, by_id, licenses["analysed_by"]) for entry in by_id.values()]
    effects = [_effect(entry, exceptions["analysed_by"]) for entry in exceptions["exceptions"]]
    return ObligationCatalogue(
        generic={each.id: each for each in generic},
        duties={each.id: each for each in duties},
        effects={each.id: each for each in effects},
        licenses=load_catalogue(),
    )


def _duties(entry: Mapping[str, Any], by_id: Mapping[str, Mapping[str, Any]], analysed_by: str) -> LicenseDuties:
    return LicenseDuties(
        id=entry["id"],
        status=entry["status"],
        analysed_by=analysed_by,
        checked_on=entry.get("checked_on"),
        rows=tuple(_row(row) for row in by_id[entry.get("same_as", entry["id"])]["obligations"]),
    )


def _effect(entry: Mapping[str, Any], analysed_by: str) -> ExceptionEffect:
    return ExceptionEffect(
        id=entry["id"],
        status=entry["status"],
        analysed_by=analysed_by,
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
    return yaml.load(files("obligations").joinpath("catalogue", name).read_bytes(), yaml.CSafeLoader)
