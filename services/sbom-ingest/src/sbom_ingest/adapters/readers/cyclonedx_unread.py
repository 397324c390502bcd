"""The members of a CycloneDX document that are left out, each with the count of its entries."""

from collections.abc import Mapping

import msgspec
from msgspec import Raw

from sbom_ingest.domain.draft import Draft

READ = frozenset(
    {"$schema", "bomFormat", "specVersion", "serialNumber", "version"}
    | {"metadata", "components", "services", "dependencies", "compositions"}
)
# Those of all versions that are not read, from the schemas at https://github.com/CycloneDX/specification (Apache-2.0).
UNREAD = (
    *("annotations", "citations", "declarations", "definitions", "externalReferences"),
    *("formulation", "properties", "signature", "vulnerabilities"),
)

_entries = msgspec.json.Decoder(list[Raw] | dict[str, Raw] | None)


def warn_of_unread(counts: Mapping[str, int], draft: Draft, pointer: str) -> None:
    """Warn of each unread member of the document at `pointer` that has entries: its name, and their number.

    Names that CycloneDX does not have are told in one warning, however many there are.
    """
    for name in UNREAD:
        if counts.get(name):
            draft.warn("members-ignored", f"the entries of `{name}` are not read: {counts[name]}", f"{pointer}/{name}")
    others = sorted(counts.keys() - READ - set(UNREAD))
    if others:
        message = f"members that CycloneDX does not have are not read: {len(others)}, such as {others[0][:200]!r}"
        draft.warn("members-ignored", message, pointer)


def entries_of(members: Mapping[str, Raw]) -> dict[str, int]:
    """How many entries or fields each unread member of a JSON document has; a member of another kind counts as one."""
    return {name: _count(member) for name, member in members.items() if name not in READ}


def _count(member: Raw) -> int:
    try:
        return len(_entries.decode(member) or ())
    except msgspec.ValidationError:
        return 1
