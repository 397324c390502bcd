"""Reads SPDX YAML, 2.1 to 2.3: the JSON shape in YAML."""

import re

from sbom_ingest.adapters.readers.content import Content
from sbom_ingest.adapters.readers.spdx_members import json_places, read_members
from sbom_ingest.adapters.readers.spdx_places import JsonPlace
from sbom_ingest.adapters.readers.yaml_document import Bounds, open_yaml
from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.limits import Limits

READS = "SPDX 2.1 to 2.3 in YAML"
_VERSION = re.compile(rb"^['\"]?spdxVersion['\"]?[ \t]*:(?=\s)", re.MULTILINE)


def recognises(content: Content) -> bool:
    """Whether `spdxVersion` is a key at the left margin; the parser alone decides whether it is YAML."""
    return content.json is None and content.source.has(_VERSION)


def read(content: Content, limits: Limits) -> Draft:
    """The facts of an SPDX YAML document; places are JSON pointers into the same shape."""
    bounds = Bounds(limits.entries, {("", "packages"): ("elements", limits.elements)})
    members = open_yaml(content.source, limits, bounds)
    return read_members(members, content.draft("spdx", "yaml", None, limits), JsonPlace(""), json_places(""))
