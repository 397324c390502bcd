"""How much of what licence work needs is in a document, what it lacks for lists of minimum elements, and where.

The score is (N + L) / 2, rounded to two digits; 0 where there is no component. N is the mean share of NTIA's seven
elements, L that of the five that licence work needs. The share of an element is how many of the components give it;
author and timestamp are the document's, and count 1 or 0. An element of a column is met where nothing lacks it.

Sources: NTIA, The Minimum Elements For a Software Bill of Materials, July 2021, whose identifier is the bom-ref or
SPDXID that NTIA's Survey of Existing SBOM Formats and Standards names; CISA, 2025 Minimum Elements for a Software Bill of
Materials, draft of August 2025; BSI, TR-03183-2 version 2.1.0 of 20 August 2025, which wants CycloneDX from 1.6 or SPDX
from 3.0.1 on.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter

from shared.contracts.documents import Coverage, Format, Quality, QualityReason
from shared.contracts.inventory import ROOT, Component, Inventory

SAYS_NOTHING = frozenset({"NOASSERTION", ""})

NTIA = ("supplier", "name", "version", "identifier", "dependency", "author", "timestamp")
LICENSE_WORK = ("purl", "license", "copyright", "license-text", "hash")
SCORED = NTIA + LICENSE_WORK
# An identifier by which others look a component up, such as a purl; one of the document's own is not enough.
CISA_2025 = (
    *("supplier", "name", "version", "purl", "dependency", "author", "timestamp"),
    *("license", "hash", "tool", "generation-context"),
)
BSI = (
    *("format-version", "author", "timestamp", "supplier", "name", "version", "dependency", "license", "sha512"),
    *("source-url", "declared-license"),
)
BSI_NOT_CHECKED = (
    *("filename", "dependency-completeness", "executable", "archive", "structured", "deployable-url"),
    "effective-license",
)
_BSI_VERSIONS: dict[Format, tuple[int, ...]] = {"cyclonedx": (1, 6), "spdx": (3, 0, 1)}
_OWN_LICENSE = re.compile(r"(?<![\w.:-])LicenseRef-[A-Za-z0-9.-]+")

Share = tuple[int, int]
"""How many have an element, of how many that should."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A component with the scored elements that it lacks, in the order of `SCORED`."""

    purl: str | None
    name: str
    version: str | None
    pointer: str
    missing: list[str]


def quality(inventory: Inventory) -> Quality:
    """The score of a document from 0 to 1 with a reason per scored element, and what it lacks for each list."""
    shares = _shares(inventory)
    return Quality(
        score=_score(shares) if inventory.components else 0.0,
        reasons=[_reason(element, *shares[element]) for element in SCORED],
        ntia=_coverage(NTIA, shares),
        cisa_2025=_coverage(CISA_2025, shares),
        bsi_tr_03183_2=_coverage(BSI, shares, BSI_NOT_CHECKED),
    )


def gaps(inventory: Inventory) -> list[Gap]:
    """The components that lack a scored element, in the order of the document."""
    facts = {element: values for element, values in _component_facts(inventory).items() if element in SCORED}
    rows = zip(inventory.components, zip(*facts.values(), strict=True), strict=True)
    return [_gap(component, facts, row) for component, row in rows if not all(row)]


def _gap(component: Component, elements: Iterable[str], row: tuple[object, ...]) -> Gap:
    missing = [element for element, value in zip(elements, row, strict=True) if not value]
    return Gap(component.purl, component.name, component.version, component.pointer, missing)


def _score(shares: Mapping[str, Share]) -> float:
    return round((_mean(NTIA, shares) + _mean(LICENSE_WORK, shares)) / 2, 2)


def _mean(elements: tuple[str, ...], shares: Mapping[str, Share]) -> float:
    return sum(have / of for have, of in map(shares.__getitem__, elements)) / len(elements)


def _reason(element: str, have: int, of: int) -> QualityReason:
    return QualityReason(element, have, of, round(1 - have / of, 2) if of else 1.0)


def _coverage(elements: tuple[str, ...], shares: Mapping[str, Share], not_checked: tuple[str, ...] = ()) -> Coverage:
    met = [element for element in elements if shares[element][0] == shares[element][1] > 0]
    return Coverage(met, [element for element in elements if element not in met], list(not_checked))


def _shares(inventory: Inventory) -> dict[str, Share]:
    of = len(inventory.components)
    in_document = {
        "author": inventory.authors,
        "timestamp": inventory.created,
        "tool": inventory.tool,
        "generation-context": inventory.generation_context,
        "format-version": _is_new_enough_for_bsi(inventory),
    }
    of_components = {
        element: (sum(1 for value in given if value), of) for element, given in _component_facts(inventory).items()
    }
    return of_components | {element: (int(bool(given)), 1) for element, given in in_document.items()}


def _component_facts(inventory: Inventory) -> dict[str, Iterator[object]]:
    """Each element with what every component gives of it, in the order of `SCORED` first; falsy where it is nothing."""
    components = inventory.components
    linked, own_texts = _linked(inventory), {each.id for each in inventory.extracted_licenses if each.text}
    return {
        "supplier": map(attrgetter("supplier"), components),
        "name": map(attrgetter("name"), components),
        "version": map(attrgetter("version"), components),
        "identifier": (component.ref or component.purl for component in components),
        "dependency": (position in linked for position in range(len(components))),
        "purl": map(attrgetter("purl"), components),
        "license": map(_is_licensed, components),
        "copyright": map(attrgetter("copyright"), components),
        "license-text": (_has_text(component, own_texts) for component in components),
        "hash": map(attrgetter("hashes"), components),
        "sha512": ("sha512" in component.hashes for component in components),
        "source-url": map(attrgetter("source_url"), components),
        "declared-license": map(_is_declared, components),
    }


def _linked(inventory: Inventory) -> set[int]:
    """The positions that the graph has a place for; the root's own, where it is a component, stands for the root."""
    linked = set(chain.from_iterable(inventory.edges))
    if ROOT in linked and inventory.root_position is not None:
        linked.add(inventory.root_position)
    return linked


def _is_licensed(component: Component) -> bool:
    for claim in component.licenses:  # noqa: SIM110 - `any` over a generator takes twice the time, at each component
        if claim.value not in SAYS_NOTHING:
            return True
    return False


def _is_declared(component: Component) -> bool:
    for claim in component.licenses:  # noqa: SIM110 - as above
        if claim.origin == "declared" and claim.value not in SAYS_NOTHING:
            return True
    return False


def _has_text(component: Component, own_texts: set[str]) -> bool:
    """Whether the document holds the text of one of the component's licences, beside it or among its own licences."""
    for claim in component.licenses:
        if claim.text or (own_texts and not own_texts.isdisjoint(_OWN_LICENSE.findall(claim.value))):
            return True
    return False


def _is_new_enough_for_bsi(inventory: Inventory) -> bool:
    oldest = _BSI_VERSIONS.get(inventory.format)
    if oldest is None or inventory.spec_version is None:
        return False
    return tuple(map(int, inventory.spec_version.split("."))) >= oldest
