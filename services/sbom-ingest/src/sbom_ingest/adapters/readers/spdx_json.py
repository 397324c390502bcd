"""Reads SPDX JSON, 2.1 to 2.3: https://spdx.github.io/spdx-spec/v2.3/."""

from sbom_ingest.adapters.readers.content import Content
from sbom_ingest.adapters.readers.spdx_members import json_places, read_members
from sbom_ingest.adapters.readers.spdx_places import JsonPlace
from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.limits import Limits

READS = "SPDX 2.1 to 2.3 in JSON"


def recognises(content: Content) -> bool:
    """Whether `spdxVersion` is there."""
    return content.json is not None and "spdxVersion" in content.json.members


def read(content: Content, limits: Limits) -> Draft:
    """The facts of an SPDX JSON document."""
    assert content.json is not None
    pointer = content.json.pointer
    return read_members(
        content.json, content.draft("spdx", "json", None, limits), JsonPlace(pointer), json_places(pointer)
    )
