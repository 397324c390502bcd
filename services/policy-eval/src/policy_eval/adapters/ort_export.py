"""Decisions on licences as files of the OSS Review Toolkit; what its files have no words for is told in comments."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final

import yaml
from msgspec import structs

from policy_eval.adapters.version_ranges import intervals
from policy_eval.application.exchange_ort import OrtKind
from policy_eval.domain.categories import CATEGORIES
from policy_eval.domain.curation_source import as_comment
from policy_eval.domain.decision_records import (
    ChoiceBody,
    ClassificationBody,
    CurationBody,
    CurationSource,
    DecisionRecord,
)
from policy_eval.domain.decisions import declared_list
from policy_eval.domain.ort_packages import NotTold, identifier_of
from policy_eval.domain.purls import read_purl

_HEAD: Final = "# Written by Licet for the OSS Review Toolkit."


class _Dumper(yaml.SafeDumper):
    """Writes every value out: ORT reads no aliases, and so does not Licet."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _as_block(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _as_block)


def write_ort_file(kind: OrtKind, records: list[DecisionRecord], reviewers: Mapping[str, str]) -> str:
    """The file of these decisions, the same for the same decisions in the same order; `reviewers` by their ids."""
    writers: dict[OrtKind, Callable[[list[DecisionRecord], list[str]], Any]] = {
        "curation": partial(_curations, reviewers),
        "license-choice": _choices,
        "license-classification": _classifications,
    }
    left_out: list[str] = []
    document = writers[kind](records, left_out)
    lines = [_HEAD, *(f"# Left out: {each}" for each in left_out)]
    body = yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)
    return "\n".join(lines) + f"\n---\n{body}"


def _curations(
    reviewers: Mapping[str, str], records: list[DecisionRecord], left_out: list[str]
) -> list[dict[str, Any]]:
    entries = []
    for record in records:
        body: CurationBody = record.content()
        try:
            said = {"comment": _comment(record, body, reviewers.get(record.id)), **_curated(body)}
            entries += [{"id": each, "curations": said} for each in _identifiers(body)]
        except NotTold as error:
            left_out.append(_left_out(record, error))
    return entries


def _comment(record: DecisionRecord, body: CurationBody, reviewer: str | None) -> str:
    """The reason, with its source, and who wrote and who reviewed it: there, or else here."""
    there = body.source or CurationSource()
    people = {"author": there.author or record.created_by, "reviewer": reviewer or there.reviewer}
    return as_comment(body.reason, structs.replace(there, **people))


def _curated(body: CurationBody) -> dict[str, Any]:
    if body.mapping is not None:
        return {"declared_license_mapping": dict(body.mapping)}
    if body.declared is None:
        return {"concluded_license": body.license}
    match declared_list(body):
        case [one]:
            return {"declared_license_mapping": {one: body.license}}
        case _:
            raise NotTold("ORT has no curation for one set of declared strings alone")


def _identifiers(body: CurationBody) -> Iterable[str]:
    if body.versions is None:
        return [identifier_of(body.purl, None)]
    read = read_purl(body.purl)
    found = intervals(body.versions, read.type) if read else None
    if found is None:
        raise NotTold(f"the range {body.versions} is not told by intervals")
    # A range of all versions has no interval, and is said by leaving the version out.
    return [identifier_of(body.purl, each) for each in found] or [identifier_of(body.purl, None)]


def _classifications(records: list[DecisionRecord], _left_out: list[str]) -> dict[str, Any]:
    bodies: list[ClassificationBody] = [record.content() for record in records]
    used = {body.category for body in bodies}
    return {
        "categories": [{"name": each} for each in CATEGORIES if each in used],
        "categorizations": [{"id": body.license, "categories": [body.category]} for body in bodies],
    }


def _choices(records: list[DecisionRecord], left_out: list[str]) -> dict[str, Any]:
    of_repository: dict[str, str] = {}
    of_packages: dict[str, dict[str, str]] = {}
    # What is said of a project goes before what is said of all, as in an evaluation.
    for record in sorted(records, key=lambda each: each.content().project is None):
        body: ChoiceBody = record.content()
        try:
            identifier = None if body.purl is None else identifier_of(body.purl, None)
            _choose(of_repository if identifier is None else of_packages.setdefault(identifier, {}), body)
        except NotTold as error:
            left_out.append(_left_out(record, error))
    packages = [{"package_id": each, "license_choices": _written(chosen)} for each, chosen in of_packages.items()]
    return {
        "license_choices": {
            "repository_license_choices": _written(of_repository),
            "package_license_choices": packages,
        }
    }


def _choose(chosen: dict[str, str], body: ChoiceBody) -> None:
    """Note the choice; raises NotTold for a second one of the same expression, of which ORT has one."""
    if chosen.setdefault(body.license, body.chosen) != body.chosen:
        raise NotTold(f"of {body.license} the file has {chosen[body.license]} already, and not {body.chosen}")


def _written(chosen: dict[str, str]) -> list[dict[str, str]]:
    return [{"given": given, "choice": choice} for given, choice in chosen.items()]


def _left_out(record: DecisionRecord, error: NotTold) -> str:
    return " ".join(f"{record.kind} {record.id}: {error}.".split())
