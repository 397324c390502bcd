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
    # By place: with 26 names spelt, a call takes seven times as long.
    return DecidedComponent(
        component.name,
        part,
        judgement.verdict,
        judgement.category,
        component.version,
        component.purl,
        component.group,
        component.type,
        usage.kind,
        component.scope,
        usage.shipped,
        [claim.value for claim in component.licenses if claim.origin == "declared"],
        decision.license,
        decision.effective_license,
        decision.chosen_from,
        decision.mapped.origin,
        usage.linkage,
        component.modified if decision.modified is None else decision.modified,
        component.copyright,
        _texts(component, mapper),
        component.notices,
        component.notice_status,
        component.source_url,
        component.supplier,
        component.occurrences,
        component.hashes,
        own_context=usage.own_context,
    )


def text_keys(component: DecidedComponent) -> list[str]:
    """The keys of the texts that the component names."""
    return [*(text.text for text in component.texts), *component.notices]


def _texts(component: Component, mapper: LicenseMapper) -> list[ComponentText]:
    if not (component.licenses and mapper.has_texts):
        return []
    return list(dict.fromkeys(text for claim in component.licenses for text in mapper.texts_of(claim)))
