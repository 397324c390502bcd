"""Which faults of CycloneDX objects refuse the document; all others cost a warning and the field (see RULES.md)."""

from sbom_ingest.adapters.readers.cyclonedx_structs import (
    Composition,
    CycloneDxComponent,
    Dependency,
    Metadata,
    Service,
)
from sbom_ingest.adapters.readers.tolerant import Fault, TolerantDecoder

_DECIDING = frozenset({"type", "name", "licenses", "hashes", "components"})
_HARMLESS_OF_LICENSES = frozenset({"url", "acknowledgement", "content", "expressionDetails"})


def _component_matters(fault: Fault) -> bool:
    first, last = fault.path[0], fault.path[-1]
    if len(fault.path) == 1 and fault.value is None:
        return first in ("type", "name")
    if "licenses" in fault.path:
        return not _HARMLESS_OF_LICENSES & set(fault.path)
    return first in _DECIDING and last != "url"


def _metadata_matters(fault: Fault) -> bool:
    return fault.path[0] == "licenses" and fault.value is not None


def _service_matters(fault: Fault) -> bool:
    return fault.path[0] in ("data", "services") and fault.value is not None


def _dependency_matters(fault: Fault) -> bool:
    return fault.value is not None and fault.path[0] != "provides"


def _never_matters(fault: Fault) -> bool:
    return False


COMPONENTS = TolerantDecoder(CycloneDxComponent, _component_matters)
METADATA = TolerantDecoder(Metadata, _metadata_matters)
SERVICES = TolerantDecoder(Service, _service_matters)
DEPENDENCIES = TolerantDecoder(Dependency, _dependency_matters)
COMPOSITIONS = TolerantDecoder(Composition, _never_matters)
