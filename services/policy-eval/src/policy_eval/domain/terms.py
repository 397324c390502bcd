"""The terms of one licence, as far as combining works depends on them."""

from dataclasses import dataclass
from typing import Final

from policy_eval.domain.categories import AMBIGUOUS, UNKNOWN, known_category
from shared.licensing import Catalogue

UNKNOWN_TERMS: Final = frozenset({UNKNOWN, AMBIGUOUS})
_WEAK: Final = frozenset({"weak-copyleft-file", "weak-copyleft", "weak-copyleft-library"})
_STRONG: Final = frozenset({"strong-copyleft", "strong-copyleft-compat-clause", "network-copyleft"})
_PERMISSIVE: Final = frozenset(
    {"permissive-no-attribution", "permissive", "permissive-acknowledgement", "permissive-advertising"}
)
_FREE: Final = frozenset({"public-domain", "permissive-no-attribution"})
_RESTRICTED: Final = frozenset(
    {"non-commercial", "source-available", "use-restricted", "proprietary", "no-derivatives"}
)
_SHARE_ALIKE: Final = frozenset({"content-share-alike", "data-share-alike"})
_CONTENT: Final = _SHARE_ALIKE | {"content-attribution", "font"}
_COPYLEFT_BY_ID: Final = {
    "MPL-2.0-no-copyleft-exception": "weak-copyleft-file",
    "MPL-1.0": "weak-copyleft-file",
    "IPL-1.0": "weak-copyleft",
    "OSL-1.0": "network-copyleft",
    "OSL-1.1": "network-copyleft",
    "OSL-2.0": "network-copyleft",
    "OSL-2.1": "network-copyleft",
    "CECILL-2.0": "strong-copyleft-compat-clause",
    "CECILL-1.1": "strong-copyleft-compat-clause",
    "GPL-1.0-only": "strong-copyleft",
    "GPL-1.0-or-later": "strong-copyleft",
    "AGPL-1.0-only": "network-copyleft",
    "AGPL-1.0-or-later": "network-copyleft",
    "LGPL-2.0-only": "weak-copyleft-library",
    "SSPL-1.0": "network-copyleft",
}
"""Copyleft licences whose text was read for this question; the catalogue has ScanCode's coarser category of them.
The SSPL is source-available by what it asks of services (§13), and demands itself for the whole work (§5(c))."""

_CLAUSES: Final = (
    ("GPL-1.0", "§2(b)"),
    ("GPL-2.0", "§2(b)"),
    ("GPL-3.0", "§5(c)"),
    ("AGPL-1.0", "§2(b)"),
    ("AGPL-3.0", "§5(c)"),
    ("SSPL-1.0", "§5(c), §13"),
    ("EUPL-", "§5"),
    ("CECILL-2", "§5.3.2"),
    ("OSL-3.0", "§1(c)"),
    ("Sleepycat", "clause 3"),
)
"""Where a licence, by the beginning of its SPDX id, demands its own terms for the whole work."""


@dataclass(frozen=True, slots=True)
class Terms:
    """A licence by its SPDX id, with its category. `is_own`: the outbound work's own terms, not open source."""

    id: str
    category: str
    is_analysed: bool = True
    is_own: bool = False

    @property
    def is_weak_copyleft(self) -> bool:
        return self.category in _WEAK

    @property
    def is_strong_copyleft(self) -> bool:
        return self.category in _STRONG

    @property
    def is_permissive(self) -> bool:
        return self.category in _PERMISSIVE

    @property
    def has_no_conditions(self) -> bool:
        return self.category in _FREE and self.is_analysed

    @property
    def restricts_use(self) -> bool:
        return self.category in _RESTRICTED

    @property
    def is_content(self) -> bool:
        return self.category in _CONTENT

    @property
    def is_share_alike(self) -> bool:
        return self.category in _SHARE_ALIKE

    @property
    def reaches_network_users(self) -> bool:
        """Whether use over a network, without a copy, is enough for its copyleft."""
        return self.category == "network-copyleft" or self.id.startswith(("EUPL-", "SSPL-"))


def terms_of(license_id: str, catalogue: Catalogue) -> Terms:
    """The terms of a licence by its SPDX id, a plus sign left aside; `unknown` for one that the catalogue lacks."""
    known = catalogue.license(license_id) or catalogue.license(license_id.removesuffix("+"))
    if known is None:
        return Terms(license_id, UNKNOWN, is_analysed=False, is_own=is_proprietary(license_id))
    category = _COPYLEFT_BY_ID.get(known.id)
    if category is not None:
        return Terms(license_id, category)
    return Terms(license_id, known_category(known.category), known.category_source == "licet")


def copyleft_clause(license_id: str) -> str:
    """The clause by which a copyleft licence demands its own terms, as a source."""
    clause = next((clause for beginning, clause in _CLAUSES if license_id.startswith(beginning)), None)
    return f"{license_id}: copyleft, {clause}" if clause else f"{license_id}: copyleft"


def is_proprietary(license_id: str) -> bool:
    """Whether the id stands for the owner's own terms."""
    lowered = license_id.lower()
    return lowered.startswith("licenseref-") and ("proprietary" in lowered or "commercial" in lowered)
