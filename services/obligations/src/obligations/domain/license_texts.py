"""Which licence texts a component needs in the NOTICE: its own before the catalogue's, complete, never with blanks."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from obligations.domain.notice import TextSource
from shared.licensing import Catalogue, License, With, leaves, parse
from shared.licensing.license_text import fingerprint

_BODY_NAMES_NO_HOLDER = frozenset(
    ("0BSD", "BSD-2-Clause", "BSD-2-Clause-Patent", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "UPL-1.0")
)
"""Holder-specific licences whose listed text, less its one line for the copyright notice, fits every holder."""
_HOLDER_LINE = re.compile(r"^copyright\b.*(<[^>]+>|\[[^]]+\]|YEAR).*\n+", re.IGNORECASE | re.MULTILINE)
_LONGEST_TITLE = 80
# What stands before it is of the same line: over many empty lines `\W*` would begin again at each of them.
_COPYRIGHT_LINE = re.compile(r"^[^\w\n]*(copyright\b|\(c\)|©)", re.IGNORECASE | re.MULTILINE)
_LONGEST_READ = 262_144
"""Characters; the longest text of the SPDX list has about 50,000, so that a longer one is no single licence."""
_GPL_TITLE = re.compile(r"^\s*GNU GENERAL PUBLIC LICENSE\s*$", re.MULTILINE)
_GPL_BESIDE = {"LGPL-3.0-only": "GPL-3.0-only", "LGPL-3.0-or-later": "GPL-3.0-or-later"}
"""LGPL-3.0 §4(b): the text of the GPL goes with it."""


@dataclass(frozen=True, slots=True)
class ChosenText:
    """A text to print: for which licence or exception, and beside which licence's text it belongs."""

    beside: str
    label: str
    text: str
    source: TextSource


@dataclass(frozen=True, slots=True)
class Choice:
    """The texts for one component and the ids for which no complete text is known."""

    texts: tuple[ChosenText, ...]
    missing: tuple[str, ...]
    names_holder: bool
    """Whether a text of the component's own holds a copyright notice for the component."""


@dataclass(frozen=True, slots=True)
class _OwnText:
    """A text that came with the component: the licence it belongs to ("" = nobody knows), and those it is in full."""

    label: str
    complete_for: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class _Content:
    """What a text says, whatever it is said to be: the licences that it is in full, whether it names a copyright."""

    complete_for: tuple[str, ...]
    squeezed: str
    names_copyright: bool


class OwnTexts:
    """Reads each text that came with components once: thousands of them may have the same one."""

    def __init__(self, licenses: Catalogue) -> None:
        self.licenses = licenses
        self._contents: dict[str, _Content] = {}
        self._holding: dict[tuple[str, str], bool] = {}

    def content(self, text: str) -> _Content:
        """What the text says."""
        known = self._contents.get(text)
        return known or self._contents.setdefault(text, self._content(text))

    def _content(self, text: str) -> _Content:
        complete_for = self.licenses.licenses_with_text(fingerprint(text)) if len(text) <= _LONGEST_READ else ()
        return _Content(complete_for, _squeezed(text), _COPYRIGHT_LINE.search(text) is not None)

    def holds_body_of(self, license_id: str, text: str) -> bool:
        """Whether every paragraph of the licence's body, where it names no holder, stands in the text."""
        known = self._holding.get((license_id, text))
        return self._holding.setdefault((license_id, text), self._holds(license_id, text)) if known is None else known

    def _holds(self, license_id: str, text: str) -> bool:
        body = _without_holder(license_id, self.licenses) or ""
        paragraphs = [squeezed for each in body.split("\n\n") if len(squeezed := _squeezed(each)) > _LONGEST_TITLE]
        squeezed_text = self.content(text).squeezed
        return bool(paragraphs) and all(paragraph in squeezed_text for paragraph in paragraphs)


def choose_texts(
    leaves: Sequence[License | With],
    own: Sequence[tuple[str | None, str]],
    rejected: Collection[str],
    texts: OwnTexts,
) -> Choice:
    """The texts that the licences need, given the texts that came with the component (licence id if told, text).

    A text of the component's own is always kept, but for those of a `rejected` branch of an OR; the catalogue's stands
    beside it unless the two say the same.
    """
    licenses = texts.licenses
    labels = [leaf.license.id if isinstance(leaf, With) else leaf.id for leaf in leaves]
    read = [_read(told, text, labels, texts) for told, text in own]
    kept = [each for each in read if each.label not in rejected]
    chosen = [ChosenText(each.label or "~", each.label, each.text, "component") for each in kept]
    missing: list[str] = []
    for wanted, beside in _wanted(leaves, licenses):
        came_with = [each for each in kept if each.label == wanted]
        supplied = None if _is_complete(came_with, wanted, texts) else _listed(wanted, beside, licenses)
        chosen += [supplied] if supplied else []
        if supplied is None and not any(_may_be_text_of(wanted, each.text, texts) for each in came_with):
            missing.append(wanted)
    return Choice(tuple(chosen), tuple(missing), _names_holder(kept, texts))


def listed_text(license_or_exception: str, licenses: Catalogue) -> str | None:
    """The text that the catalogue has of a licence or exception for a NOTICE, None where it has none for every holder."""
    found = _listed(license_or_exception, license_or_exception, licenses)
    return found.text if found else None


def rejected_ids(effective: str | None, chosen_from: str | None) -> frozenset[str]:
    """The licences that were offered and not taken: their texts are no part of what is delivered."""
    return _ids(chosen_from) - _ids(effective)


def _ids(expression: str | None) -> frozenset[str]:
    found = leaves(parse(expression)) if expression else ()
    return frozenset(leaf.license.id if isinstance(leaf, With) else leaf.id for leaf in found)


def _wanted(leaves: Sequence[License | With], licenses: Catalogue) -> list[tuple[str, str]]:
    """The ids whose text is needed, each with the licence it stands beside."""
    wanted: list[tuple[str, str]] = []
    for leaf in leaves:
        base = leaf.license.id if isinstance(leaf, With) else leaf.id
        wanted.append((base, base))
        if isinstance(leaf, With):
            wanted.append((leaf.exception, base))
        if base in _GPL_BESIDE and not _GPL_TITLE.search(licenses.text(base) or ""):
            wanted.append((_GPL_BESIDE[base], base))
    return wanted


def _read(told: str | None, text: str, expected: Sequence[str], texts: OwnTexts) -> _OwnText:
    complete_for = texts.content(text).complete_for
    fitting = [each for each in complete_for if each in expected] or list(complete_for)
    only_one = expected[0] if len(expected) == 1 else ""
    return _OwnText(fitting[0] if fitting else told or only_one, complete_for, text)


def _is_complete(came_with: Sequence[_OwnText], wanted: str, texts: OwnTexts) -> bool:
    """Whether one of the texts is the licence in full, by its fingerprint or by every paragraph of its body."""
    return any(wanted in each.complete_for or texts.holds_body_of(wanted, each.text) for each in came_with)


def _may_be_text_of(license_id: str, text: str, texts: OwnTexts) -> bool:
    """Of a licence whose text names its holder no text can be told for sure, but a mere remark is much shorter."""
    listed = texts.licenses.text(license_id) or ""
    return len(texts.content(text).squeezed) * 2 >= len(_squeezed(listed))


def _squeezed(text: str) -> str:
    return " ".join(text.split()).casefold()


def _listed(wanted: str, beside: str, licenses: Catalogue) -> ChosenText | None:
    """The catalogue's text of a licence or exception, unless it names a holder who may be another."""
    known = licenses.license(wanted) or licenses.license(wanted.removesuffix("+"))
    if known is None:
        text = licenses.exception_text(wanted)
    elif known.holder_specific:
        body = _without_holder(known.id, licenses)
        return ChosenText(beside, wanted, body, "catalogue-without-holder") if body else None
    else:
        text = licenses.text(known.id)
    return ChosenText(beside, wanted, text, "catalogue") if text else None


def _without_holder(license_id: str, licenses: Catalogue) -> str | None:
    text = licenses.text(license_id) if license_id in _BODY_NAMES_NO_HOLDER else None
    return _HOLDER_LINE.sub("", text, count=1) if text else None


def _names_holder(own: Sequence[_OwnText], texts: OwnTexts) -> bool:
    """Only texts of holder-specific licences count: the copyright line in the GPL is that of the licence itself."""
    return any(
        texts.content(each.text).names_copyright
        for each in own
        if (known := texts.licenses.license(each.label)) is None or known.holder_specific
    )
