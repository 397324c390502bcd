"""Reads the shipped data of export control: rules, tables of places, control lists, algorithms and packages."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

import yaml

from policy_eval.domain.export.algorithms import Algorithm, Algorithms
from policy_eval.domain.export.assessment import Law
from policy_eval.domain.export.codes import ControlCode, ControlLists
from policy_eval.domain.export.knowledge_base import KnowledgeBase, KnownPackage
from policy_eval.domain.export.places import CountryGroup, Membership, Places
from policy_eval.domain.export.rules import ExportRule, RuleBook

CATALOGUE: Final = "policy_eval.adapters.export_catalogue"
_OWNER: Final = "export officer"
_ABOUT_THE_RULES: Final = ("data_date", "evidence")
_KINDS: Final = ("not-listed", "mass-market", "information-security", "cryptanalysis", "other")


@lru_cache(maxsize=1)
def shipped_law() -> Law:
    """The rules, tables and lists that Licet ships."""
    return law_of(*(_document(f"{name}.yaml") for name in ("rules", "places", "control_lists")))


def law_of(rules: Any, places: Any, lists: Any) -> Law:
    """The law as these documents tell it; raises ValueError where one jurisdiction has rules and no list, or a list only."""
    law = Law(_rule_book(rules), _places(places), _lists(lists), rules["evidence"])
    if law.rules.jurisdictions != law.lists.jurisdictions:
        raise ValueError(f"rules of {law.rules.jurisdictions}, control lists of {law.lists.jurisdictions}")
    return law


@lru_cache(maxsize=1)
def shipped_version() -> str:
    """The day on which the rules were last worked on, and a digest of all that is shipped, packages included."""
    folder = files(CATALOGUE)
    written = [*folder.iterdir(), *folder.joinpath("packages").iterdir()]
    digest = hashlib.sha256()
    for file in sorted((each for each in written if each.name.endswith(".yaml")), key=lambda each: each.name):
        digest.update(file.read_bytes())
    return f"{shipped_law().rules.data_date} {digest.hexdigest()}"


@lru_cache(maxsize=1)
def shipped_algorithms() -> Algorithms:
    """The table of algorithms that Licet ships."""
    by_name: dict[str, Algorithm] = {}
    for row in _document("algorithms.yaml")["algorithms"]:
        algorithm = Algorithm(
            row["id"], row["primitive"], frozenset(row["functions"]), row["strength"], tuple(row["bits"]), row["body"]
        )
        by_name |= dict.fromkeys([row["id"], *row.get("also", [])], algorithm)
    return Algorithms(by_name)


@lru_cache(maxsize=1)
def shipped_knowledge_base() -> KnowledgeBase:
    """The packages that Licet knows."""
    return KnowledgeBase(dict(known_packages()))


def known_packages() -> Iterator[tuple[str, KnownPackage]]:
    """All entries of the knowledge base, in the order of its files."""
    folder = files(CATALOGUE).joinpath("packages")
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if file.name.endswith(".yaml"):
            for family in _parsed(file.read_text(encoding="utf-8"))["families"]:
                yield from _packages_of(family)


def _packages_of(family: Mapping[str, Any]) -> Iterator[tuple[str, KnownPackage]]:
    known = KnownPackage(
        kind=family["kind"],
        functions=frozenset(family.get("functions", ())),
        algorithms=tuple(family.get("algorithms", ())),
        standard=family.get("standard", True),
        source=family["source"],
        reviewed=str(family.get("reviewed", "unreviewed")),
        note=family.get("note"),
    )
    for type_, names in family["packages"].items():
        for name in names:
            yield f"pkg:{type_}/{name.replace('@', '%40')}", known


def _rule_book(document: Mapping[str, Any]) -> RuleBook:
    jurisdictions = [name for name in document if name not in _ABOUT_THE_RULES]
    rules = [_rule(name, row) for name in jurisdictions for row in document[name]]
    return RuleBook(tuple(rules), document["data_date"])


def _rule(jurisdiction: str, row: Mapping[str, Any]) -> ExportRule:
    return ExportRule(
        id=row["id"],
        jurisdiction=jurisdiction,
        stage=row["stage"],
        conditions=_conditions(row.get("if", {})),
        unless=_conditions(row.get("unless", {})),
        verdict=row["verdict"],
        reference=row["ref"],
        says=row["says"],
        evidence=tuple(row.get("evidence", ())),
        valid_from=row.get("valid_from"),
        valid_to=row.get("valid_to"),
        checked=row.get("checked"),
    )


def _conditions(written: Mapping[str, list[str]]) -> Mapping[str, frozenset[str]]:
    return {name: frozenset(values) for name, values in written.items()}


def _places(document: Mapping[str, Any]) -> Places:
    groups = tuple(
        CountryGroup(
            name,
            row["title"],
            row.get("owner", _OWNER),
            row["source"],
            row.get("verified"),
            tuple(_membership(each) for each in row["members"]),
            row.get("compared_with"),
        )
        for name, row in document["groups"].items()
    )
    countries = frozenset(document["countries"].split())
    regions = frozenset(member.place for group in groups for member in group.members) - countries
    return Places(countries, regions, groups)


def _membership(row: str | Mapping[str, Any]) -> Membership:
    if isinstance(row, str):
        return Membership(row)
    return Membership(row["place"], row.get("from"), row.get("to"))


def _lists(document: Mapping[str, Any]) -> ControlLists:
    return ControlLists([code for name, row in document.items() for code in _codes(name, row)])


def _codes(jurisdiction: str, row: Mapping[str, Any]) -> Iterator[ControlCode]:
    for kind in _KINDS:
        for code in row[kind]:
            letters = row["paragraphs"].get(code)
            yield ControlCode(_covering(code, letters), jurisdiction, kind, date.min, date.max)
    for code, kind in row["exact"].items():
        yield ControlCode(re.escape(code), jurisdiction, kind, date.min, date.max)
    for code, last in row["until"].items():
        yield ControlCode(re.escape(code), jurisdiction, "other", date.min, last)
    yield ControlCode(f"{row['other_categories']}{_PARAGRAPHS}", jurisdiction, "other", date.min, date.max)


_PARAGRAPHS: Final = r"(?:\.[a-z0-9]+)*"


def _covering(code: str, letters: str | None) -> str:
    """The pattern of a code and its subparagraphs, which begin with one of the letters where those are known."""
    first = rf"\.[{letters}]" if letters else r"\.[a-z0-9]+"
    return rf"{re.escape(code)}(?:{first}{_PARAGRAPHS})?"


def _document(name: str) -> Any:
    return _parsed(files(CATALOGUE).joinpath(name).read_text(encoding="utf-8"))


def _parsed(text: str) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(text, Loader=loader)  # noqa: S506 - either of the two is safe
