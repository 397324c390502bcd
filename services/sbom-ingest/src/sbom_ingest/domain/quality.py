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
from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass

from sbom_ingest.domain.completeness import count_of_stated
from sbom_ingest.domain.edges import Edges
from sbom_ingest.domain.graph import Marks, linked
from shared.contracts.documents import Coverage, Format, Quality, QualityReason
from shared.contracts.inventory import Component, Inventory

SAYS_NOTHING = frozenset({"NOASSERTION", ""})

NTIA = ("supplier", "name", "version", "identifier", "dependency", "author", "timestamp")
LICENSE_WORK = ("purl", "license", "copyright", "license-text", "hash")
SCORED = NTIA + LICENSE_WORK
# Both ask for a word on how complete the dependencies of each component are (CISA: known unknowns; BSI: 5.2.2).
_COMPLETENESS = ("known-unknowns", "dependency-completeness")
# An identifier by which others look a component up, such as a purl; one of the document's own is not enough.
CISA_2025 = (
    *("supplier", "name", "version", "purl", "dependency", "author", "timestamp"),
    *("license", "hash", "tool", "generation-context", "known-unknowns"),
)
BSI = (
    *("format-version", "author", "timestamp", "supplier", "name", "version", "dependency", "license", "sha512"),
    *("source-url", "declared-license", "dependency-completeness"),
)
BSI_NOT_CHECKED = (
    *("filename", "executable", "archive", "structured", "deployable-url"),
    "effective-license",
)
_BSI_VERSIONS: dict[Format, tuple[int, ...]] = {"cyclonedx": (1, 6), "spdx": (3, 0, 1)}
_OWN_LICENSE = re.compile(r"(?<![\w.:-])LicenseRef-[A-Za-z0-9.-]+")

Share = tuple[int, int]
"""How many have an element, of how many that should."""


_OF_COMPONENTS = (
    *("supplier", "name", "version", "identifier", "purl", "license", "copyright", "license-text", "hash"),
    *("sha512", "source-url", "declared-license"),
)
"""What a component may give, in the order of the bits of `_given`."""
_TEXT_BIT = 1 << _OF_COMPONENTS.index("license-text")
_LICENSE_BIT = 1 << _OF_COMPONENTS.index("license")
_DECLARED_BIT = 1 << _OF_COMPONENTS.index("declared-license")


class Tally:
    """Counts what the components of a document give, one after another."""

    def __init__(self) -> None:
        # Few sets of elements, and of licences of the document's own, come again and again.
        self._counts: Counter[tuple[int, tuple[str, ...]]] = Counter()

    def add(self, component: Component) -> None:
        """Count a component."""
        self._counts[_given(component)] += 1

    def remove(self, component: Component) -> None:
        """Take back a component that was counted."""
        self._counts[_given(component)] -= 1

    def shares(self, own_texts: Set[str]) -> dict[str, Share]:
        """How many components give each element; `own_texts` are the licences that the document gives the text of."""
        of, have = 0, dict.fromkeys(_OF_COMPONENTS, 0)
        for (given, own), count in self._counts.items():
            of += count
            complete = given | (0 if own_texts.isdisjoint(own) else _TEXT_BIT)
            for bit, element in enumerate(_OF_COMPONENTS):
                have[element] += count if complete >> bit & 1 else 0
        return {element: (count, of) for element, count in have.items()}


@dataclass(frozen=True, slots=True)
class Gap:
    """A component with the scored elements that it lacks, in the order of `SCORED`."""

    purl: str | None
    name: str
    version: str | None
    pointer: str
    missing: list[str]


def quality(document: Inventory, tally: Tally, in_graph: Marks) -> Quality:
    """The score of a document from 0 to 1 with a reason per scored element, and what it lacks for each list.

    Of `document` only what it says of itself counts: `tally` has its components, and `in_graph` marks those that have a
    place in the dependency graph.
    """
    shares = _shares(document, tally, in_graph)
    return Quality(
        score=_score(shares) if shares["name"][1] else 0.0,
        reasons=[_reason(element, *shares[element]) for element in SCORED],
        ntia=_coverage(NTIA, shares),
        cisa_2025=_coverage(CISA_2025, shares),
        bsi_tr_03183_2=_coverage(BSI, shares, BSI_NOT_CHECKED),
    )


def gaps(inventory: Inventory) -> list[Gap]:
    """The components that lack a scored element, in the order of the document."""
    own_texts = _own_texts(inventory)
    places = linked(Edges(inventory.edges), len(inventory.components))
    found = []
    for position, component in enumerate(inventory.components):
        given, own = _given(component)
        given |= 0 if own_texts.isdisjoint(own) else _TEXT_BIT
        has = {element for bit, element in enumerate(_OF_COMPONENTS) if given >> bit & 1}
        if places[position + 1] or (position == inventory.root_position and places[0]):
            has.add("dependency")
        missing = [element for element in SCORED if element not in has and element not in ("author", "timestamp")]
        if missing:
            found.append(Gap(component.purl, component.name, component.version, component.pointer, missing))
    return found


def _score(shares: Mapping[str, Share]) -> float:
    return round((_mean(NTIA, shares) + _mean(LICENSE_WORK, shares)) / 2, 2)


def _mean(elements: tuple[str, ...], shares: Mapping[str, Share]) -> float:
    return sum(have / of for have, of in map(shares.__getitem__, elements)) / len(elements)


def _reason(element: str, have: int, of: int) -> QualityReason:
    return QualityReason(element, have, of, round(1 - have / of, 2) if of else 1.0)


def _coverage(elements: tuple[str, ...], shares: Mapping[str, Share], not_checked: tuple[str, ...] = ()) -> Coverage:
    met = [element for element in elements if shares[element][0] == shares[element][1] > 0]
    return Coverage(met, [element for element in elements if element not in met], list(not_checked))


def _shares(document: Inventory, tally: Tally, in_graph: Marks) -> dict[str, Share]:
    in_document = {
        "author": document.authors,
        "timestamp": document.created,
        "tool": document.tool,
        "generation-context": document.generation_context,
        "format-version": _is_new_enough_for_bsi(document),
    }
    shares = tally.shares(_own_texts(document))
    root = document.root_position
    # Where the root is a component too, the root's place in the graph is that component's.
    stands_for_root = root is not None and in_graph[0] > in_graph[root + 1]
    shares["dependency"] = (sum(in_graph[1:]) + stands_for_root, shares["name"][1])
    stated = count_of_stated(document.completeness, shares["name"][1])
    shares |= dict.fromkeys(_COMPLETENESS, (stated, shares["name"][1]))
    return shares | {element: (int(bool(given)), 1) for element, given in in_document.items()}


def _own_texts(document: Inventory) -> Set[str]:
    return {each.id for each in document.extracted_licenses if each.text}


def _given(component: Component) -> tuple[int, tuple[str, ...]]:
    """A bit for each of `_OF_COMPONENTS` that the component gives, and its licences that the document may define itself."""
    given, own = 0, list[str]()
    for claim in component.licenses:
        if claim.text is not None:
            given |= _TEXT_BIT
        if claim.value not in SAYS_NOTHING:
            given |= _LICENSE_BIT | (_DECLARED_BIT if claim.origin == "declared" else 0)
            if "LicenseRef-" in claim.value:
                own += _OWN_LICENSE.findall(claim.value)
    given |= (
        (1 if component.supplier else 0)
        | (2 if component.name else 0)
        | (4 if component.version else 0)
        | (24 if component.purl else 8 if component.ref else 0)
        | (64 if component.copyright else 0)
        | (256 if component.hashes else 0)
        | (512 if "sha512" in component.hashes else 0)
        | (1024 if component.source_url else 0)
    )
    return given, tuple(own)


def _is_new_enough_for_bsi(inventory: Inventory) -> bool:
    oldest = _BSI_VERSIONS.get(inventory.format)
    if oldest is None or inventory.spec_version is None:
        return False
    return tuple(map(int, inventory.spec_version.split("."))) >= oldest
