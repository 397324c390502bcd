"""What stands at the head of an SPDX 2 document, whatever the serialization."""

from datetime import datetime

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
    """Note which tools made the document; warns where its head lacks what the specification asks for."""
    if data_license != "CC0-1.0":
        draft.warn("missing-field", "`dataLicense` must be CC0-1.0 (6.2)", place.field("dataLicense"))
    if creation is None:
        draft.warn("missing-field", "`creationInfo` is missing (6)", str(place))
        return
    tools = (creator.removeprefix("Tool:").strip() for creator in creation.creators if creator.startswith("Tool:"))
    draft.tool = list(dict.fromkeys(tools))
    try:
        datetime.fromisoformat(creation.created or "1970-01-01")
    except ValueError:
        message = f"{creation.created[:40]!r} is no time (6.9)"
        draft.warn("malformed-time", message, place.field("creationInfo/created"))
