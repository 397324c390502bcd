"""From SPDX packages and files to components."""

import re
from collections.abc import Sequence
from typing import Literal

from sbom_ingest.adapters.readers.common import copyright_lines, warn_of_purl
from sbom_ingest.adapters.readers.license_warnings import check_expression
from sbom_ingest.adapters.readers.spdx_export import export_statements
from sbom_ingest.adapters.readers.spdx_places import Place
from sbom_ingest.adapters.readers.spdx_structs import (
    Annotation,
    Checksum,
    ExternalRef,
    SpdxFile,
    SpdxPackage,
    SpdxSnippet,
)
from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.purls import is_well_formed
from sbom_ingest.domain.statements import PREFIX, Statements, stated
from shared.contracts.inventory import Component, Identifier, LicenseClaim, Party
from shared.remembering import remembered

_NO_STATEMENTS = Statements()
SAYS_NOTHING = frozenset({"", "NOASSERTION", "NONE"})
_STATEMENT = re.compile(rf"({PREFIX}[a-z-]+): ?(.*)", re.DOTALL)
_AGENT_KINDS = ("Organization", "Person", "Tool")
# The types of SPDX 2.3, Annex F; RDF writes them as addresses that end in these words.
_IDENTIFIERS = {"cpe22Type": "cpe", "cpe23Type": "cpe", "swid": "swid", "gitoid": "gitoid", "swh": "swh"}
_PURL_TYPES = ("#purl", "/purl")
_SOURCE_SCHEMES = ("git+", "hg+", "svn+", "bzr+", "git://")


def package_component(
    written: SpdxPackage, draft: Draft, place: Place, licenses: list[LicenseClaim] | None = None
) -> Component:
    """The component that a package is; scope and linkage come later, from relationships.

    `licenses` are its own where the package does not hold them.
    """
    annotations, comment, references = written.annotations, written.comment, written.external_refs
    statements = _statements(annotations, draft, place) if annotations else _NO_STATEMENTS
    purl = _purl(references, draft, place) if references else None
    # In the order of the fields: a call by names takes five times as long, which is a twentieth of the whole reading.
    return Component(
        written.name,
        str(place),  # pointer
        None if written.version in SAYS_NOTHING else written.version,
        purl,
        None,  # group
        written.spdx_id or None,
        written.purpose.lower().replace("_", "-") if written.purpose else "library",
        agent_name(written.supplier),
        "runtime",  # scope
        None,  # as it is written
        _package_claims(written, draft, place) if licenses is None else licenses,
        _copyright(written.copyright_text),
        _hashes(written.checksums, draft, place),
        _notices(statements, written.attribution_texts, draft, place),
        statements.notice_status,
        statements.linkage,
        statements.modified,
        statements.source_url or _source_url(written.download_location),
        1,  # occurrences
        () if not references or (len(references) == 1 and purl) else _identifiers(references),
        _originator(written.originator) if written.originator else (),
        (),  # references
        None,  # crypto
        export_statements(annotations, comment, place) if annotations or comment else (),
    )


def file_component(written: SpdxFile, draft: Draft, place: Place) -> Component:
    """The component that a file is, in a document that has no packages."""
    statements = _statements(written.annotations, draft, place)
    texts = [written.notice_text, *written.attribution_texts]
    claims = _observed(written.license_info_in_files, "licenseInfoInFiles", place)
    if written.license_concluded:
        claims.insert(0, _claim("concluded", written.license_concluded, draft, place.field("licenseConcluded")))
    return Component(
        name=written.name,
        pointer=str(place),
        ref=written.spdx_id or None,
        type="file",
        licenses=claims,
        copyright=_copyright(written.copyright_text),
        hashes=_hashes(written.checksums, draft, place),
        notices=_notices(statements, texts, draft, place),
        notice_status=statements.notice_status,
        linkage=statements.linkage,
        modified=statements.modified,
        source_url=statements.source_url,
        statements=export_statements(written.annotations, "", place),
    )


def check_package_fields(written: SpdxPackage, draft: Draft, place: Place) -> None:
    """Refuse a package that has a field, other than a text, or a list over the limit."""
    draft.check_entries(len(written.license_info_from_files), place.field("licenseInfoFromFiles"))
    draft.check_entries(len(written.external_refs), place.field("externalRefs"))
    _check_lists(written, draft, place)
    licenses = (written.license_concluded, written.license_declared, *written.license_info_from_files)
    locators = (reference.reference_locator for reference in written.external_refs)
    names = (
        written.name,
        written.version,
        written.spdx_id,
        written.supplier,
        written.originator,
        written.copyright_text,
    )
    for value in (*names, *licenses, *locators):
        draft.check_field(value, str(place))


PartFacts = tuple[list[LicenseClaim], list[str], list[str]]
"""What a file or snippet says: its licences, copyright statements, and the keys of its notices."""


def file_facts(written: SpdxFile, draft: Draft, place: Place) -> PartFacts:
    """What a file says of a package that contains it."""
    claims = _part_claims(written.license_concluded, written.license_info_in_files, "licenseInfoInFiles", place)
    texts = [written.notice_text, *written.attribution_texts] if written.notice_text else written.attribution_texts
    return claims, _copyright(written.copyright_text), _notices(_NO_STATEMENTS, texts, draft, place)


def snippet_facts(written: SpdxSnippet, draft: Draft, place: Place) -> PartFacts:
    """What a snippet says of a package that contains its file."""
    claims = _part_claims(written.license_concluded, written.license_info, "licenseInfoInSnippets", place)
    return claims, _copyright(written.copyright_text), _notices(_NO_STATEMENTS, written.attribution_texts, draft, place)


def _part_claims(concluded: str, found: Sequence[str], field: str, place: Place) -> list[LicenseClaim]:
    claims = _observed(found, field, place)
    if concluded:
        claims.append(LicenseClaim(concluded, "expression", "concluded", place.field("licenseConcluded")))
    return claims


def check_snippet_lists(written: SpdxSnippet, draft: Draft, place: Place) -> None:
    """Refuse a snippet that has a list over the limit."""
    draft.check_entries(len(written.license_info), place.field("licenseInfoInSnippets"))
    draft.check_entries(len(written.attribution_texts), place.field("attributionTexts"))


def check_file_lists(written: SpdxFile, draft: Draft, place: Place) -> None:
    """Refuse a file that has a list over the limit."""
    draft.check_entries(len(written.license_info_in_files), place.field("licenseInfoInFiles"))
    _check_lists(written, draft, place)


def _check_lists(written: SpdxPackage | SpdxFile, draft: Draft, place: Place) -> None:
    draft.check_entries(len(written.checksums), place.field("checksums"))
    draft.check_entries(len(written.attribution_texts), place.field("attributionTexts"))
    draft.check_entries(len(written.annotations), place.field("annotations"))


def _package_claims(written: SpdxPackage, draft: Draft, place: Place) -> list[LicenseClaim]:
    claims = []
    if written.license_concluded:
        claims.append(_claim("concluded", written.license_concluded, draft, place.field("licenseConcluded")))
    if written.license_declared:
        claims.append(_claim("declared", written.license_declared, draft, place.field("licenseDeclared")))
    if written.license_info_from_files:
        claims += _observed(written.license_info_from_files, "licenseInfoFromFiles", place)
    return claims


def _claim(origin: Literal["concluded", "declared"], value: str, draft: Draft, pointer: str) -> LicenseClaim:
    check_expression(value, draft, pointer)
    return LicenseClaim(value, "expression", origin, pointer)


def _observed(values: Sequence[str], field: str, place: Place) -> list[LicenseClaim]:
    places = {value: index for index, value in reversed(list(enumerate(values))) if value}
    return [
        LicenseClaim(value, "expression", "observed", place.field(field, index))
        for value, index in sorted(places.items(), key=lambda place: place[1])
    ]


def _purl(references: Sequence[ExternalRef], draft: Draft, place: Place) -> str | None:
    """The package URL; its type may be written as an id of the document's own, which ends in `#purl`."""
    purls: dict[str, int] = {}  # the last place of each: a package URL that stands twice is one
    for index, reference in enumerate(references):
        kind = reference.reference_type
        if kind == "purl" or kind.endswith(_PURL_TYPES):
            purls[reference.reference_locator] = index
    if not purls:
        return None
    first, *others = purls
    if first and not is_well_formed(first):
        warn_of_purl(first, draft, place.field("externalRefs", purls[first]))
    if others:
        message = f"the package has {len(purls)} package URLs; the first is used"
        draft.warn("several-purls", message, place.field("externalRefs", purls[others[0]]))
    return first or None


def _identifiers(references: Sequence[ExternalRef]) -> tuple[Identifier, ...]:
    found = [
        Identifier(_IDENTIFIERS[kind], each.reference_locator)
        for each in references
        if each.reference_type != "purl"
        and (kind := each.reference_type.rpartition("/")[2]) in _IDENTIFIERS
        and each.reference_locator
    ]
    return tuple(dict.fromkeys(found)) if found else ()


def _originator(written: str) -> tuple[Party, ...]:
    name = agent_name(written)
    return (Party("originator", name),) if name else ()


def _hashes(checksums: Sequence[Checksum], draft: Draft, place: Place) -> dict[str, str]:
    hashes = {}
    for index, checksum in enumerate(checksums):
        if checksum.algorithm and checksum.checksum_value:
            hashes[checksum.algorithm.lower()] = checksum.checksum_value.lower()
        else:
            draft.warn("field-ignored", "a checksum needs algorithm and value", place.field("checksums", index))
    return hashes


def _statements(annotations: Sequence[Annotation], draft: Draft, place: Place) -> Statements:
    found = [_STATEMENT.fullmatch(annotation.comment) for annotation in annotations]
    pairs = [(match.group(1), match.group(2)) for match in found if match]
    return stated(pairs, draft, place.field("annotations")) if pairs else _NO_STATEMENTS


def _notices(statements: Statements, texts: Sequence[str], draft: Draft, place: Place) -> list[str]:
    if not texts:
        return statements.notices
    return statements.notices + [draft.texts.add(text, str(place)) for text in texts if text not in SAYS_NOTHING]


def _copyright(text: str) -> list[str]:
    if text in SAYS_NOTHING:
        return []
    return [text] if "\n" not in text and not text.isspace() else copyright_lines([text])


@remembered(1024)
def agent_name(written: str) -> str | None:
    """The name of a person, organisation or tool, without their kind and address; None where there is none."""
    if written in SAYS_NOTHING:
        return None
    kind, colon, name = written.partition(":")
    if not colon or kind not in _AGENT_KINDS:
        return written
    name = name.strip(" ")
    before, bracket, address = name.rpartition("(")
    if bracket and address.find(")") == len(address) - 1 >= 0:
        name = before.rstrip(" ")
    return name or None


def _source_url(location: str) -> str | None:
    # Any other location may be that of a binary.
    return location if location.startswith(_SOURCE_SCHEMES) else None
