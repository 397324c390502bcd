"""The components of an inventory as export control looks at them."""

from collections.abc import Sequence
from dataclasses import replace

from policy_eval.domain.export.algorithms import Algorithms
from policy_eval.domain.export.detection import PRODUCT, CryptoFinding, Inspected
from policy_eval.domain.export.stated_crypto import ASSET, stated_crypto
from policy_eval.domain.usage import is_software, usage_of
from shared.contracts.inventory import ROOT, Component, Inventory


def inspected(inventory: Inventory, algorithms: Algorithms) -> tuple[list[Inspected], list[tuple[int, int]]]:
    """The components that are shipped, and the edges among them by their new positions.

    The root among the packages is the product itself and is left out, and so is what is no package and no
    cryptographic asset.
    """
    shipped = [place for place, each in enumerate(inventory.components) if _counts(inventory, place, each)]
    positions = {place: position for position, place in enumerate(shipped)}
    components = [_inspected(inventory.components[place], algorithms) for place in shipped]
    for provider, asset in sorted(set(inventory.provides)):
        if provider in positions and asset in positions:
            at = positions[provider]
            components[at] = _providing(components[at], components[positions[asset]])
    edges = [(positions.get(a, -1), positions[b]) for a, b in inventory.edges if b in positions]
    return components, edges


def said_of_product(inventory: Inventory, algorithms: Algorithms) -> list[CryptoFinding]:
    """What the document says of the product itself: of its root, and of the cryptographic assets that the root provides."""
    place = inventory.root_position
    root = None if place is None else inventory.components[place]
    said = [] if root is None else list(stated_crypto(root, algorithms))
    provided = {asset for provider, asset in inventory.provides if provider in (ROOT, place)}
    for asset in sorted(provided):
        made = stated_crypto(inventory.components[asset], algorithms)
        said += [replace(each, kind="implements") for each in made]
    return [replace(each, subject=PRODUCT, path=(PRODUCT,)) for each in said]


def unknown(components: Sequence[Inspected], found: Sequence[CryptoFinding | None]) -> list[Inspected]:
    """The packages of which nothing is known for certain."""
    pairs = zip(components, found, strict=True)
    return [component for component, each in pairs if each is None or each.is_suspicion]


def _counts(inventory: Inventory, place: int, component: Component) -> bool:
    if place == inventory.root_position or not usage_of(component).shipped:
        return False
    return is_software(component) or component.type == ASSET


def _inspected(component: Component, algorithms: Algorithms) -> Inspected:
    name = f"{component.group}/{component.name}" if component.group else component.name
    if component.type != ASSET and component.crypto is None and not component.statements:
        return Inspected(name, component.purl)
    stated = tuple(stated_crypto(component, algorithms))
    return Inspected(name, component.purl, stated, is_package=component.type != ASSET)


def _providing(provider: Inspected, asset: Inspected) -> Inspected:
    """The component that implements what the cryptographic asset is."""
    path = (provider.name, asset.name)
    told = tuple(replace(each, subject=provider.subject, kind="implements", path=path) for each in asset.stated)
    return replace(provider, stated=(*provider.stated, *told))
