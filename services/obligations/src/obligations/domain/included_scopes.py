"""A release of which more is delivered than its SBOM says: a source tree with its tests, an image with its tools."""

from collections.abc import Collection

from msgspec import structs

from shared.contracts.decisions import DecidedRelease
from shared.contracts.inventory import Scope


def with_scopes(release: DecidedRelease, scopes: Collection[Scope]) -> DecidedRelease:
    """The release as if its components of these scopes were delivered."""
    components = [
        structs.replace(each, shipped=True) if each.scope in scopes and not each.shipped else each
        for each in release.components
    ]
    return structs.replace(release, components=components)
