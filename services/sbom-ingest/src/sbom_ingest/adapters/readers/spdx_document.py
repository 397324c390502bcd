"""What stands at the head of an SPDX 2 document, whatever the serialization."""

from sbom_ingest.adapters.readers.common import read_time
from sbom_ingest.adapters.readers.spdx_packages import agent_name
from sbom_ingest.adapters.readers.spdx_places import Place
from sbom_ingest.adapters.readers.spdx_structs import CreationInfo
from sbom_ingest.adapters.readers.versions import unknown_version
from sbom_ingest.domain.draft import Draft

VERSIONS = ("2.1", "2.2", "2.3")


def checked_version(written: str | None) -> str:
    """The version without its prefix; refuses one that is not read."""
    version = (written or "").strip().removeprefix("SPDX-")
    if version not in VERSIONS:
        raise unknown_version(written, "SPDX 2", VERSIONS)
    return version


def read_head(data_license: str | None, creation: CreationInfo | None, draft: Draft, place: Place) -> None:
    """Note who made the document when, and with which tools; warns where its head lacks what the specification asks for."""
    if data_license != "CC0-1.0":
        draft.warn("missing-field", "`dataLicense` must be CC0-1.0 (6.2)", place.field("dataLicense"))
    if creation is None:
        draft.warn("missing-field", "`creationInfo` is missing (6)", str(place))
        return
    tools = (creator.removeprefix("Tool:").strip() for creator in creation.creators if creator.startswith("Tool:"))
    draft.tool = list(dict.fromkeys(tools))
    draft.authors = _authors(creation)
    draft.created = read_time(creation.created, "6.9", draft, place.field("creationInfo/created"))


def _authors(creation: CreationInfo) -> list[str]:
    named = map(agent_name, (each for each in creation.creators if not each.startswith("Tool:")))
    return list(dict.fromkeys(name for name in named if name))
