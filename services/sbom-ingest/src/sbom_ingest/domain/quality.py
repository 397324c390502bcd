"""How much of what licence work needs is in a document."""

from collections.abc import Sequence

from sbom_ingest.domain.draft import Edge
from shared.contracts.documents import Quality
from shared.contracts.inventory import Component

SAYS_NOTHING = frozenset({"NOASSERTION", ""})


def quality(components: Sequence[Component], edges: Sequence[Edge]) -> Quality:
    """The mean, over components, of the share of six facts that are given, rounded to two digits; 0 without components.

    The facts: a purl, a version, a licence that is not NOASSERTION, a copyright line, a hash, a place in the graph.
    """
    if not components:
        return Quality(0.0)
    linked = {node for edge in edges for node in edge if node >= 0}
    given = len(linked) + sum(_facts_given(component) for component in components)
    return Quality(round(given / (6 * len(components)), 2))


def _facts_given(component: Component) -> int:
    licensed = any(claim.value not in SAYS_NOTHING for claim in component.licenses)
    given = (component.purl, component.version, licensed, component.copyright, component.hashes)
    return sum(1 for fact in given if fact)
