"""Puts the texts of a document in order, each once, and gives them their ids."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from obligations.domain.license_texts import ChosenText
from obligations.domain.notice import NoticeText, TextSource, UpstreamNotice

_SOURCES: tuple[TextSource, ...] = ("component", "catalogue", "catalogue-without-holder")


def normalised_digest(text: str) -> str:
    """A hex digest that is equal for texts that differ in nothing but white space and line ends."""
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(slots=True)
class _Place:
    """One text in all the ways in which it was handed in."""

    variants: set[tuple[int, str]] = field(default_factory=set)
    labels: set[tuple[str, str]] = field(default_factory=set)


class TextShelf:
    """Collects texts, then lists them: by licence, an exception's after that of the licence it stands with."""

    def __init__(self) -> None:
        self._places: dict[str, _Place] = {}
        self._digests: dict[str, str] = {}

    def add(self, chosen: ChosenText) -> str:
        """Keeps the text and returns the digest to look up its id with."""
        digest = self._digests.get(chosen.text) or self._digests.setdefault(chosen.text, normalised_digest(chosen.text))
        place = self._places.setdefault(digest, _Place())
        place.variants.add((_SOURCES.index(chosen.source), chosen.text))
        place.labels.add((chosen.beside, chosen.label))
        return digest

    def listed(self) -> dict[str, NoticeText]:
        """Every text by its digest, in the order of printing. Of variants in layout the component's own is printed."""
        ordered = sorted(self._places.items(), key=lambda item: (_position(item[1]), item[0]))
        return {digest: _text(f"text-{number}", place) for number, (digest, place) in enumerate(ordered, start=1)}


def upstream_notices(texts: Iterable[str]) -> dict[str, UpstreamNotice]:
    """The distinct NOTICE contents by themselves, numbered in an order that does not depend on the input's."""
    distinct = sorted(set(texts), key=lambda text: (text.casefold(), text))
    return {text: UpstreamNotice(f"notice-{number}", text) for number, text in enumerate(distinct, start=1)}


def _position(place: _Place) -> tuple[str, bool, str]:
    beside, label = min(place.labels)
    return beside.casefold(), beside != label, label.casefold()


def _text(text_id: str, place: _Place) -> NoticeText:
    source, text = min(place.variants)
    labels = sorted({label for _, label in place.labels if label})
    return NoticeText(text_id, ", ".join(labels), text, _SOURCES[source])
