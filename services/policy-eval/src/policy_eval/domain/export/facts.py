"""Turns a situation and one part of it into the facts that rules ask for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from policy_eval.domain.export.classification import InEffect
from policy_eval.domain.export.detection import CryptoFinding
from policy_eval.domain.export.places import WORLDWIDE, Places
from policy_eval.domain.export.situation import Notification, Situation
from policy_eval.domain.export.statements import (
    end_uses_of,
    has_note3_memo,
    missing_of_mail,
    note3_of,
    of_kind,
    purpose_of,
    screening_of,
)

_REQUEST = re.compile(r"\(b\)\(([123])\)")
_B2 = re.compile(
    r"network infrastructure|open cryptographic interface|quantum|penetration|cryptanaly|government[- ]customi[sz]ed"
)
_B3 = re.compile(
    r"toolkit|chipset|crypto(?:graphic)? (?:library|module)|forensic|vulnerability|cryptographic activation"
)


_UNKNOWN = ("unknown", "yes", False)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the item: the product itself (`purl` None, `name` product) or a component, and `more` like it."""

    name: str
    purl: str | None
    finding: CryptoFinding | None
    published: bool
    more: int = 0


def facts_of_crypto(finding: CryptoFinding | None) -> tuple[str, str, bool]:
    """What a verdict can depend on of a finding: function, standard, and whether it is there at all."""
    if finding is None:
        return _UNKNOWN
    return (function_of(finding), _standard(finding), finding is not None)


def facts_of(situation: Situation, part: Part, code: InEffect) -> Mapping[str, frozenset[str]]:
    """The facts of a part that do not depend on the destination."""
    finding = part.finding
    return {
        "screening": frozenset({screening_of(situation.screening)}),
        "end-use": end_uses_of(situation.end_use),
        "publication": frozenset({publication_of(situation, part)}),
        "function": frozenset({function_of(finding)}),
        "standard": frozenset({_standard(finding)}),
        "purpose": frozenset({purpose_of(situation.primary_function)}),
        "code": frozenset({code.state}),
        "ccats": frozenset({"yes" if code.is_by_authority else "no"}),
        "request": frozenset({request_of(situation, code)}),
        "user-changes": frozenset({"yes" if situation.note3 and situation.note3.user_can_change_crypto else "no"}),
        "form": frozenset({situation.form or "unstated"}),
        "so-far": frozenset(),
    }


def facts_of_day(situation: Situation, day: date) -> Mapping[str, frozenset[str]]:
    """The facts that depend on the day."""
    mails = [each for each in situation.notifications or () if _is_mail_in_time(each, situation, day)]
    return {
        "notified": frozenset({"yes" if mails else "no"}),
        "note3": frozenset({note3_on(situation, day)}),
    }


def note3_on(situation: Situation, day: date) -> str:
    """The answers to Note 3, or `met` where a person's mass-market classification of that day has the memo as evidence."""
    answered = note3_of(situation.note3)
    memos = (has_note3_memo(each, day) for each in situation.classifications or ())
    return "met" if answered == "unstated" and any(memos) else answered


def facts_of_place(destination: str | None, places: Places, day: date) -> frozenset[str]:
    """The groups that a destination is in; `unstated` without one, `into-EU` for a transfer inside or into the EU."""
    if destination is None:
        return frozenset({"unstated"})
    groups = places.groups_of(destination, day)
    return groups | ({"into-EU"} if destination != WORLDWIDE and "EU" in groups else {"stated"})


def publication_of(situation: Situation, part: Part) -> str:
    """`source`, `object-with-source`, `object` or `none`: what of the part can be had by anybody.

    A published component never clears a closed product, so the part is published only together with the item.
    """
    if not (situation.is_published and part.published):
        return "none"
    if situation.form in ("object", "product"):
        with_source = situation.corresponding_source_published
        if with_source is None and situation.form == "product":
            with_source = bool(situation.source_url)
        return "object-with-source" if with_source else "object"
    return "source" if situation.corresponding_source_published is not False else "object"


def function_of(finding: CryptoFinding | None) -> str:
    """`none`, `other` (no data confidentiality), `weak` (below the thresholds), `confidentiality` or `unknown`."""
    if finding is None or finding.is_suspicion:
        return "unknown"
    if not finding.detected:
        return "none"
    if not finding.may_be_confidential:
        return "other"
    return "weak" if finding.is_weak else "confidentiality"


def request_of(situation: Situation, code: InEffect) -> str:
    """The paragraph of §740.17 that the item falls under: `b1`, `b2` or `b3`, by the basis or the description."""
    basis = code.classification.basis if code.classification and code.classification.basis else ""
    named = _REQUEST.search(basis.replace(" ", ""))
    if named:
        return f"b{named[1]}"
    described = f"{situation.description or ''} {situation.primary_function or ''}".lower()
    if _B2.search(described):
        return "b2"
    return "b3" if _B3.search(described) else "b1"


def _standard(finding: CryptoFinding | None) -> str:
    if finding is None or not finding.detected or not finding.may_be_confidential:
        return "yes"
    return {True: "yes", False: "no", None: "unknown"}[finding.standard]


def _is_mail_in_time(notification: Notification, situation: Situation, day: date) -> bool:
    mails = of_kind([notification], "publication-mail", day)
    return bool(mails) and not missing_of_mail(notification, situation.source_url, day)
