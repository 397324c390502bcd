"""YAML as it comes from strangers: one pass over the parser's events, which are bounded and build nothing but text.

No alias is followed, no tag constructs anything, and a plain scalar is text unless it is a null or a truth value of
YAML 1.2's core schema: "no", "1.10" and "2024-01-01" stay what was written.
"""

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any, NamedTuple

import msgspec
import yaml
from msgspec import Raw

from sbom_ingest.adapters.readers.json_document import AS_BRACES, JsonObject, depth_of
from sbom_ingest.adapters.readers.source import Source
from sbom_ingest.adapters.readers.tolerant import to_pointer
from sbom_ingest.domain.limits import MIB, Limits
from sbom_ingest.domain.outcome import Refused, breaks_specification, not_an_sbom, over_limit

_WORDS = dict.fromkeys(("", "~", "null", "Null", "NULL")) | {
    word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")
}
_STANDARD_TAG = "tag:yaml.org,2002:"
_TAGS = frozenset({"str", "map", "seq", "null", "bool", "int", "float", "timestamp"})
_LONGEST_TAG = 500
_TAG_DECLARED = re.compile(rb"^%TAG", re.MULTILINE)
_MOST_TAGS_DECLARED = 100
_MARKS = b"\n,:-?[]{}"  # one of which stands between two events
_NO_BRACKETS = bytes(code for code in range(256) if code not in b"[]{}")
_ENTRY_DEPTH = 3  # the document, a top member, an entry of it
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.decode


class Bounds(NamedTuple):
    """How many entries a mapping or list may have inside of an entry of a top member.

    `of_keys` are other limits, each a name and so many entries, of the mapping or list at a key of the mapping at another
    key, which is empty for the document itself.
    """

    most: int
    of_keys: Mapping[tuple[str, ...], tuple[str, int]] = {}


def open_yaml(source: Source, limits: Limits, bounds: Bounds) -> JsonObject:
    """The top members of a YAML mapping, each as JSON, so that what reads the JSON form reads this too.

    Never more than one entry of a top member is there as Python objects. Refuses what is no single YAML document that is
    a mapping, a key twice at the top, aliases, tags that ask for an object, and what passes the limits and bounds.
    """
    members = _Builder(_bounded(source, limits), limits, bounds).document()
    if not isinstance(members, dict):
        raise not_an_sbom("The document is YAML, but not a mapping: an SBOM is one.")
    return JsonObject({key: Raw(_encode(value)) for key, value in members.items()})


def load_yaml(text: bytes, limits: Limits) -> Any:
    """The document as dict, list, str, bool and None; refuses as `open_yaml` does."""
    text = _bounded(Source(BytesIO(text)), limits)
    return _decode(_encode(_Builder(text, limits, Bounds(limits.entries)).document()))


def _bounded(source: Source, limits: Limits) -> bytes:
    if source.size > limits.yaml_bytes:
        raise over_limit("yaml-bytes", f"a YAML document may have {limits.yaml_bytes // MIB} MiB at most; JSON more")
    return source.whole()


class _Builder:
    """Builds the value of a document from its events, in which entries of top members are packed as JSON.

    `_path` are the keys and indices of what is open, with an empty one for the document itself.
    """

    __slots__ = ("_bounds", "_events", "_limits", "_path")

    def __init__(self, text: bytes, limits: Limits, bounds: Bounds) -> None:
        self._events = _events(text, limits)
        self._limits = limits
        self._bounds = bounds
        self._path: list[str] = []

    def document(self) -> Any:
        """The value of the only document; None where there is none."""
        value, documents = None, 0
        for event in self._events:
            if isinstance(event, yaml.NodeEvent):
                value = _scalar(event) if isinstance(event, yaml.ScalarEvent) else self._opened(event, "")
            documents += isinstance(event, yaml.DocumentStartEvent)
            if documents > 1:
                raise _unreadable("a second document begins; send each on its own", event)
        return value

    def _opened(self, event: yaml.NodeEvent, step: str) -> Any:
        """The mapping or list that begins at `step` of what is open."""
        if not isinstance(event, yaml.CollectionStartEvent):
            raise _alias(event)
        if event.tag is not None:
            _check_tag(event.tag, event)
        if len(self._path) >= self._limits.depth:
            raise over_limit("depth", f"mappings and sequences may nest {self._limits.depth} deep at most")
        self._path.append(step)
        value = self._mapping() if isinstance(event, yaml.MappingStartEvent) else self._list()
        self._path.pop()
        return Raw(_encode(value)) if len(self._path) == _ENTRY_DEPTH - 1 else value

    def _list(self) -> list[Any]:
        limit, most = self._bound()
        entries: list[Any] = []
        for event in self._events:
            if type(event) is yaml.ScalarEvent:
                entries.append(_scalar(event))
            elif type(event) is yaml.SequenceEndEvent:
                break
            else:
                entries.append(self._opened(event, str(len(entries))))
            if len(entries) > most:
                raise self._too_many_entries(limit, most)
        return entries

    def _mapping(self) -> dict[str, Any]:
        limit, most = self._bound()
        entries: dict[str, Any] = {}
        for written, event in enumerate(self._events):  # a key that stands twice counts twice
            if type(event) is yaml.MappingEndEvent:
                break
            if written >= most:
                raise self._too_many_entries(limit, most)
            key = _text(event)
            if key in entries and len(self._path) == 1:
                raise breaks_specification(f"/{key}", "the key stands twice; one of the two would be lost")
            value = next(self._events)
            entries[key] = _scalar(value) if type(value) is yaml.ScalarEvent else self._opened(value, key)
        return entries

    def _bound(self) -> tuple[str, int]:
        """The limit of what was opened last: its name, and how many entries it allows."""
        of_all = ("entries", self._bounds.most if len(self._path) >= _ENTRY_DEPTH else self._limits.yaml_events)
        return self._bounds.of_keys.get(tuple(self._path[-2:]), of_all)

    def _too_many_entries(self, limit: str, most: int) -> Refused:
        message = f"a mapping or sequence may have {most} entries at most here; leave out some"
        return over_limit(limit, message, to_pointer(tuple(self._path[1:])))


def _scalar(event: yaml.ScalarEvent) -> str | bool | None:
    """A value: text, unless it is plain and one of a few words."""
    value = _text(event)
    # `implicit` says that the scalar is plain and has no tag.
    return _WORDS.get(value, value) if event.implicit[0] else value


def _text(event: yaml.NodeEvent) -> str:
    """The text of a key or value."""
    if type(event) is not yaml.ScalarEvent:
        is_alias = isinstance(event, yaml.AliasEvent)
        raise _alias(event) if is_alias else _unreadable("a mapping or sequence is no key of an SBOM", event)
    text: str = event.value
    if event.tag is not None:
        _check_tag(event.tag, event)
    if "\0" in text:
        raise _unreadable("the character NUL, which no field of an SBOM can have", event)
    return text


def _events(text: bytes, limits: Limits) -> Iterator[Any]:
    """The events of the document, as many as the limits allow."""
    try:
        _check_size(text, limits)
        for count, event in enumerate(iter(yaml.CSafeLoader(text).get_event, None)):
            if count > limits.yaml_events:
                raise _too_many_events(limits)
            yield event
    except yaml.YAMLError as fault:
        raise not_an_sbom(f"The document is not valid YAML: {' '.join(str(fault).split())[:300]}.") from None


def _check_size(text: bytes, limits: Limits) -> None:
    """Refuse at once what has too many events: libyaml counts them in a fifth of the time that reading takes.

    It takes time quadratic in directives, and in brackets that nest deep, which are refused when they come. Where there
    are fewer marks than events allowed, there may still be more events, which are counted when they come.
    """
    if text.count(b"%TAG") > _MOST_TAGS_DECLARED and len(_TAG_DECLARED.findall(text)) > _MOST_TAGS_DECLARED:
        raise not_an_sbom(f"The document is not YAML that is read: more than {_MOST_TAGS_DECLARED} tags are declared.")
    marks = len(text) - len(text.translate(None, _MARKS))
    if marks <= limits.yaml_events or _nests_deep(text, limits.depth):
        return
    if yaml.CSafeLoader(text).raw_parse() > limits.yaml_events:
        raise _too_many_events(limits)


def _nests_deep(text: bytes, depth: int) -> bool:
    """Whether brackets may nest deeper than `depth`, those in texts taken for brackets too."""
    return depth_of(text.translate(AS_BRACES, _NO_BRACKETS)) > depth


def _too_many_events(limits: Limits) -> Refused:
    return over_limit("yaml-events", f"a YAML document may have {limits.yaml_events} parts at most")


def _check_tag(tag: str, event: yaml.NodeEvent) -> None:
    """Refuse tags that ask for more than YAML's plain kinds; local ones, such as names of classes, say nothing here."""
    if len(tag) > _LONGEST_TAG or (tag.startswith(_STANDARD_TAG) and tag.removeprefix(_STANDARD_TAG) not in _TAGS):
        raise _unreadable(f"the tag {tag[:80]!r} is not allowed", event)


def _alias(event: yaml.NodeEvent) -> Refused:
    return _unreadable("aliases are not followed; write the value in its place", event)


def _unreadable(what: str, event: yaml.Event) -> Refused:
    assert event.start_mark is not None
    return not_an_sbom(f"The document is not YAML that is read: {what} (line {event.start_mark.line + 1}).")
