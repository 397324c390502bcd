"""The life of an obligation: open → planned → fulfilled → verified, or waived, or found not to be triggered.

What people decided holds while the facts of the obligation stay as they were; when they change, it is open again.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from obligations.domain.evidence import given, unverified, verified

Status = Literal["open", "planned", "fulfilled", "verified", "not-triggered", "waived"]

_MOVES: dict[Status, frozenset[Status]] = {
    "open": frozenset(("planned", "fulfilled", "not-triggered", "waived")),
    "planned": frozenset(("open", "fulfilled", "not-triggered", "waived")),
    "fulfilled": frozenset(("open", "planned", "verified")),
    "verified": frozenset(("open", "fulfilled")),
    "not-triggered": frozenset(("open", "planned")),
    "waived": frozenset(("open", "planned")),
}
_NEEDS_REASON = frozenset(("not-triggered", "waived"))
DECIDERS = frozenset(("release-manager", "reviewer", "legal", "admin"))
"""The roles that may verify, waive, or find that an obligation is not triggered."""
_FULFILMENT = ("fulfilment_by", "fulfilment_at")
_VERIFICATION = ("verified_by", "verified_at")
_NOBODY = (None, None)
_BY_DECIDERS = frozenset(("verified", "not-triggered", "waived"))


class Refused(ValueError):
    """A move that the obligation's present state does not allow; the message says why."""


class NotEntitled(ValueError):
    """A move that needs another role; the message names the roles."""


class Comment(Struct, frozen=True):
    """A remark, by whom and when."""

    by: str
    at: str
    text: str


class Life(Struct, frozen=True):
    """What people and the machine have said of an obligation.

    `evidence` items hold what was given, who `added_by` and `verified_by`, and when. `fulfilled_by` is "notice" where the
    NOTICE carries what is due; `fulfilment_by` is the person who says that it is fulfilled. `inherited_from` is the release
    that it was carried over from, `changed_from` the status before the last change.
    """

    status: Status = "open"
    evidence: tuple[dict[str, Any], ...] = ()
    fulfilled_by: Literal["notice"] | None = None
    inherited_from: str | None = None
    assignee: str | None = None
    due_date: date | None = None
    reason: str | None = None
    verified_by: str | None = None
    comments: tuple[Comment, ...] = ()
    changed_at: str | None = None
    changed_by: str | None = None
    changed_from: Status | None = None
    reopened: bool = False
    """Somebody found that it is not fulfilled, whatever the NOTICE says."""
    fulfilment_by: str | None = None
    fulfilment_at: str | None = None
    verified_at: str | None = None


class Change(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person wants to change; what is unset stays. `evidence` replaces the list, `comment` is added."""

    status: Status | UnsetType = UNSET
    evidence: list[str | dict[str, Any]] | UnsetType = UNSET
    assignee: str | UnsetType | None = UNSET
    due_date: date | UnsetType | None = UNSET
    reason: str | UnsetType | None = UNSET
    comment: str | UnsetType = UNSET


@dataclass(frozen=True, slots=True)
class Author:
    """Who changes something, in which roles, and when (RFC 3339); `two_people`: they verify nothing of their own."""

    subject: str
    roles: frozenset[str]
    at: str
    two_people: bool = False


def derived_life(carried_by_notice: bool) -> Life:
    """The life that a derivation gives: open, or fulfilled where the NOTICE carries what is due."""
    return Life("fulfilled", fulfilled_by="notice") if carried_by_notice else Life()


def present_life(derived: Life, stored: Life | None) -> Life:
    """What counts now: what people said, unless it rests on a NOTICE that no longer carries what is due."""
    if stored is None:
        return derived
    rests_on_notice = stored.fulfilled_by == "notice" and stored.status in ("fulfilled", "verified")
    if rests_on_notice and derived.fulfilled_by is None:
        return _reopened(stored)
    if stored.status in ("open", "planned") and derived.fulfilled_by == "notice" and not stored.reopened:
        return replace(stored, status=derived.status, fulfilled_by=derived.fulfilled_by)
    return stored


def changed(life: Life, change: Change, author: Author) -> Life:
    """The life after the change; raises Refused, NotEntitled, or Malformed for evidence."""
    evidence = life.evidence
    if change.evidence is not UNSET:
        evidence = given(change.evidence, evidence, author.subject, author.at)
    after = _replace_set(life, assignee=change.assignee, due_date=change.due_date, reason=_reason(change))
    after = replace(after, evidence=evidence, comments=_commented(life.comments, change.comment, author))
    if change.status is not UNSET and change.status != life.status:
        _check_move(life.status, change.status, author)
        if change.status == "verified" and author.two_people:
            _check_is_another(after, author)
        after = _moved(after, change.status, author)
    _check_complete(after)
    said_now = {"changed_at": author.at, "changed_by": author.subject, "changed_from": life.status}
    return replace(after, inherited_from=None, **said_now)


def _replace_set(life: Life, **values: Any) -> Life:
    return replace(life, **{name: value for name, value in values.items() if value is not UNSET})


def _moved(life: Life, status: Status, author: Author) -> Life:
    stays_fulfilled = status in ("fulfilled", "verified")
    was_fulfilled = life.status in ("fulfilled", "verified")
    said = (life.fulfilment_by, life.fulfilment_at) if was_fulfilled else (author.subject, author.at)
    verifier = (author.subject, author.at) if status == "verified" else None
    return replace(
        life,
        status=status,
        evidence=verified(life.evidence, *verifier) if verifier else unverified(life.evidence),
        fulfilled_by=life.fulfilled_by if stays_fulfilled else None,
        reason=life.reason if status in _NEEDS_REASON else None,
        reopened=was_fulfilled and status in ("open", "planned"),
        **dict(zip(_FULFILMENT, said if stays_fulfilled else _NOBODY, strict=True)),
        **dict(zip(_VERIFICATION, verifier or _NOBODY, strict=True)),
    )


def _check_is_another(life: Life, author: Author) -> None:
    """Refuse who says that it is fulfilled, or has given evidence of it."""
    if author.subject in {life.fulfilment_by, *(each.get("added_by") for each in life.evidence)}:
        raise Refused("Nobody verifies what they have fulfilled or given evidence of: somebody else has to.")


def _check_move(now: Status, to: Status, author: Author) -> None:
    if to not in _MOVES[now]:
        allowed = ", ".join(sorted(_MOVES[now]))
        raise Refused(f"An obligation that is {now} cannot become {to}; it can become {allowed}.")
    if to in _BY_DECIDERS and not author.roles & DECIDERS:
        raise NotEntitled(f"To make an obligation {to} needs one of the roles {', '.join(sorted(DECIDERS))}.")


def _check_complete(life: Life) -> None:
    if life.status in ("fulfilled", "verified") and not life.evidence and life.fulfilled_by is None:
        raise Refused(f"An obligation is {life.status} by evidence: add an item to `evidence`.")
    if life.status in _NEEDS_REASON and not (life.reason or "").strip():
        raise Refused(f"An obligation is {life.status} for a reason: say it in `reason` or `comment`.")


def _reason(change: Change) -> str | UnsetType | None:
    told_by_comment = change.reason is UNSET and change.status in _NEEDS_REASON
    return change.comment if told_by_comment else change.reason


def _commented(known: tuple[Comment, ...], text: str | UnsetType, author: Author) -> tuple[Comment, ...]:
    return known if text is UNSET or not text.strip() else (*known, Comment(author.subject, author.at, text))


def _reopened(life: Life) -> Life:
    nobody = dict.fromkeys((*_FULFILMENT, *_VERIFICATION))
    return replace(life, status="open", fulfilled_by=None, evidence=unverified(life.evidence), **nobody)
