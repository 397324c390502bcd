"""Evidence that an obligation is fulfilled: of a type, given by somebody, and verified by somebody (domain model §6.3).

Items are JSON objects, as older versions of Licet kept them, with any fields; what has no type that is known is `other`.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, get_args

EvidenceType = Literal["file-hash", "url-snapshot", "ticket", "mail", "screenshot", "other"]
Item = dict[str, Any]

TYPES: Final[tuple[str, ...]] = get_args(EvidenceType)
MOST_ITEMS: Final = 100
_OLDER_WORDS: Final = {"url": "url-snapshot"}
_NOT_GIVEN: Final = ("added_by", "added_at", "verified_by", "verified_at", "obligation_ids")
_HEX_DIGITS: Final = {"sha1": 40, "sha256": 64, "sha384": 96, "sha512": 128}
_DIGEST: Final = re.compile(r"(?:(sha1|sha256|sha384|sha512):)?([0-9a-f]+)")
_ADDRESS: Final = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)


class Malformed(ValueError):
    """An item that is no evidence of its type; `pointer` is its place below `evidence`."""

    def __init__(self, pointer: str, message: str) -> None:
        super().__init__(message)
        self.pointer = pointer


def given(items: Iterable[str | Item], known: Iterable[Item], by: str, at: str) -> tuple[Item, ...]:
    """The items as they are kept; one that was there before stays as it was. Raises Malformed."""
    before = {_content(typed(each)): each for each in known}
    listed = [{"value": each} if isinstance(each, str) else each for each in items]
    if len(listed) > MOST_ITEMS:
        raise Malformed("", f"at most {MOST_ITEMS} items; put more than that into one file, and give its digest")
    added = {"added_by": by, "added_at": at}
    return tuple(_known_or_checked(place, typed(each), before, added) for place, each in enumerate(listed))


def typed(item: Mapping[str, Any]) -> Item:
    """What was given of the item, with one of the `TYPES`; a word that is none of them is kept as its `note`."""
    said = {name: value for name, value in item.items() if name not in _NOT_GIVEN}
    word = said.pop("type", "other")
    type_ = _OLDER_WORDS.get(str(word), word)
    if type_ in TYPES:
        return {"type": type_, **said}
    return {"type": "other", "note": word, **said}


def verified(items: Iterable[Item], by: str, at: str) -> tuple[Item, ...]:
    """The items, each verified by this person unless somebody had verified it before."""
    return tuple(each if each.get("verified_by") else each | {"verified_by": by, "verified_at": at} for each in items)


def unverified(items: Iterable[Item]) -> tuple[Item, ...]:
    """The items without what was said of their verification."""
    return tuple({name: value for name, value in each.items() if not name.startswith("verified_")} for each in items)


def shown(item: Mapping[str, Any]) -> Item:
    """The item as the API shows it, whatever version of Licet has kept it."""
    about = {name: item.get(name) for name in ("added_by", "added_at", "verified_by", "verified_at")}
    return typed(item) | about


def collected(by_obligation: Mapping[str, Iterable[Item]]) -> list[Item]:
    """Each item once, with the ids of the obligations that it is given for, the oldest first.

    It is one where the same person gave the same, and the same person, or nobody, has verified it: `added_at` is that of
    the first time, `verified_at` that of the last.
    """
    found: dict[tuple[str, Any, Any], Item] = {}
    for obligation_id, items in sorted(by_obligation.items()):
        for item in map(shown, items):
            key = (_content(typed(item)), item["added_by"], item["verified_by"])
            one = found.setdefault(key, item | {"obligation_ids": []})
            one["obligation_ids"].append(obligation_id)
            one["added_at"] = min(one["added_at"] or "", item["added_at"] or "") or None
            one["verified_at"] = max(one["verified_at"] or "", item["verified_at"] or "") or None
    return sorted(found.values(), key=lambda each: (each["added_at"] or "", each["obligation_ids"]))


def _known_or_checked(place: int, item: Item, before: Mapping[str, Item], added: Item) -> Item:
    if (known := before.get(_content(item))) is not None:
        return known
    sound = _checked(place, item)
    return before.get(_content(sound)) or sound | added


def _checked(place: int, item: Item) -> Item:
    """The item, its value in one spelling; raises Malformed."""
    value, at = item.get("value"), f"/{place}/value"
    match item["type"]:
        case "other":
            return item
        case "file-hash":
            return item | {"value": _digest(value, at)}
        case "url-snapshot":
            if not isinstance(value, str) or not _ADDRESS.fullmatch(value):
                raise Malformed(at, "the address of what was seen, such as https://example.org/left-pad.tar.gz")
            return item | ({"sha256": _sha256(item["sha256"], place)} if "sha256" in item else {})
        case type_ if not isinstance(value, str) or not value.strip():
            raise Malformed(at, f"what identifies the {type_}: a number, an address or a name")
    return item


def _digest(value: Any, at: str) -> str:
    found = _DIGEST.fullmatch(value.strip().lower()) if isinstance(value, str) else None
    algorithm = (found[1] or "sha256") if found else ""
    if found is None or len(found[2]) != _HEX_DIGITS[algorithm]:
        raise Malformed(at, f"the digest of the file as algorithm:hex, by {', '.join(_HEX_DIGITS)}")
    return f"{algorithm}:{found[2]}"


def _sha256(value: Any, place: int) -> str:
    return _digest(value, f"/{place}/sha256").removeprefix("sha256:")


def _content(item: Mapping[str, Any]) -> str:
    return repr(sorted(item.items()))
