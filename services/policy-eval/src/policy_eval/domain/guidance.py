"""What to do about a finding: the next step, by rule and by category."""

from typing import Final

from shared.contracts.decisions import Verdict

_BY_RULE: Final = {
    "license/open-choice": "Record a licence choice (POST /api/v1/license-choices), or ask the OSPO which branch to take.",
    "license/unknown-exception": "Ask the OSPO to analyse this licence with this exception; it must not be taken for "
    "the licence alone.",
    "license/not-open-source": "Use a component under a licence that OSI or FSF approve, or ask the OSPO to analyse "
    "this one.",
    "license/not-analysed": "Ask the OSPO to confirm the category of this licence once; later releases inherit it.",
    "license/and-unconfirmed": "Confirm that all these licences apply together (POST /api/v1/confirmations). If they are "
    "alternatives, state one expression with OR in the SBOM or record a curation.",
    "license/conflict": "Find out what those files are. Record a curation with the licence of what is used (POST "
    "/api/v1/curations), which may be the declared one, or have the scanner conclude it.",
    "license/curation-conflict": "End one of the curations that are named (DELETE /api/v1/curations/{id}), or narrow it "
    "to a version or a range.",
    "license/exclusion-outdated": "Look at the package again, and end the exclusion that is named (DELETE "
    "/api/v1/exclusions/{id}).",
    "license/curation-outdated": "Look at the package again: end the curation and record one for what it states now.",
    "quality/low-score": "See what the components lack (…/sboms/{document}/gaps), and let the scanner state it.",
    "quality/no-license-claim": "Nothing to do if these elements hold nothing of others; else state their licences in "
    "the SBOM.",
}

_UNREAD: Final = (
    "State the licence as an SPDX expression in the SBOM or at the package's source, or record a curation with the "
    "licence found there."
)
_REPLACE_OR_ASK: Final = "Replace the component, or obtain other terms from its holder and have legal record them."
_COMBINED: Final = (
    "Replace the component; or run it unmodified as a process of its own and say so (licet:linkage = separate); or "
    "obtain a commercial licence; or ask legal."
)
_LIBRARY: Final = (
    "Link the unmodified library dynamically and say so (licet:linkage = dynamic, licet:modified = false), or ask the "
    "OSPO how relinking or the source of the changes will be delivered."
)
_KEEP_APART: Final = (
    "Use the component unmodified and in files of its own, and say so (licet:modified, licet:linkage); else ask the "
    "OSPO how the source of the changes will be delivered."
)
_CONTENT: Final = (
    "Ask the OSPO whether adapted material is shared; if this is no code, give the component the type data in the SBOM."
)
_BY_CATEGORY: Final = {
    "permissive-acknowledgement": "Keep this code apart from code under the outbound licence, or ask the OSPO.",
    "permissive-advertising": "Use a version under newer terms, or ask the OSPO who will place the sentence that "
    "advertising must carry.",
    "permissive-conditional": "Ask the OSPO which of the licence's options the product takes, and record it.",
    "permissive-reciprocal-source": "Ask the OSPO whether source is delivered; it must stay under this licence.",
    "content-attribution": "If this is no code, give the component the type data in the SBOM; else ask the OSPO.",
    "content-share-alike": _CONTENT,
    "data-share-alike": "Ask the OSPO whether the data are changed or published; changed data stay under this licence.",
    "weak-copyleft-file": _KEEP_APART,
    "weak-copyleft": _KEEP_APART,
    "weak-copyleft-library": _LIBRARY,
    "strong-copyleft": _COMBINED,
    "strong-copyleft-compat-clause": _COMBINED,
    "network-copyleft": "Replace the component, obtain a commercial licence, or ask legal; use over a network brings "
    "the duty to offer source.",
    "non-commercial": _REPLACE_OR_ASK,
    "no-derivatives": "Use the component unchanged and ask legal, or replace it.",
    "source-available": _REPLACE_OR_ASK,
    "use-restricted": _REPLACE_OR_ASK,
    "proprietary": "Have legal record the contract that permits this use, or replace the component.",
    "ambiguous": "Find out which version or variant is meant and state its SPDX id in the SBOM, or record a curation.",
    "unknown": _UNREAD,
    "none-found": "Ask the author for a licence, find the one that was overlooked and state it in the SBOM, or replace "
    "the component: without a licence nothing is permitted.",
}
_GENERAL: Final = "Ask the OSPO to review this use of the component."
_FULFIL: Final = "Fulfil the duties that the release's obligations list for this component."


def how_to_fix(rule: str, category: str, verdict: Verdict) -> str:
    """The next step for a finding of this rule on a licence of this category."""
    if rule in _BY_RULE:
        return _BY_RULE[rule]
    if verdict == "allow-with-conditions":
        return _FULFIL
    return _BY_CATEGORY.get(category, _GENERAL)
