"""Reads what is known of compatibility from the files that this package ships."""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from policy_eval.domain.compatibility import Compatibility
from policy_eval.domain.compatibility_facts import (
    CompatibilityFacts,
    GnuFacts,
    GnuVersions,
    LaterVersions,
    MatrixValue,
    Permission,
)
from shared.licensing import load_catalogue


@lru_cache(maxsize=1)
def compatibility() -> Compatibility:
    """The answers about compatibility, from the shipped facts."""
    return Compatibility(compatibility_facts(), load_catalogue())


def compatibility_facts() -> CompatibilityFacts:
    """The shipped facts; `policies/compatibility/README.md` names their sources and licences."""
    written, compared = _text("rules.yaml"), _text("osadl-matrix.json")
    rules: dict[str, Any] = yaml.safe_load(written)
    matrix = json.loads(compared)
    return CompatibilityFacts(
        permissions=_permissions(rules),
        later={key: _later(each) for key, each in rules["later"].items()},
        successors=_successors(rules["versions"]),
        gnu=_gnu(rules["gnu"]),
        exceptions={name: effect for effect, names in rules["exceptions"].items() for name in names},
        matrix=_matrix(matrix),
        matrix_source=f"OSADL licence compatibility matrix of {matrix['timestamp'][:10]} (CC-BY-4.0, OSADL eG)",
        sha256=hashlib.sha256(f"{written}\x00{compared}".encode()).hexdigest(),
    )


def _permissions(rules: dict[str, Any]) -> Mapping[str, tuple[Permission, ...]]:
    found: dict[str, tuple[Permission, ...]] = {}
    for entry in rules["permitted"]:
        permission = Permission(frozenset(entry["under"]), entry["source"], or_later=entry["or_later"])
        found[entry["license"]] = (*found.get(entry["license"], ()), permission)
    for pair in rules["pairs"]:
        permission = Permission(
            frozenset(pair["outbound"]), pair["source"], pair["verdict"], pair["why"], or_later=True
        )
        found[pair["inbound"]] = (permission, *found.get(pair["inbound"], ()))
    return found


def _later(entry: dict[str, Any]) -> LaterVersions:
    through = tuple(entry.get("through", ()))
    return LaterVersions(frozenset(entry["under"]), entry["source"], through, entry.get("condition", ""))


def _successors(chains: list[list[str]]) -> Mapping[str, tuple[str, ...]]:
    return {each: tuple(chain[position + 1 :]) for chain in chains for position, each in enumerate(chain)}


def _gnu(entry: dict[str, Any]) -> GnuFacts:
    groups: tuple[tuple[str, GnuVersions], ...] = (
        ("every_version", "every-version"),
        ("version_3", "version-3"),
        ("none", "none"),
    )
    versions = {license_id: versions for group, versions in groups for license_id in entry[group]}
    return GnuFacts(entry["source"], versions, entry["why"], entry["disputed"])


def _matrix(matrix: dict[str, Any]) -> Mapping[str, Mapping[str, MatrixValue]]:
    return {
        outbound: {inbound: matrix["values"][letter] for inbound, letter in zip(matrix["licenses"], row, strict=True)}
        for outbound, row in matrix["rows"].items()
    }


def _text(name: str) -> str:
    return files("policy_eval.policies.compatibility").joinpath(name).read_text(encoding="utf-8")
