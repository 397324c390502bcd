"""The SBOM of a release with what was decided: effective licences, copyright notices, texts, in one order."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from obligations.domain.license_texts import rejected_ids
from shared.contracts.decisions import DecidedComponent, DecidedRelease

ROOT = -1


@dataclass(frozen=True, slots=True)
class EnrichedComponent:
    """A component with its texts in full, less those of a branch that was not chosen: (licence it belongs to if told,
    text), and upstream NOTICE contents."""

    facts: DecidedComponent
    texts: tuple[tuple[str | None, str], ...]
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EnrichedSbom:
    """The document as a value. `id` is a UUID, `created` RFC 3339; `edges`: (from, to) positions, `ROOT` the release."""

    id: str
    project: str
    version: str
    created: str
    generator: str
    components: tuple[EnrichedComponent, ...]
    edges: tuple[tuple[int, int], ...]

    @property
    def characters_of_texts(self) -> int:
        """How long all texts are together, each as often as a component has it, which is how it is written out."""
        return sum(sum([len(text) for _, text in each.texts]) + sum(map(len, each.notices)) for each in self.components)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the document comes from: the evaluation, when it was derived, and the program."""

    evaluation_id: str
    derived_at: str
    generator: str


def enrich(release: DecidedRelease, origin: Origin) -> EnrichedSbom:
    """The document, which does not depend on the order of components; raises KeyError for a text that is not there."""
    order = sorted(range(len(release.components)), key=lambda position: _place(release.components[position]))
    place = {old: new for new, old in enumerate(order)} | {ROOT: ROOT}
    return EnrichedSbom(
        id=origin.evaluation_id,
        project=release.project,
        version=release.version,
        created=origin.derived_at,
        generator=origin.generator,
        components=tuple(_component(release.components[old], release) for old in order),
        edges=tuple(sorted({(place[source], place[target]) for source, target in release.edges})),
    )


def dependencies(sbom: EnrichedSbom) -> dict[int, list[int]]:
    """What each position depends on."""
    found: dict[int, list[int]] = {position: [] for position in (ROOT, *range(len(sbom.components)))}
    for source, target in sbom.edges:
        found[source].append(target)
    return found


def known_texts(components: Sequence[EnrichedComponent]) -> dict[str, str]:
    """The text of each licence that a component brought one for; of several the first in the order of components."""
    found: dict[str, str] = {}
    for component in components:
        for license_id, text in component.texts:
            found.setdefault(license_id or "", text)
    return found


def _component(component: DecidedComponent, release: DecidedRelease) -> EnrichedComponent:
    rejected = rejected_ids(component.effective_license, component.chosen_from) if component.texts else ()
    return EnrichedComponent(
        component,
        tuple((each.license, release.texts[each.text]) for each in component.texts if each.license not in rejected),
        tuple(release.texts[key] for key in component.notices),
    )


def _place(component: DecidedComponent) -> tuple[str, str, str, str]:
    digest = hashlib.sha256(msgspec.json.encode(component)).hexdigest()
    return component.name.casefold(), component.version or "", component.purl or "", digest
