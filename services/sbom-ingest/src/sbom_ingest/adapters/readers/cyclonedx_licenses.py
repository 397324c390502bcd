"""The licence statements of CycloneDX components: ids, names and expressions, declared, concluded or observed."""

from base64 import b64decode
from collections.abc import Sequence
from typing import Literal

from sbom_ingest.adapters.readers.cyclonedx_structs import Attachment, CycloneDxComponent, License, LicenseChoice
from sbom_ingest.adapters.readers.license_warnings import check_expression, check_license_id
from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.outcome import breaks_specification
from shared.contracts.inventory import LicenseClaim

Origin = Literal["concluded", "declared", "observed"]


def component_claims(component: CycloneDxComponent, draft: Draft, pointer: str) -> list[LicenseClaim]:
    """All licence statements of a component, each different one once, in the order of the document."""
    claims = license_claims(component.licenses, "declared", draft, f"{pointer}/licenses") if component.licenses else []
    if component.evidence is not None and component.evidence.licenses:
        claims += license_claims(component.evidence.licenses, "observed", draft, f"{pointer}/evidence/licenses")
    if len(claims) < 2:
        return claims
    different: dict[tuple[str | None, ...], LicenseClaim] = {}
    for claim in claims:
        different.setdefault((claim.value, claim.kind, claim.origin, claim.text, claim.url), claim)
    return list(different.values())


def license_claims(
    choices: Sequence[LicenseChoice], origin: Literal["declared", "observed"], draft: Draft, pointer: str
) -> list[LicenseClaim]:
    """The statements of one `licenses` list; refuses an entry that is not exactly a licence or an expression."""
    claims = []
    for index, choice in enumerate(choices):
        place = f"{pointer}/{index}"
        if (choice.license is None) == (choice.expression is None):
            raise breaks_specification(place, "must hold either a license or an expression")
        if choice.license is not None:
            claim = _named(choice.license, origin, draft, f"{place}/license")
        else:
            claim = _expression(choice, origin, draft, place)
        if claim.value:
            claims.append(claim)
        else:
            draft.warn("empty-license", "the licence is an empty string", place)
    return claims


def _named(written: License, origin: Literal["declared", "observed"], draft: Draft, place: str) -> LicenseClaim:
    if (written.id is None) == (written.name is None):
        raise breaks_specification(place, "must hold either an id or a name")
    if written.id is not None:
        check_license_id(written.id, draft, f"{place}/id")
    value = written.id if written.id is not None else written.name
    return LicenseClaim(
        value or "",
        "name" if written.id is None else "id",
        _origin(written.acknowledgement, origin, draft, place) if written.acknowledgement else origin,
        place,
        _text(written.text, draft, f"{place}/text") if written.text else None,
        written.url or None,
    )


def _expression(
    choice: LicenseChoice, origin: Literal["declared", "observed"], draft: Draft, place: str
) -> LicenseClaim:
    expression = choice.expression or ""
    check_expression(expression, draft, f"{place}/expression")
    details = [
        _details_text(detail.text, draft, f"{place}/expressionDetails/{index}/text")
        for index, detail in enumerate(choice.expression_details)
        if detail.text
    ]
    texts = [text for text in details if text]
    return LicenseClaim(
        value=expression,
        kind="expression",
        origin=_origin(choice.acknowledgement, origin, draft, place),
        pointer=f"{place}/expression",
        text=draft.texts.add("\n\n".join(texts), place) if texts else None,
    )


def _origin(word: str, otherwise: Literal["declared", "observed"], draft: Draft, place: str) -> Origin:
    match word:
        case "concluded":
            return "concluded"
        case "" | "declared":
            return otherwise
        case _:
            draft.warn("unknown-acknowledgement", f"{word[:80]!r} is neither declared nor concluded", place)
            return otherwise


def _text(attachment: Attachment, draft: Draft, place: str) -> str | None:
    text = _details_text(attachment, draft, place)
    return draft.texts.add(text, place) if text else None


def _details_text(attachment: Attachment, draft: Draft, place: str) -> str | None:
    if attachment.encoding is None:
        return attachment.content
    try:
        content = b64decode(attachment.content)
    except ValueError:
        draft.warn("text-ignored", "the text is not valid base64", place)
        return None
    if b"\0" in content:
        draft.warn("text-ignored", "the text holds the character NUL and is no plain text", place)
        return None
    try:
        return content.decode()
    except UnicodeDecodeError:
        draft.warn("text-encoding", "the text is not UTF-8; it was read as ISO 8859-1", place)
        return content.decode("iso-8859-1")
