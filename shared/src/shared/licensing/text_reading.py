"""Reads whole licence texts."""

from shared.licensing.catalogue import load_catalogue
from shared.licensing.expression import License
from shared.licensing.license_text import fingerprint
from shared.licensing.meaning import Meaning, ambiguous


def as_text(value: str) -> Meaning | None:
    """The licence that a text is, or which ones it may be; None for what is no known text."""
    if "\n" not in value and len(value) < 200:
        return None
    return _of_ids(load_catalogue().licenses_with_text(fingerprint(value)))


def _of_ids(ids: tuple[str, ...]) -> Meaning | None:
    shortest = min(ids, key=len, default=None)
    if shortest is None:
        return None
    # MPL-2.0 or OFL-1.1: the other ids add a notice beside the text. GPL-2.0-only is no prefix of GPL-2.0-or-later.
    if all(license_id.startswith(shortest) for license_id in ids):
        return Meaning("text", License(shortest), (), f"the text of {shortest}")
    return ambiguous(ids, "the text of these licences, which only a notice tells apart")
