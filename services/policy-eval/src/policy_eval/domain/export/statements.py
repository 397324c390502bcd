"""What the free words of a question mean: screening results, end uses, purposes, notifications, Note 3."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from policy_eval.domain.export.checks import day_of
from policy_eval.domain.export.situation import Classification, Note3, Notification, Screening

RECIPIENTS: Final = frozenset({"crypt@bis.doc.gov", "enc@nsa.gov"})
"""Whom §742.15(b)(2) wants the e-mail to go to."""

_CLEAR: Final = frozenset(
    {"clear", "cleared", "none", "no-hit", "no-match", "no", "negative", "pass", "passed", "ok", "false-positive"}
)
_HIT: Final = frozenset(
    {"hit", "match", "matched", "true-match", "positive", "confirmed", "listed", "denied", "fail", "failed", "yes"}
)
_LISTS: Final[tuple[tuple[str, str], ...]] = (
    ("sdn", r"\bsdn\b|specially designated"),
    ("dpl", r"\bdpl\b|denied"),
    ("entity", r"\bentity\b"),
    ("meu", r"\bmeu\b|military end"),
    ("uvl", r"\buvl\b|unverified"),
)
_END_USES: Final[tuple[tuple[str, str], ...]] = (
    (
        "wmd",
        r"nuclear|missile|rocket|chemical weapon|^chemical$|chemical,? (?:and|or)|biological|\bcbw\b|\bcbrn\b|\bwmd\b"
        r"|mass destruction|unmanned aerial",
    ),
    ("military-end-user", r"military end[ -]users?\b"),
    ("military", r"military(?! end[ -]users?\b)|weapon|arms\b|defen[cs]e forces"),
    ("cyber-surveillance", r"surveillance|interception|spyware"),
    ("human-rights", r"human[ -]rights|repression|torture"),
    ("foreign-person", r"foreign (?:person|national)|deemed export"),
)
_LONGEST: Final = 10_000
_SENSITIVE: Final = (
    f"(?:{'|'.join(pattern for _, pattern in _END_USES)})(?: (?:weapons?|end|use|purposes?|activit(?:y|ies)))*"
)
_DENIED: Final = re.compile(
    r"\b(?:no|not|non|never|without|nor|neither)\b\s*(?:(?:for|any|a|used|use|in|be|to) )*"
    rf"(?:{_SENSITIVE}(?:\s*,?\s*(?:or|and|nor|,|/)\s*))*{_SENSITIVE}"
)
_LISTED_PURPOSE: Final = re.compile(
    r"secur|crypt|encrypt|cipher|vpn|firewall|authenticat|comput|operating system|communicat|telecom|messag|mail"
    r"|network|rout|send|receiv|stor(?:e|ing|age)\b|digital|transfer|browser|web|server|cloud|database"
)
_MAIL: Final = re.compile(r"742\.15|e-?mail|\bbis\b|non-?standard|crypt-?notif|publication")


def screening_of(screening: Screening | None) -> str:
    """`unstated`, `clear`, `unclear`, or the list that was hit: `sdn dpl entity meu uvl other`."""
    if screening is None or (screening.result in (None, "") and not screening.list):
        return "unstated"
    told = (
        {True: "hit", False: "clear"}.get(screening.result) if isinstance(screening.result, bool) else screening.result
    )
    result = re.sub(r"[\s_]+", "-", (told or "").strip().lower())
    if result in _CLEAR or result.startswith("no-"):
        return "clear"
    if result and result not in _HIT:
        return "unclear"
    named = (screening.list or "").lower()
    return next((name for name, pattern in _LISTS if re.search(pattern, named)), "other")


def end_uses_of(stated: Any) -> frozenset[str]:
    """The sensitive end uses that a statement names and does not deny; `civil` for none, `unstated` without one."""
    text = " ; ".join(re.sub(r"[\s_]+", " ", each.lower()) for each in _texts_of(stated)).strip()[:_LONGEST]
    if not text:
        return frozenset({"unstated"})
    asserted = _DENIED.sub(" ", text.replace("-", " "))
    found = {name for name, pattern in _END_USES if re.search(pattern, asserted)}
    return frozenset(found or {"civil"})


def _texts_of(stated: Any) -> list[str]:
    """The texts of a statement, which is a text, a list of them, or fields of which the true ones and texts count."""
    match stated:
        case str():
            return [stated]
        case dict():
            return [text for name, value in stated.items() for text in ([name] if value is True else _texts_of(value))]
        case list() | tuple():
            return [text for each in stated for text in _texts_of(each)]
        case _:
            return []


def purpose_of(primary_function: str | None) -> str:
    """Whether the primary function is one that 5A002.a.1 to a.3 name: `listed`, `other` or `unstated`.

    Information security; computers; sending, receiving or storing information; networking.
    """
    if not primary_function or not primary_function.strip():
        return "unstated"
    return "listed" if _LISTED_PURPOSE.search(primary_function.lower()) else "other"


def note3_of(answers: Note3 | None) -> str:
    """`met` when all four answers are those of a mass-market item, `failed` when one is not, else `unstated`."""
    if answers is None:
        return "unstated"
    wanted = (
        (answers.retail, True),
        (answers.user_can_change_crypto, False),
        (answers.needs_supplier_support, False),
        (answers.details_available, True),
    )
    if any(answer is not None and answer is not right for answer, right in wanted):
        return "failed"
    return "met" if all(answer is right for answer, right in wanted) else "unstated"


def has_note3_memo(each: Classification, day: date) -> bool:
    """Whether a person's classification as mass market, valid on that day, has the memo on Note 3 as its evidence."""
    is_mass_market = "992" in each.code and each.method not in ("supplier", "kb-default")
    begin, end = day_of(each.valid_from or each.date or "") or date.min, day_of(each.valid_to or "") or date.max
    return is_mass_market and begin <= day <= end and mentions(each.evidence or "", "note 3", "note3", "note-3")


def kind_of(notification: Notification) -> str:
    """`publication-mail`, `annual-report`, `semi-annual-report`, `eu-registration` or `other`."""
    type_ = re.sub(r"[\s_]+", " ", (notification.type or "").lower())
    if "semi" in type_:
        return "semi-annual-report"
    if re.search(r"supp|annual|self-classif|self classif", type_):
        return "annual-report"
    if re.search(r"\beu\b|eu00|registration|bafa", type_):
        return "eu-registration"
    if _MAIL.search(type_) or (not type_ and recipients_of(notification) >= RECIPIENTS):
        return "publication-mail"
    return "other"


def recipients_of(notification: Notification) -> frozenset[str]:
    """The addresses, in lower case."""
    written = notification.recipients or ()
    texts = re.split(r"[,;\s]+", written) if isinstance(written, str) else written
    return frozenset(re.sub(r"^.*<|>.*$", "", each).strip().lower() for each in texts if each.strip())


def missing_of_mail(notification: Notification, source_url: str | None, day: date) -> tuple[str, ...]:
    """What a publication e-mail lacks to count on that day: recipients, a date that has come, the URL of today."""
    sent = day_of(notification.sent_at or "")
    lacking = []
    if not recipients_of(notification) >= RECIPIENTS:
        lacking.append(f"recipients {' and '.join(sorted(RECIPIENTS))}")
    if sent is None or sent > day:
        lacking.append(f"a date on which it was sent, by {day}")
    if not notification.url:
        lacking.append("the URL of the source")
    elif source_url and _address(notification.url) != _address(source_url):
        lacking.append(f"the URL of today, {source_url[:200]}")
    return tuple(lacking)


def has_evidence(evidence: Any) -> bool:
    """Whether anything is attached."""
    return bool(evidence) and evidence is not True


def mentions(evidence: Any, *words: str) -> bool:
    """Whether one of the words stands somewhere in the evidence, however it is written."""
    text = str(evidence).lower()
    return any(word.lower() in text for word in words)


def of_kind(notifications: Iterable[Notification], kind: str, day: date) -> list[Notification]:
    """The notifications of that kind that had been sent on that day."""
    return [each for each in notifications if kind_of(each) == kind and _was_sent(each, day)]


def _was_sent(notification: Notification, day: date) -> bool:
    sent = day_of(notification.sent_at or "")
    return sent is not None and sent <= day


def _address(url: str) -> str:
    scheme, _, rest = url.strip().partition("://")
    bare = (rest or scheme).rstrip("/").removesuffix(".git")
    host, slash, path = bare.partition("/")
    return f"{host.lower().removeprefix('www.')}{slash}{path}"
