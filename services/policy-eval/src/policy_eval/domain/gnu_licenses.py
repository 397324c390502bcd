"""How the GNU licences go together: GPL, LGPL and AGPL in their versions (FSF, GPL FAQ, "AllCompatibility")."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from policy_eval.domain.compatibility_facts import CompatibilityVerdict
from shared.licensing import License, With

_GNU: Final = re.compile(r"(A|L)?GPL-([123]\.[01])(-only|-or-later|\+)?")
_VERSIONS: Final = {"GPL": ("1.0", "2.0", "3.0"), "LGPL": ("2.0", "2.1", "3.0"), "AGPL": ("1.0", "3.0")}
FAQ: Final = "FSF, GPL FAQ, table of GNU licences"


@dataclass(frozen=True, slots=True, order=True)
class GnuLicense:
    """One version of a GNU licence; `or_later` where later versions may be taken instead."""

    family: str
    version: str
    or_later: bool = False

    @property
    def id(self) -> str:
        """The SPDX id."""
        return f"{self.family}-{self.version}-{'or-later' if self.or_later else 'only'}"

    @property
    def gpl_version(self) -> str:
        """The version of the GPL that its terms build on or turn into."""
        return "3.0" if self.version == "3.0" else ("1.0" if self.version == "1.0" else "2.0")

    def versions(self) -> tuple["GnuLicense", ...]:
        """Each known version that may be taken, the oldest first."""
        known = _VERSIONS[self.family]
        last = len(known) if self.or_later else known.index(self.version) + 1
        return tuple(GnuLicense(self.family, version) for version in known[known.index(self.version) : last])


def gnu_license(license_id: str) -> GnuLicense | None:
    """The GNU licence of this SPDX id, or None for any other."""
    match = _GNU.fullmatch(license_id)
    if match is None:
        return None
    family = f"{match[1] or ''}GPL"
    return GnuLicense(family, match[2], match[3] in ("-or-later", "+")) if match[2] in _VERSIONS[family] else None


def later_versions(leaf: License | With, successors: Mapping[str, tuple[str, ...]]) -> tuple[License, ...]:
    """The known later versions that "or later" lets everybody take, the oldest first; `successors` are those of what a
    plus sign stands at. None of a licence with an exception, which was written for its version."""
    if isinstance(leaf, With):
        return ()
    gnu = gnu_license(leaf.id)
    if gnu is not None:
        return tuple(License(each.id) for each in gnu.versions()[1:])
    return tuple(map(License, successors.get(leaf.id.removesuffix("+"), ()))) if leaf.id.endswith("+") else ()


def combined(inbound: GnuLicense, outbound: GnuLicense, is_copied: bool) -> tuple[CompatibilityVerdict, str]:
    """Whether work under one exact version may go into work under another, and why."""
    if (inbound.family, inbound.version) == (outbound.family, outbound.version):
        return "compatible", "both are under the same version"
    match inbound.family, outbound.family:
        case "LGPL", "LGPL":
            return _lesser_into_lesser(is_copied)
        case "LGPL", "GPL":
            return _lesser_into_gpl(inbound, outbound)
        case ("GPL", "AGPL") | ("LGPL", "AGPL") | ("AGPL", "GPL"):
            return _with_affero(inbound, outbound, is_copied)
        case _, "LGPL":
            return "incompatible", f"{inbound.family} reaches the whole, which could not stay under the LGPL"
        case _:
            return (
                "incompatible",
                "each version of the licence demands itself for the whole (GPL-2.0 §2(b), GPL-3.0 §5(c))",
            )


def _lesser_into_lesser(is_copied: bool) -> tuple[CompatibilityVerdict, str]:
    if is_copied:
        return "incompatible", "each version of the LGPL demands itself for the library that code is copied into"
    return "conditional", "a library may use another under a different version; each stays under its own"


def _lesser_into_gpl(inbound: GnuLicense, outbound: GnuLicense) -> tuple[CompatibilityVerdict, str]:
    if inbound.version == "3.0":
        if outbound.version == "3.0":
            return "compatible", "the LGPL-3.0 is the GPL-3.0 with additional permissions, which may be dropped (§2(b))"
        return "incompatible", "the LGPL-3.0 takes over terms of the GPL-3.0 that earlier versions forbid to add"
    if outbound.version == "1.0":
        return "incompatible", f"LGPL-{inbound.version} §3 allows the GPL from version 2 on only"
    return "compatible", f"LGPL-{inbound.version} §3 allows to apply the GPL, version 2 or later, instead"


def _with_affero(inbound: GnuLicense, outbound: GnuLicense, is_copied: bool) -> tuple[CompatibilityVerdict, str]:
    other = outbound if inbound.family == "AGPL" else inbound
    affero = inbound if inbound.family == "AGPL" else outbound
    reaches_3 = other.version == "3.0" or other.family == "LGPL"
    if affero.version != "3.0" or not reaches_3:
        return "incompatible", "only version 3 of GPL and AGPL allow each other (§13 of both)"
    why = (
        "§13 of GPL-3.0 and AGPL-3.0: each part keeps its licence, and AGPL §13 (source for network users) applies to "
        "the combination"
    )
    if is_copied:
        why = f"{why}; what is copied stays in files of its own under its licence, since neither may be relicensed"
    return "conditional", why
