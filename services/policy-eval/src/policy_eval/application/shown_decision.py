"""A decision as the API shows it."""

from collections.abc import Sequence
from typing import Any

from msgspec import structs

from policy_eval.domain.decision_records import REVIEWED, DecisionRecord, Review, WaiverBody, next_review
from policy_eval.domain.waiver_routes import routes_of

_UNSHOWN = ("body", "kind", "scope", "approved_roles")
_OF_REVIEW = ("at", "by", "comment", "review_date")


def shown_decision(record: DecisionRecord, reviews: Sequence[Review] = ()) -> dict[str, Any]:
    """Return a decision as the API shows it; `projects` are the patterns of projects in which it holds.

    `reviewed_by` and `reviewed_at` are those of the last of its `reviews`, which also says the `review_date` that counts.
    """
    about = {name: value for name, value in structs.asdict(record).items() if name not in _UNSHOWN}
    content = record.content()
    said = structs.asdict(content)
    if record.kind in REVIEWED:
        about["reviewed_at"], about["reviewed_by"] = (reviews[-1].at, reviews[-1].by) if reviews else (None, None)
        about["reviews"] = [{name: getattr(each, name) for name in _OF_REVIEW} for each in reviews]
    if isinstance(content, WaiverBody):
        about["requested_by"] = record.created_by
        about["settles"] = sorted(routes_of(record.approved_roles))
        about["warnings"] = _too_broad(content)
        said["review_date"] = next_review(content, reviews)
    return {**about, "projects": record.scope, **said}


def _too_broad(waiver: WaiverBody) -> list[str]:
    """What a second person should know of a waiver that matches more than one package or licence."""
    warnings = []
    if waiver.purl is None and waiver.license is None:
        every = "every finding" if waiver.rule is None else f"every finding of the rule {waiver.rule}"
        warnings.append(f"It names neither package nor licence, so that it matches {every}.")
    if waiver.project is None:
        warnings.append("It names no project, so that it holds in all that its author sees.")
    return warnings
