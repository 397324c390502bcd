"""The licence categories a policy must have a rule for."""

from typing import Final

UNKNOWN: Final = "unknown"
"""No statement, NOASSERTION, an uncurated LicenseRef, an unreadable expression, an unanalysed exception."""
AMBIGUOUS: Final = "ambiguous"
"""A name such as "GPL" or "BSD" that several licences go by."""
PROPRIETARY: Final = "proprietary"
STATED_PROPRIETARY: Final = "LicenseRef-Licet-proprietary"
"""What `UNLICENSED`, `Proprietary` and `Commercial` are read as (domain model §3.4), which no catalogue has."""
NONE_FOUND: Final = "none-found"
"""SPDX NONE: somebody looked and found no licence, so nothing is permitted."""
NOT_SOFTWARE: Final = "not-software"
"""Nothing to license was claimed for an element that is no software package; no policy rule applies."""

CATEGORIES: Final = (
    "public-domain",
    "permissive-no-attribution",
    "permissive",
    "permissive-acknowledgement",
    "permissive-advertising",
    "permissive-conditional",
    "permissive-reciprocal-source",
    "font",
    "content-attribution",
    "content-share-alike",
    "data-share-alike",
    "weak-copyleft-file",
    "weak-copyleft",
    "weak-copyleft-library",
    "strong-copyleft",
    "strong-copyleft-compat-clause",
    "network-copyleft",
    "non-commercial",
    "no-derivatives",
    "source-available",
    "use-restricted",
    PROPRIETARY,
    AMBIGUOUS,
    UNKNOWN,
    NONE_FOUND,
)
"""From the mildest to the strictest, as far as one order can say; it only settles which of several operands with the
same verdict is named first."""

_STRICTNESS = {category: position for position, category in enumerate(CATEGORIES)}


def strictness(category: str) -> int:
    """The place of a category in `CATEGORIES`."""
    return _STRICTNESS[category]


def known_category(category: str) -> str:
    """The category itself, or `unknown` for one that no policy can have a rule for."""
    return category if category in _STRICTNESS else UNKNOWN
