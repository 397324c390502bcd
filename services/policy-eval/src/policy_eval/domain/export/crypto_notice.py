"""The paragraph on cryptography that stands in a NOTICE, in the dossier and on the public page."""

from collections.abc import Sequence
from typing import Final

from policy_eval.domain.export.assessment import Assessment
from policy_eval.domain.export.detection import PRODUCT, CryptoFinding

NONE_FOUND: Final = "No cryptography for data confidentiality was found in this release."
_MOST_NAMED: Final = 50


def crypto_notice(project: str, version: str, findings: Sequence[CryptoFinding], assessment: Assessment) -> str | None:
    """The paragraph; None where no cryptography for data confidentiality was found."""
    confidential = [each for each in findings if each.may_be_confidential and not each.is_suspicion]
    if not confidential:
        return None
    named = sorted({each.subject for each in confidential if each.subject != PRODUCT})
    listed = ", ".join(named[:_MOST_NAMED]) + (" and more" if len(named) > _MOST_NAMED else "")
    holds = f" It holds or uses: {listed}." if named else ""
    codes = ", ".join(f"{each.jurisdiction}: {each.shown_code}" for each in assessment.verdicts if each.shown_code)
    classified = f" Classification: {codes}." if codes else ""
    return (
        f"{project} {version} contains cryptographic functions.{holds}{classified} The import, possession, use and export "
        "of cryptography are restricted in some countries. Check the law of your country before you use this software or "
        "pass it on."
    )
