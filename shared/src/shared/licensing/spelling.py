"""One spelling for what looks alike: the first step of reading a licence string."""

import html
import re
import unicodedata

_TAG = re.compile(
    r"</?(?:a|b|br|code|div|em|h[1-6]|i|li|ol|p|pre|span|strong|tt|u|ul)(?:\s[^<>]{0,300})?/?>", re.IGNORECASE
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31});")
_LOOKALIKES = str.maketrans(
    dict.fromkeys("‐‑‒–—―−﹘﹣－", "-")
    | dict.fromkeys("‘’‚‛′`´", "'")
    | dict.fromkeys("“”„‟″«»", '"')
    | dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f", "")
    | {"≥": ">=", "™": "", "®": "", "\x00": " "}
)


def plain(value: str) -> str:
    """The string without markup, entities, typographic dashes and quotes, invisible characters and outer blanks.

    Lines stay lines. Letters of other alphabets stay what they are: a Cyrillic letter in `МIT` is no slip.
    """
    if not value.isascii():
        value = unicodedata.normalize("NFKC", value.translate(_LOOKALIKES)).translate(_LOOKALIKES)
    if "&" in value:
        value = _ENTITY.sub(lambda found: html.unescape(found[0]), value).replace("\xa0", " ")
    return _TAG.sub(" ", value).strip()


_WRAPPED = re.compile(
    r"""^(?:"([^"]*)"|'([^']*)'|\[([^][]*)\]|\{([^{}]*)\}|\(([^()]*)\)|\*\*?([^*]*)\*\*?|<([^<>]*)>)$"""
)
_LEAD = re.compile(
    r"^(?:spdx-license-identifier|spdx|(?:original |declared |main )?licen[sc]es?(?: ::)?(?: is| type| name| under)?)"
    r"\s*[:=]+\s*"
    r"|^(?:(?:this|the) \w+ (?:is|are) )?(?:free software,? )?"
    r"(?:licen[sc]ed|released|distributed|available|published|provided|covered|under)"
    r"(?: under| by| with)?(?: the)?(?: terms(?: and conditions)? of)?(?: the)? ",
    re.IGNORECASE,
)
_OPEN_SOURCE = re.compile(r"(?<!\s)\s+\(?(?:free and )?open[- ]source(?: software)?(?: licen[sc]e)?\)?$", re.IGNORECASE)


def unwrapped(value: str) -> str:
    """The string without what stands around a name: quotes and brackets, `License:`, `licensed under the`, a full stop.

    Bounded: five layers at most.
    """
    for _ in range(5):
        before = value
        value = _OPEN_SOURCE.sub("", _LEAD.sub("", value.strip("# \t").lstrip("* ").rstrip(".;,").strip(), count=1))
        if wrapped := _WRAPPED.match(value):
            value = next(group for group in wrapped.groups() if group is not None)
        if value == before:
            break
    return value.strip()
