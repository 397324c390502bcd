"""Writes down what was decided of a component, in the words of the contract."""

from collections.abc import Sequence

from policy_eval.domain.mapping import LicenseMapper
from policy_eval.domain.outcome import Outcome
from shared.contracts.decisions import ComponentText, DecidedComponent
from shared.contracts.inventory import Component, LicenseClaim


def decided_component(
    part: str, component: Component, outcome: Outcome, mapper: LicenseMapper | None
) -> DecidedComponent:
    """The component with the outcome of its decision.

    `declared` are the strings of the declared claims as written, and all texts that came with any claim are listed;
    there is no mapper where the document has no text at all.
    """
    # By place: with 26 names spelt, a call takes seven times as long.
    return DecidedComponent(
        component.name,
        part,
        outcome.verdict,
        outcome.category,
        component.version,
        component.purl,
        component.group,
        component.type,
        outcome.kind,
        component.scope,
        outcome.shipped,
        _declared(component.licenses),
        outcome.license,
        outcome.effective_license,
        outcome.chosen_from,
        outcome.license_source,
        outcome.linkage,
        component.modified if outcome.modified is None else outcome.modified,
        component.copyright,
        [] if mapper is None else _texts(component, mapper),
        component.notices,
        component.notice_status,
        component.source_url,
        component.supplier,
        component.occurrences,
        component.hashes,
        own_context=outcome.own_context,
    )


def text_keys(component: DecidedComponent) -> list[str]:
    """The keys of the texts that the component names."""
    return [*(text.text for text in component.texts), *component.notices]


def _declared(claims: Sequence[LicenseClaim]) -> list[str]:
    if len(claims) == 1:
        # Nearly all, and a comprehension would cost more than what it does.
        [claim] = claims
        return [claim.value] if claim.origin == "declared" else []
    return [claim.value for claim in claims if claim.origin == "declared"]


def _texts(component: Component, mapper: LicenseMapper) -> list[ComponentText]:
    return list(dict.fromkeys(text for claim in component.licenses for text in mapper.texts_of(claim)))
