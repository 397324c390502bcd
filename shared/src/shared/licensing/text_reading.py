"""Reads whole licence texts, and the notices that grant a licence in a few sentences."""

import re
from collections.abc import Sequence

from shared.licensing.catalogue import load_catalogue
from shared.licensing.expression import License
from shared.licensing.license_text import fingerprint
from shared.licensing.meaning import Meaning, ambiguous
from shared.licensing.notices import granted
from shared.licensing.text_matching import Nearest, near_texts
from shared.licensing.text_parts import repeated_texts, text_alone

SHORTEST_TEXT = 60
"""Characters; below it there is no text and no notice of a licence."""
_SHOWN_WORDS = 12
_NEAR = 0.75
"""The share of a licence's words that a text must have to be a candidate."""

_CONTAINED = 0.97
"""The share from which on a text may hold another licence too."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_FOUNDATION = frozenset(("free", "software", "foundation", "inc"))


def as_text(value: str) -> Meaning | None:
    """The licence that a text is or grants, or which it may be; None for what is no known text.

    A text with words that may change the terms is never the licence: a rider, a missing clause, a second licence.
    """
    if len(value) < SHORTEST_TEXT:
        return None
    found = _as_one(value)
    if found and found.expression:
        return found
    alone = text_alone(value)
    other = _as_one(alone) if alone and len(alone) >= SHORTEST_TEXT else _of_parts(repeated_texts(value))
    return other if other and other.expression else found


def _of_parts(texts: Sequence[str]) -> Meaning | None:
    """The licence that each of the texts is; None where one of them is none or another."""
    first = _as_one(texts[0]) if texts else None
    if first is None or first.expression is None:
        return None
    others = (_as_one(text) for text in texts[1:])
    return first if all(each and each.expression == first.expression for each in others) else None


def _as_one(value: str) -> Meaning | None:
    ids = load_catalogue().licenses_with_text(fingerprint(value))
    if ids:
        return _of_ids(ids)
    return granted(value) or _near(near_texts(value))


def _of_ids(ids: tuple[str, ...]) -> Meaning:
    shortest = min(ids, key=len)
    # MPL-2.0 or OFL-1.1: the other ids add a notice beside the text. GPL-2.0-only is no prefix of GPL-2.0-or-later.
    if all(license_id.startswith(shortest) for license_id in ids):
        return Meaning("text", License(shortest), (), f"the text of {shortest}")
    return ambiguous(ids, "the text of these licences, which only a notice tells apart")


def _near(texts: list[Nearest]) -> Meaning | None:
    near = [each for each in texts if each.share >= _NEAR]
    if not near:
        return None
    nearest = near[0]
    changes = [each for each in nearest.changes if each.found or not _is_statement_of_copyright(each.wanted)]
    if not changes:
        return _of_ids(nearest.ids)
    change = changes[0]
    said = [f"has “{_shown(change.found)}”"] if change.found else []
    said += [f"lacks “{_shown(change.wanted)}”"] if change.wanted else []
    contained = [id_ for each in near[1:] if each.share >= _CONTAINED for id_ in each.ids]
    return ambiguous((*nearest.ids, *contained), f"near the text of {nearest.ids[0]}, but it {' and '.join(said)}")


def _is_statement_of_copyright(words: tuple[str, ...]) -> bool:
    """Whether the words are years and the foundation that the list's own text names as their holder."""
    return len(words) > 1 and all(_YEAR.fullmatch(word) or word in _FOUNDATION for word in words)


def _shown(words: tuple[str, ...]) -> str:
    return " ".join(words[:_SHOWN_WORDS]) + (" …" if len(words) > _SHOWN_WORDS else "")
