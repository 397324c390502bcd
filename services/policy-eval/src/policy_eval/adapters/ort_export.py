"""Decisions on licences as files of the OSS Review Toolkit; what its files have no words for is told in comments."""

from collections.abc import Callable, Iterable
from typing import Any, Final

import yaml

from policy_eval.adapters.version_ranges import intervals
from policy_eval.application.exchange_ort import OrtKind
from policy_eval.domain.categories import CATEGORIES
from policy_eval.domain.decision_records import ChoiceBody, ClassificationBody, CurationBody, DecisionRecord
from policy_eval.domain.decisions import declared_list
from policy_eval.domain.ort_packages import NotTold, identifier_of
from policy_eval.domain.purls import read_purl

_HEAD: Final = "# Written by Licet for the OSS Review Toolkit."


def write_ort_file(kind: OrtKind, records: list[DecisionRecord]) -> str:
    """The file of these decisions, the same for the same decisions in the same order."""
    writers: dict[OrtKind, Callable[[list[DecisionRecord], list[str]], Any]] = {
        "curation": _curations,
        "license-choice": _choices,
        "license-classification": _classifications,
    }
    left_out: list[str] = []
    document = writers[kind](records, left_out)
    lines = [_HEAD, *(f"# Left out: {each}" for each in left_out)]
    body = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120)
    return "\n".join(lines) + f"\n---\n{body}"


def _curations(records: list[DecisionRecord], left_out: list[str]) -> list[dict[str, Any]]:
    entries = []
    for record in records:
        body: CurationBody = record.content()
        try:
            said = {"comment": body.reason, **_curated(body)}
            entries += [{"id": each, "curations": said} for each in _identifiers(body)]
        except NotTold as error:
            left_out.append(_left_out(record, error))
    return entries


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
    repository: list[dict[str, str]] = []
    packages: dict[str, list[dict[str, str]]] = {}
    for record in records:
        body: ChoiceBody = record.content()
        choice = {"given": body.license, "choice": body.chosen}
        try:
            if body.purl is None:
                repository.append(choice)
            else:
                packages.setdefault(identifier_of(body.purl, None), []).append(choice)
        except NotTold as error:
            left_out.append(_left_out(record, error))
    of_packages = [{"package_id": each, "license_choices": chosen} for each, chosen in packages.items()]
    return {"license_choices": {"repository_license_choices": repository, "package_license_choices": of_packages}}


def _left_out(record: DecisionRecord, error: NotTold) -> str:
    return " ".join(f"{record.kind} {record.id}: {error}.".split())
