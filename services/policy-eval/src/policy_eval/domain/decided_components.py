"""Writes down what was decided of a component, in the words of the contract."""

from policy_eval.domain.effective_license import Decision
from policy_eval.domain.mapping import LicenseMapper
from shared.contracts.decisions import ComponentText, DecidedComponent
from shared.contracts.inventory import Component


def decided_component(part: str, component: Component, decision: Decision, mapper: LicenseMapper) -> DecidedComponent:
    """The component with its decision; `linkage` is the one that was judged, `modified` what the document says.

    `declared` are the strings of the declared claims as written, and all texts that came with any claim are listed.
    """
    usage, judgement = decision.usage, decision.judgement
    return DecidedComponent(
        name=component.name,
        part=part,
        verdict=judgement.verdict,
        category=judgement.category,
        version=component.version,
        purl=component.purl,
        group=component.group,
        type=component.type,
        kind=usage.kind,
        scope=component.scope,
        shipped=usage.shipped,
        declared=[claim.value for claim in component.licenses if claim.origin == "declared"],
        license=decision.license,
        effective_license=decision.effective_license,
        chosen_from=decision.chosen_from,
        license_source=decision.mapped.origin,
        linkage=usage.linkage,
        modified=component.modified,
        copyright=component.copyright,
        texts=_texts(component, mapper),
        notices=component.notices,
        notice_status=component.notice_status,
        source_url=component.source_url,
        supplier=component.supplier,
        occurrences=component.occurrences,
        hashes=component.hashes,
    )


def text_keys(component: DecidedComponent) -> list[str]:
    """The keys of the texts that the component names."""
    return [*(text.text for text in component.texts), *component.notices]


def _texts(component: Component, mapper: LicenseMapper) -> list[ComponentText]:
    if not component.licenses:
        return []
    return list(dict.fromkeys(text for claim in component.licenses for text in mapper.texts_of(claim)))
