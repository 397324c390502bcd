"""Builders of inventories: everything has a sensible default, a test names only what it is about."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from policy_eval.adapters.compatibility_files import compatibility
from policy_eval.adapters.policy_files import default_policy
from policy_eval.domain.evaluation import Evaluation, evaluate
from policy_eval.domain.knowledge import LicenseKnowledge
from policy_eval.domain.policy import Policy
from policy_eval.domain.release import PartInventory, ReleaseInventory
from shared.contracts.documents import Buckets, Root
from shared.contracts.inventory import Component, Inventory, LicenseClaim
from shared.licensing import load_catalogue
from shared.licensing.normalise import normalise

ClaimKind = Literal["id", "name", "expression", "text"]
Origin = Literal["concluded", "declared", "observed"]


def a_claim(
    value: str, origin: Origin = "declared", kind: ClaimKind = "expression", text: str | None = None
) -> LicenseClaim:
    """A licence claim; `text` is the key of a text."""
    return LicenseClaim(value=value, kind=kind, origin=origin, pointer="/components/0/licenses/0", text=text)


def a_component(*licenses: str | LicenseClaim, name: str = "left-pad", **facts: Any) -> Component:
    """A component with these licences; texts are declared expressions. Has an npm purl unless `purl` says otherwise."""
    version = facts.pop("version", "1.3.0")
    return Component(
        name=name,
        pointer="/components/0",
        version=version,
        purl=facts.pop("purl", f"pkg:npm/{name}@{version}"),
        licenses=[each if isinstance(each, LicenseClaim) else a_claim(each) for each in licenses],
        **facts,
    )


def an_inventory(*components: Component, edges: Iterable[tuple[int, int]] = (), **facts: Any) -> Inventory:
    """The inventory of a CycloneDX document with these components."""
    return Inventory(
        format=facts.pop("format", "cyclonedx"),
        serialization="json",
        spec_version="1.6",
        root=facts.pop("root", Root(name="shop", version="1.4.2")),
        buckets=Buckets(elements=len(components), components=len(components), duplicates=0, ignored=0),
        components=list(components),
        edges=list(edges),
        **facts,
    )


def a_release(context: str = "proprietary-distributed", **parts: Inventory) -> ReleaseInventory:
    """A release of these parts in a usage context."""
    return ReleaseInventory(
        project="shop",
        version="1.4.2",
        context=context,
        parts={name: PartInventory(inventory, f"digest of {name}") for name, inventory in parts.items()},
    )


def real_knowledge() -> LicenseKnowledge:
    """The catalogue and the names that are shipped; no licence brings duties."""
    return LicenseKnowledge(load_catalogue(), normalise, successors=compatibility().successors)


def evaluated(
    components: Component | Sequence[Component],
    context: str = "proprietary-distributed",
    policy: Policy | None = None,
    **facts: Any,
) -> Evaluation:
    """The evaluation of one part, by the default policy unless another is given; `facts` as for an_inventory."""
    listed = [components] if isinstance(components, Component) else components
    release = a_release(context, main=an_inventory(*listed, **facts))
    return evaluate(release, policy or default_policy(), real_knowledge())
