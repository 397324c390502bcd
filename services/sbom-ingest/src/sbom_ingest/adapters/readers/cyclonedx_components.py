"""From a CycloneDX component to the inventory's."""

from collections.abc import Iterator, Sized

from sbom_ingest.adapters.readers.common import check_purl, copyright_lines
from sbom_ingest.adapters.readers.cyclonedx_crypto import CRYPTO_PREFIXES, crypto_facts, crypto_statements
from sbom_ingest.adapters.readers.cyclonedx_identity import identifiers, other_references, parties, source_url
from sbom_ingest.adapters.readers.cyclonedx_licenses import component_claims
from sbom_ingest.adapters.readers.cyclonedx_scopes import component_scope
from sbom_ingest.adapters.readers.cyclonedx_structs import CycloneDxComponent
from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.statements import PREFIX, Statements, stated
from shared.contracts.inventory import Component

_NO_STATEMENTS = Statements()
# "sha256" and not "sha-256": the names of SPDX in lower case, so that both formats name an algorithm alike.
_ALGORITHMS = {"SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}


def to_component(written: CycloneDxComponent, draft: Draft, pointer: str) -> Component:
    """The component with all that was said of it; `written` stands at `pointer`."""
    scope, scope_written = component_scope(written.scope, written.properties, draft, pointer)
    statements = _statements(written, draft, pointer)
    check_purl(written.purl, draft, f"{pointer}/purl")
    references = written.external_references
    source = source_url(references) if references else None
    # In the order of the fields: a call by names takes five times as long.
    return Component(
        written.name,
        pointer,
        written.version or None,
        written.purl or None,
        written.group or None,
        written.bom_ref or None,
        written.type,
        written.supplier.name or None if written.supplier else None,
        scope,
        scope_written,
        component_claims(written, draft, pointer),
        _copyright(written),
        _hashes(written),
        statements.notices,
        statements.notice_status,
        statements.linkage,
        _modified(written) if statements.modified is None else statements.modified,
        statements.source_url or source,
        1,  # occurrences
        identifiers(written) if written.cpe or written.swid else (),
        parties(written) if _has_parties(written) else (),
        other_references(references, source) if references else (),
        crypto_facts(written.crypto_properties) if written.crypto_properties else None,
        crypto_statements(written.properties, f"{pointer}/properties") if written.properties else (),
    )


def _hashes(written: CycloneDxComponent) -> dict[str, str]:
    hashes = {}
    for digest in written.hashes:
        hashes[_ALGORITHMS.get(digest.alg) or digest.alg.lower()] = digest.content.lower()
    return hashes


def _has_parties(written: CycloneDxComponent) -> bool:
    return bool(written.author or written.authors or written.publisher or written.manufacturer)


def check_fields(written: CycloneDxComponent, draft: Draft, pointer: str) -> None:
    """Refuse a component that has a field, other than a text, or a list over the limit."""
    for name, entries in _lists(written):
        draft.check_entries(len(entries), f"{pointer}/{name}")
    fields = [written.name, written.version, written.group, written.purl, written.bom_ref, written.copyright]
    fields += [written.cpe, written.author, written.publisher]
    fields += [each.value for each in written.properties if each.name.startswith(CRYPTO_PREFIXES)]
    licenses = [*written.licenses, *(written.evidence.licenses if written.evidence else ())]
    for choice in licenses:
        license_ = choice.license
        fields += [choice.expression, license_.id, license_.name, license_.url] if license_ else [choice.expression]
    for value in fields:
        draft.check_field(value or "", pointer)


def _lists(written: CycloneDxComponent) -> Iterator[tuple[str, Sized]]:
    """The lists of a component, but for those of further components, with their places in it."""
    yield "licenses", written.licenses
    yield "hashes", written.hashes
    yield "properties", written.properties
    yield "externalReferences", written.external_references
    yield "authors", written.authors
    if written.pedigree is not None:
        yield "pedigree/patches", written.pedigree.patches
    if written.evidence is not None:
        yield "evidence/licenses", written.evidence.licenses
        yield "evidence/copyright", written.evidence.copyright


def _statements(written: CycloneDxComponent, draft: Draft, pointer: str) -> Statements:
    if not written.properties:
        return _NO_STATEMENTS
    pairs = [(entry.name, entry.value) for entry in written.properties if entry.name.startswith(PREFIX)]
    return stated(pairs, draft, f"{pointer}/properties") if pairs else _NO_STATEMENTS


def _copyright(written: CycloneDxComponent) -> list[str]:
    if written.evidence is None:
        return copyright_lines((written.copyright,)) if written.copyright else []
    return copyright_lines([written.copyright, *(entry.text for entry in written.evidence.copyright)])


def _modified(written: CycloneDxComponent) -> bool | None:
    if written.pedigree is not None and written.pedigree.patches:
        return True
    return written.modified
