"""Refuses a question that contradicts itself or names what does not exist, saying which and where."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import chain, islice
from typing import Final, TypeVar

import msgspec

from policy_eval.domain.export.codes import ControlLists
from policy_eval.domain.export.places import WORLDWIDE, Places
from policy_eval.domain.export.situation import Classification, Notification, Situation
from policy_eval.domain.purls import purl_name

Fault = tuple[str, str]
"""A JSON pointer and what is wrong there."""

Item = TypeVar("Item")
_MOST_FAULTS: Final = 100
_LARGEST: Final = 64 * 1024


class InvalidSituation(ValueError):
    """The question cannot be answered; `faults` say where and why."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{pointer}: {message}" for pointer, message in faults))
        self.faults = tuple(faults)


def day_of(written: str) -> date | None:
    """The day of an RFC 3339 date or time; None for what is none."""
    try:
        return date.fromisoformat(written[:10]) if len(written) == 10 or written[10:11] in ("T", "t", " ") else None
    except ValueError:
        return None


def check(situation: Situation, day: date, places: Places, lists: ControlLists) -> None:
    """Raise InvalidSituation unless every country, code, package and date of the question makes sense."""
    found = chain(
        _places(situation, places, day),
        _jurisdictions(situation, lists),
        _components(situation),
        _own_crypto(situation),
        _of_each(
            situation.classifications or (), "classifications", lambda each: check_classification(each, lists, day)
        ),
        contradictions(situation.classifications or ()),
        _of_each(situation.notifications or (), "notifications", check_notification),
        [] if situation.as_of is None or day_of(situation.as_of) else [("/as_of", "is no date such as 2026-01-31")],
        _screening(situation, day),
        _too_large("", end_use=situation.end_use),
    )
    faults = list(islice(found, _MOST_FAULTS))
    if faults:
        raise InvalidSituation(faults)


def _too_large(pointer: str, **values: object) -> Iterator[Fault]:
    for name, value in values.items():
        if value is not None and len(msgspec.json.encode(value)) > _LARGEST:
            yield f"{pointer}/{name}", f"is larger than {_LARGEST:,} bytes of JSON: name a document instead"


def _screening(situation: Situation, day: date) -> Iterator[Fault]:
    written = None if situation.screening is None else situation.screening.date
    screened = None if written is None else day_of(written)
    if written is not None and (screened is None or screened > day):
        yield "/screening/date", f"{written[:50]!r} is no date such as 2026-01-31, or after {day}"


def _places(situation: Situation, places: Places, day: date) -> Iterator[Fault]:
    if situation.origin is not None and situation.origin != "EU" and places.known(situation.origin) is None:
        yield "/origin", f"{situation.origin[:50]!r} is no country of ISO 3166-1 and not EU"
    for position, written in enumerate(situation.destinations or ()):
        if not places.named(written, day):
            yield f"/destinations/{position}", _unknown_place(written, places)


def _unknown_place(written: str, places: Places) -> str:
    if places.group(written) is not None:
        return f"the group {written[:50]!r} has no member on that day"
    groups = ", ".join(each.name for each in places.groups)
    return (
        f"{written[:50]!r} is no country or region of ISO 3166, not {WORLDWIDE}, and no group; known groups: {groups}"
    )


def _jurisdictions(situation: Situation, lists: ControlLists) -> Iterator[Fault]:
    if situation.jurisdictions is not None and not situation.jurisdictions:
        yield "/jurisdictions", "name at least one, or leave it out for all"
    for position, written in enumerate(situation.jurisdictions or ()):
        if written not in lists.jurisdictions:
            yield (
                f"/jurisdictions/{position}",
                f"{written[:50]!r} is not known; known: {', '.join(lists.jurisdictions)}",
            )


def _components(situation: Situation) -> Iterator[Fault]:
    for position, component in enumerate(situation.components or ()):
        if purl_name(component.purl) is None:
            yield f"/components/{position}/purl", f"{component.purl[:100]!r} is no package URL"


def _own_crypto(situation: Situation) -> Iterator[Fault]:
    crypto = situation.crypto
    if crypto is not None and crypto.kind == "none" and (crypto.functions or crypto.algorithms):
        yield "/crypto/kind", "none, yet functions or algorithms are named"


def _of_each(items: Sequence[Item], name: str, faults_of: Callable[[Item], Iterator[Fault]]) -> Iterator[Fault]:
    for position, item in enumerate(items):
        for pointer, message in faults_of(item):
            yield f"/{name}/{position}{pointer}", message


def check_classification(each: Classification, lists: ControlLists, day: date) -> Iterator[Fault]:
    """What is wrong with a classification, whose code must be in the list of the day it was made or is asked for."""
    if each.jurisdiction is not None and each.jurisdiction not in lists.jurisdictions:
        yield "/jurisdiction", f"{each.jurisdiction[:50]!r} is not known; known: {', '.join(lists.jurisdictions)}"
        return
    yield from _too_large("", evidence=each.evidence)
    if each.purl is not None and purl_name(each.purl) is None:
        yield "/purl", f"{each.purl[:100]!r} is no package URL"
    yield from _dates(each)
    listed_on = listed_on_day(each, day)
    asked = lists.jurisdictions if each.jurisdiction is None else (each.jurisdiction,)
    if not any(lists.kind(name, each.code, listed_on) for name in asked):
        where = " or ".join(asked)
        yield "/code", f"{each.code[:50]!r} does not exist in the control list of {where} of {listed_on}"


def listed_on_day(each: Classification, day: date) -> date:
    """The day of the control list that the code is of: that of the list's version, or when it was made, or `day`."""
    return day_of(each.list_version or "") or day_of(each.date or each.valid_from or "") or day


def contradictions(all_: Sequence[Classification]) -> Iterator[Fault]:
    """Two of the same thing by the same method on the same day, with different codes."""
    seen: dict[tuple[str | None, ...], str] = {}
    for position, each in enumerate(all_):
        key = (each.jurisdiction, each.purl, each.method, each.date, each.valid_from, each.valid_to)
        first = seen.setdefault(key, each.code)
        if first.lower() != each.code.lower():
            yield f"/classifications/{position}/code", f"{each.code} contradicts {first} of the same subject and day"


def _dates(each: Classification) -> Iterator[Fault]:
    written = {"date": each.date, "valid_from": each.valid_from, "valid_to": each.valid_to}
    days = {name: day_of(text) for name, text in written.items() if text is not None}
    for name, day in days.items():
        if day is None:
            yield f"/{name}", "is no date such as 2026-01-31"
    listed = day_of(each.list_version or "")
    if listed is not None and (made := days.get("date")) is not None and made < listed:
        yield "/list_version", f"the list of {listed} was not there yet on {made}, the date of the classification"
    end = days.get("valid_to")
    for name in ("date", "valid_from"):
        begin = days.get(name)
        if begin is not None and end is not None and begin > end:
            yield "/valid_to", f"{end} is before {name}, {begin}"


def check_notification(each: Notification) -> Iterator[Fault]:
    """What is wrong with a notification."""
    yield from _too_large("", evidence=each.evidence)
    if each.sent_at is not None and day_of(each.sent_at) is None:
        yield "/sent_at", "is no date or time such as 2026-01-31T09:00:00Z"
