"""Texts by the digest of the file that they came with: what was found for it once holds wherever the same file is used."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import structs

from obligations.domain.attributions import Attribution
from shared.contracts.decisions import DecidedComponent, DecidedRelease

_WEAK = frozenset(("MD2", "MD4", "MD5", "SHA-1", "SHA1", "ADLER32"))
"""Algorithms of which two files with one digest can be made."""


def digests_of(component: DecidedComponent) -> Iterator[str]:
    """What the component is looked up by: algorithm and hex digits, of algorithms that can be trusted."""
    for algorithm, digest in sorted(component.hashes.items()):
        if algorithm.upper() not in _WEAK:
            yield f"{algorithm.upper()}:{digest.lower()}"[:140]


def without_texts(release: DecidedRelease) -> list[DecidedComponent]:
    """The delivered components that neither the SBOM nor a bundle has a text of, but whose digest is known."""
    return [each for each in release.components if each.shipped and not each.texts and each.hashes]


def by_digest(release: DecidedRelease, attributions: Iterable[Attribution]) -> dict[str, Attribution]:
    """The attributions of a bundle by the digests of the release's components that they are about."""
    named = {each.purl or (each.name, each.version): each for each in attributions if each.license_texts}
    found: dict[str, Attribution] = {}
    for component in release.components:
        attribution = named.get(component.purl or "") or named.get((component.name, component.version))
        if attribution is not None:
            found |= dict.fromkeys(digests_of(component), attribution)
    return found


def for_components(components: Iterable[DecidedComponent], archived: Mapping[str, Attribution]) -> list[Attribution]:
    """What the archive has for the components, each under the names of the component."""
    found = []
    for component in components:
        known = next((archived[each] for each in digests_of(component) if each in archived), None)
        if known is not None:
            names = {"purl": component.purl, "name": component.name, "version": component.version}
            found.append(structs.replace(known, **names))
    return found
