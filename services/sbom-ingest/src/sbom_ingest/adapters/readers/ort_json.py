"""Reads what ORT writes as JSON: https://oss-review-toolkit.org/ort/."""

from collections.abc import Collection

from sbom_ingest.adapters.readers.content import Content
from sbom_ingest.adapters.readers.json_document import JsonObject
from sbom_ingest.adapters.readers.ort_evaluated import read_evaluated_model
from sbom_ingest.adapters.readers.ort_result import read_result
from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.limits import Limits

READS = "ORT analyzer result and evaluated model in JSON"

_RESULT = {"repository", "analyzer"}
_EVALUATED_MODEL = {"packages", "dependency_trees"}


def recognises(content: Content) -> bool:
    """Whether the members are there that only ORT writes side by side."""
    return content.json is not None and is_of_ort(content.json.members.keys())


def read(content: Content, limits: Limits) -> Draft:
    """The facts of an analyzer result or evaluated model."""
    assert content.json is not None
    return read_members(content.json, content.draft("ort", "json", None, limits))


def is_of_ort(keys: Collection[str]) -> bool:
    """Whether these are the top members of an ORT result or evaluated model."""
    return set(keys) >= _RESULT or set(keys) >= _EVALUATED_MODEL


def read_members(document: JsonObject, draft: Draft) -> Draft:
    """The draft with the facts of a document that is of ORT."""
    if document.members.keys() >= _EVALUATED_MODEL:
        return read_evaluated_model(document, draft)
    return read_result(document, draft)
