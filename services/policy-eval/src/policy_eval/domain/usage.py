"""How a release uses a component: the facts that licence duties depend on, beside the release's own context."""

import re
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from shared.contracts.decisions import Kind, OwnContext, Use
from shared.contracts.documents import Root
from shared.contracts.inventory import ROOT, Component, Inventory, Linkage

NOT_SHIPPED_SCOPES: Final = frozenset({"dev", "test", "build", "excluded"})
_OS_PACKAGES: Final = frozenset({"deb", "rpm", "apk", "alpine", "alpm", "qpkg"})
_IMAGES: Final = frozenset({"oci", "docker"})
# JFrog Xray writes no purl: Debian's packages have the name of its component id, such as `debian:bookworm:adduser`.
_XRAY_DEBIAN: Final = re.compile(r"(?:debian|ubuntu):[a-z0-9.]+:[a-z0-9][a-z0-9+.-]+")
_COMPILED_IN: Final = frozenset({"golang", "cargo"})
_PROGRAMS: Final = frozenset({"application", "framework"})
_NOT_SOFTWARE: Final = frozenset(
    {"file", "operating-system", "device", "platform", "cryptographic-asset", "data"},
)
_HOLDERS: Final = frozenset({"container", "firmware"})
_KINDS: Final[dict[str, Kind]] = {"data": "data", "machine-learning-model": "model"}


class Usage(Struct, frozen=True):
    """How one component is used. `modified` is the policy's view: what the document leaves open counts as not
    modified, and code that is copied into own code counts as modified (domain model §1). `linkage`: None = unknown,
    which meets no rule's condition. A component of a release is always used as a whole. `own_context`: what is said of
    its delivery alone; None = as that of the release."""

    shipped: bool = True
    linkage: Linkage | None = "package"
    modified: bool = False
    kind: Kind = "code"
    use: Use = "whole"
    own_context: OwnContext | None = None


def usage_of(component: Component, linked_by_application: bool = False) -> Usage:
    """The usage of a component. `linked_by_application`: an application component depends on it directly."""
    linkage = component.linkage or _usual_linkage(_package_type(component), linked_by_application)
    return Usage(
        shipped=component.scope not in NOT_SHIPPED_SCOPES and linkage != "dev-tool",
        linkage=linkage,
        modified=component.modified is True or linkage == "copied",
        kind=_KINDS.get(component.type, "code"),
    )


def asked_usage(shipped: bool, linkage: Linkage | None, modified: bool, kind: Kind, use: Use) -> Usage:
    """The usage that somebody describes: what is copied counts as modified, and a tool of development is not shipped."""
    return Usage(
        shipped=shipped and linkage != "dev-tool",
        linkage=linkage,
        modified=modified or linkage == "copied",
        kind=kind,
        use=use,
    )


def linked_os_packages(inventory: Inventory, starts: Sequence[str | None] | None = None) -> frozenset[int]:
    """The positions of the OS packages on which an application component depends directly.

    Other OS packages run beside the product as programs of their own. Only direct edges count: the dependencies among
    OS packages mix linking with starting a program, so nothing follows from a longer way. The root counts where the
    document calls it an application, a framework or a library; a container or a device merely holds its packages, and
    so does a root of unknown type. `starts`: `purl_starts` of the components, if they are known.
    """
    components = inventory.components
    starts = starts or purl_starts(components)
    of_system = {start for start in set(starts) if is_os_package(start)}
    if not of_system:
        return frozenset()
    os_packages = {position for position, start in enumerate(starts) if start in of_system}
    root_is_application = _root_is_application(inventory)
    return frozenset(
        target
        for source, target in inventory.edges
        if target in os_packages and (root_is_application if source == ROOT else _is_application(components[source]))
    )


def is_software(component: Component) -> bool:
    """Whether the element is a software package, of which a licence is to be expected."""
    return component.type not in _NOT_SOFTWARE


def links_others(element: Component | Root) -> bool:
    """Whether the element can be one work with what it depends on: not what is no software, or merely holds others.

    A root of unknown type links its dependencies, as those of a component do.
    """
    return element.type not in _NOT_SOFTWARE | _HOLDERS and purl_type(element.purl) not in _OS_PACKAGES | _IMAGES


def is_os_package(purl: str | None) -> bool:
    """Whether the purl names a package of an operating system's own package manager."""
    return purl_type(purl) in _OS_PACKAGES


def purl_type(purl: str | None) -> str | None:
    """The type of a package URL in lower case, or None without a package URL."""
    if not purl or not (purl.startswith("pkg:") or purl.lower().startswith("pkg:")):
        return None
    return purl[4:].lstrip("/").partition("/")[0].lower()


def purl_starts(components: Sequence[Component]) -> list[str | None]:
    """The beginning of each package URL that its type is read from: short, and the same for all packages of a type."""
    starts: list[str | None] = []
    start, beginning = "", "\0"
    for each in components:
        purl = each.purl
        # Neighbours mostly have the same type, and the same object is compared and hashed at once.
        if purl and not purl.startswith(beginning):
            start = purl.partition("/")[0]
            beginning = f"{start}/"
        starts.append(start if purl else None)
    if any(start and start.endswith(":") for start in set(starts)):
        # An odd `pkg://npm/…` has its type only after slashes.
        odd = zip(starts, components, strict=True)
        return [each.purl if start and start.endswith(":") else start for start, each in odd]
    return starts


def _package_type(component: Component) -> str | None:
    if component.purl is None and _XRAY_DEBIAN.fullmatch(component.name):
        return "deb"
    return purl_type(component.purl)


def _usual_linkage(package_type: str | None, linked_by_application: bool) -> Linkage:
    if package_type in _OS_PACKAGES:
        return "dynamic" if linked_by_application else "separate"
    return "static" if package_type in _COMPILED_IN else "package"


def _is_application(component: Component) -> bool:
    package_type = purl_type(component.purl)
    if package_type is None:
        return component.type in _PROGRAMS
    return is_software(component) and component.type != "container" and package_type not in _OS_PACKAGES | _IMAGES


def _root_is_application(inventory: Inventory) -> bool:
    root = inventory.root
    return root.type in _PROGRAMS | {"library"} and purl_type(root.purl) not in _OS_PACKAGES | _IMAGES
