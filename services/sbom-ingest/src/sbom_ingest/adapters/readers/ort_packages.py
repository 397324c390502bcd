"""From ORT's packages to components."""

from collections.abc import Sequence
from typing import Literal

from sbom_ingest.adapters.readers.common import check_purl
from sbom_ingest.adapters.readers.license_warnings import check_expression
from sbom_ingest.adapters.readers.ort_structs import Artifact, Described, Vcs
from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.license_checks import expression_fault
from shared.contracts.documents import Root
from shared.contracts.inventory import Component, Identifier, LicenseClaim, Party

_VCS_SCHEMES = {"git": "git+", "gitrepo": "git+", "mercurial": "hg+", "subversion": "svn+"}


def coordinates(identifier: str) -> tuple[str, str, str]:
    """Namespace, name and version of an id `type:namespace:name:version`."""
    _, namespace, name, version = (identifier.split(":", 3) + [""] * 4)[:4]
    return namespace, name or identifier, version


def root_of(project: str) -> Root:
    """What a document is about that analyzed a project; the name is that which ORT shows, with its namespace."""
    namespace, name, version = coordinates(project)
    return Root(f"{namespace}:{name}" if namespace else name, version or None)


def component_of(written: Described, declared: Sequence[str], draft: Draft, pointer: str) -> Component:
    """The component that a package is, with its declared licences; scopes come later."""
    namespace, name, version = coordinates(written.id)
    check_purl(written.purl, draft, f"{pointer}/purl")
    draft.check_entries(len(declared), f"{pointer}/declared_licenses")
    draft.check_entries(len(written.authors), f"{pointer}/authors")
    for value in (written.id, written.purl, written.cpe or "", *written.authors, *declared):
        draft.check_field(value, pointer)
    return Component(
        name=name,
        pointer=pointer,
        version=version or None,
        purl=written.purl or None,
        group=namespace or None,
        ref=written.id,
        licenses=_claims(written, declared, draft, pointer),
        hashes=_hashes(written.binary_artifact) or _hashes(written.source_artifact),
        modified=True if written.is_modified else None,
        source_url=written.source_artifact.url or location(written.vcs_processed) or location(written.vcs),
        identifiers=(Identifier("cpe", written.cpe),) if written.cpe else (),
        parties=tuple(Party("author", name) for name in dict.fromkeys(written.authors) if name),
    )


def _claims(written: Described, declared: Sequence[str], draft: Draft, pointer: str) -> list[LicenseClaim]:
    """Declared licences as they are in the package's metadata, and what was concluded.

    Several declared licences say not whether all or any of them apply. What ORT made of them says it, and so counts
    as concluded where nobody concluded otherwise, and where ORT could read them all.
    """
    claims = []
    processed = written.declared_licenses_processed
    if written.concluded_license:
        claims.append(concluded(written.concluded_license, draft, f"{pointer}/concluded_license"))
    elif processed.spdx_expression and not processed.unmapped and list(declared) != [processed.spdx_expression]:
        place = f"{pointer}/declared_licenses_processed/spdx_expression"
        claims.append(concluded(processed.spdx_expression, draft, place))
    return claims + [
        LicenseClaim(value, _kind(value), "declared", f"{pointer}/declared_licenses/{index}")
        for index, value in enumerate(declared)
        if value
    ]


def _kind(value: str) -> Literal["name", "expression"]:
    return "name" if expression_fault(value) else "expression"


def concluded(expression: str, draft: Draft, pointer: str) -> LicenseClaim:
    """The claim of a concluded licence; warns of an expression that does not parse."""
    draft.check_field(expression, pointer)
    check_expression(expression, draft, pointer)
    return LicenseClaim(expression, "expression", "concluded", pointer)


def _hashes(artifact: Artifact) -> dict[str, str]:
    algorithm, digest = artifact.hash.algorithm.lower().replace("-", ""), artifact.hash.value.lower()
    return {algorithm: digest} if algorithm and digest else {}


def location(vcs: Vcs) -> str | None:
    """The place in a repository, as SPDX writes download locations (SPDX 2.3, 7.7)."""
    scheme = _VCS_SCHEMES.get(vcs.type.lower())
    if scheme is None or not vcs.url:
        return None
    url = vcs.url if vcs.url.startswith(scheme) else scheme + vcs.url
    revision, path = f"@{vcs.revision}" if vcs.revision else "", f"#{vcs.path}" if vcs.path else ""
    return url + revision + path
