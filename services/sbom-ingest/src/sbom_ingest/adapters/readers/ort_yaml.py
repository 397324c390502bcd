"""Reads what ORT writes as YAML: the JSON shape in YAML, whose tags name ORT's classes and say nothing here."""

import re

from sbom_ingest.adapters.readers.content import Content
from sbom_ingest.adapters.readers.ort_json import is_of_ort, read_members
from sbom_ingest.adapters.readers.yaml_document import Bounds, open_yaml
from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.limits import Limits

READS = "ORT analyzer result and evaluated model in YAML"

_PACKAGES: tuple[tuple[str, ...], ...] = (("result", "packages"), ("", "packages"))
_EXCLUDES: tuple[tuple[str, ...], ...] = (("excludes", "paths"), ("excludes", "scopes"))
_KEY = re.compile(rb"^['\"]?(repository|analyzer|packages|dependency_trees)['\"]?[ \t]*:(?=\s)", re.MULTILINE)


def recognises(content: Content) -> bool:
    """Whether keys stand at the left margin that only ORT writes side by side."""
    return content.json is None and is_of_ort({key[1].decode() for key in content.source.find_all(_KEY)})


def read(content: Content, limits: Limits) -> Draft:
    """The facts of an analyzer result or evaluated model; places are JSON pointers into the same shape."""
    # Packages, and the edges between them, stand several levels deep.
    of_packages = dict.fromkeys(_PACKAGES, ("elements", limits.elements))
    bounds = Bounds(limits.relationships, of_packages | dict.fromkeys(_EXCLUDES, ("entries", limits.entries)))
    members = open_yaml(content.source, limits, bounds)
    return read_members(members, content.draft("ort", "yaml", None, limits))
