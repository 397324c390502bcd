"""What an SPDX 3 package keeps of the CycloneDX component that it was made from.

SPDX has an extension for CycloneDX properties (Extension, CdxPropertiesExtension). cdxgen writes there, as properties
named like the members of a component, what it has no relationships or fields for: licences above all. Lists and objects
are JSON inside of the text.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Raw, Struct, field
from msgspec.structs import replace

from sbom_ingest.adapters.readers.common import copyright_lines
from sbom_ingest.adapters.readers.cyclonedx_components import check_fields, to_component
from sbom_ingest.adapters.readers.cyclonedx_structs import (
    CycloneDxComponent,
    Evidence,
    LicenseChoice,
    Organization,
    Property,
)
from sbom_ingest.adapters.readers.tolerant import Fault, TolerantDecoder
from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.outcome import Refused
from shared.contracts.inventory import Component, LicenseClaim

_TEXTS = frozenset({"group", "scope", "author", "publisher"})
_JSON: dict[str, Any] = {"licenses": list[LicenseChoice], "evidence": Evidence, "authors": list[Organization]}
_PROPERTY = "properties."
_PROPERTIES = "extension_cdxProperty"


class _Entry(Struct, rename={"name": "extension_cdxPropName", "value": "extension_cdxPropValue"}):
    """A property."""

    name: str = ""
    value: str = ""


class _Extension(Struct, rename={"entries": _PROPERTIES}):
    """An extension; one of another type has no properties."""

    entries: list[_Entry] = field(default_factory=list)


class _Extended(Struct):
    """An element with its extensions."""

    extension: _Extension | list[_Extension] = field(default_factory=list)


def _never_matters(fault: Fault) -> bool:
    return False


_EXTENDED = TolerantDecoder(_Extended, _never_matters)


def has_properties(extension: Raw) -> bool:
    """Whether an element's extensions have CycloneDX properties among them."""
    return _PROPERTIES.encode() in bytes(extension)


def with_extension(component: Component, raw: Raw, draft: Draft) -> Component:
    """The component with what the extensions of its element `raw` say beside it; SPDX's own words come first."""
    members: dict[str, Any] = {}
    properties, places = [], {}
    for entry, place in _entries(raw, draft, component.pointer):
        name = entry.name.removeprefix(_PROPERTY)
        if name != entry.name:
            properties.append(Property(name, entry.value))
        elif (value := _value(entry, draft, place)) is not None:
            members[name], places[name] = value, place
    if not (members or properties):
        return component
    written = CycloneDxComponent("library", component.name, properties=properties, **members)
    if draft.limits.may_be_passed_in(len(memoryview(raw))):
        check_fields(written, draft, component.pointer)
    return _joined(component, _read(written, draft, component.pointer, places))


def _entries(raw: Raw, draft: Draft, pointer: str) -> Iterator[tuple[_Entry, str]]:
    written = _EXTENDED.decode(raw, draft, pointer).extension
    several = isinstance(written, list)
    for number, extension in enumerate(written if isinstance(written, list) else [written]):
        place = f"{pointer}/extension/{number}/{_PROPERTIES}" if several else f"{pointer}/extension/{_PROPERTIES}"
        draft.check_entries(len(extension.entries), place)
        for index, entry in enumerate(extension.entries):
            yield entry, f"{place}/{index}"


def _value(entry: _Entry, draft: Draft, place: str) -> Any:
    """The member of a component that an entry is; None where it is none that is read, with a warning if it should be."""
    if entry.name in _TEXTS:
        return entry.value
    if entry.name not in _JSON:
        return None
    try:
        return msgspec.json.decode(entry.value, type=_JSON[entry.name])
    except (msgspec.DecodeError, RecursionError):
        message = f"the property `{entry.name}` is not what CycloneDX has under this name"
        draft.warn("field-ignored", message, place)
        return None


def _read(written: CycloneDxComponent, draft: Draft, pointer: str, places: dict[str, str]) -> Component:
    """What a component says, each claim and warning at the property that it comes from."""
    told = len(draft.warnings)
    try:
        component = to_component(written, draft, pointer)
    except Refused as refused:
        if refused.refusal.kind != "breaks-specification":
            raise
        draft.warn(
            "field-ignored", f"the licences are not CycloneDX's: {refused.refusal.detail}", f"{pointer}/licenses"
        )
        written.licenses, written.evidence = [], None
        component = to_component(written, draft, pointer)
    draft.warnings[told:] = [
        replace(each, pointer=_place(each.pointer, pointer, places)) for each in draft.warnings[told:]
    ]
    claims = [replace(claim, pointer=_place(claim.pointer, pointer, places)) for claim in component.licenses]
    return replace(component, licenses=claims)


def _place(written: str, pointer: str, places: dict[str, str]) -> str:
    """The place of the property that holds the member at `written`; a part of what is JSON inside of a text has none."""
    return places.get(written.removeprefix(f"{pointer}/").partition("/")[0], pointer)


def _joined(component: Component, carried: Component) -> Component:
    known = {(claim.origin, claim.value) for claim in component.licenses}
    further: list[LicenseClaim] = [each for each in carried.licenses if (each.origin, each.value) not in known]
    return replace(
        component,
        group=carried.group,
        scope=carried.scope,
        scope_written=carried.scope_written,
        licenses=component.licenses + further,
        copyright=copyright_lines([*component.copyright, *carried.copyright]),
        parties=tuple(dict.fromkeys((*component.parties, *carried.parties))),
    )
