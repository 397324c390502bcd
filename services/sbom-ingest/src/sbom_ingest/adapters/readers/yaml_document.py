"""YAML as it comes from strangers: one pass over the parser's events, which are bounded and build nothing but text.

No alias is followed, no tag constructs anything, and a plain scalar is text unless it is a null or a truth value of
YAML 1.2's core schema: "no", "1.10" and "2024-01-01" stay what was written.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import msgspec
import yaml
from msgspec import Raw

from sbom_ingest.adapters.readers.json_document import JsonObject
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
_ENTRY_DEPTH = 3  # the document, a top member, an entry of it
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.decode


class _Mapping:
    """A mapping that is still open: its entries so far, how many were written, and the key that waits for its value."""

    __slots__ = ("entries", "key", "written")

    def __init__(self) -> None:
        self.entries: dict[str, Any] = {}
        self.key: str | None = None
        self.written = 0

    def __len__(self) -> int:
        """How many entries were written so far, those of a key that stands twice included."""
        return self.written


def open_yaml(source: Source, limits: Limits, most_entries: int) -> JsonObject:
    """The top members of a YAML mapping, each as JSON, so that what reads the JSON form reads this too.

    Never more than one entry of a top member is there as Python objects. What stands inside of such an entry may have
    `most_entries` entries itself. Refuses what is no single YAML document
    that is a mapping, a key twice at the top, aliases, tags that ask for an object, and what passes the limits.
    """
    members = _built(_bounded(source, limits), limits, most_entries)
    if not isinstance(members, dict):
        raise not_an_sbom("The document is YAML, but not a mapping: an SBOM is one.")
    return JsonObject({key: Raw(_encode(value)) for key, value in members.items()})


def load_yaml(text: bytes, limits: Limits) -> Any:
    """The document as dict, list, str, bool and None; refuses as `open_yaml` does."""
    return _decode(_encode(_built(_bounded(Source(BytesIO(text)), limits), limits, limits.entries)))


def _bounded(source: Source, limits: Limits) -> bytes:
    if source.size > limits.yaml_bytes:
        raise over_limit("yaml-bytes", f"a YAML document may have {limits.yaml_bytes // MIB} MiB at most; JSON more")
    return source.whole()


def _built(text: bytes, limits: Limits, most_entries: int) -> Any:
    """The value of the document, in which entries of top members are packed as JSON."""
    stack: list[_Mapping | list[Any]] = []
    outermost: list[Any] = []
    for event in _events(text, limits):
        if isinstance(event, yaml.ScalarEvent):
            if stack and isinstance(mapping := stack[-1], _Mapping) and mapping.key is None:
                mapping.key = _key(event.value, mapping, len(stack))
                continue
            value: Any = _scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            _open(stack, event, limits)
            continue
        elif isinstance(event, yaml.CollectionEndEvent):
            value = _closed(stack)
        else:
            continue
        _put(value, stack[-1] if stack else outermost)
        _check_entries(stack, most_entries)
    return outermost[0] if outermost else None


def _check_entries(stack: list[_Mapping | list[Any]], most: int) -> None:
    """Refuse more entries than what stands inside of an element may have, in the innermost that is open."""
    if len(stack) < _ENTRY_DEPTH or len(stack[-1]) <= most:
        return
    steps = (str(len(each)) if isinstance(each, list) else each.key or "" for each in stack[:-1])
    message = f"a mapping or sequence inside of another may have {most} entries at most; leave out some"
    raise over_limit("entries", message, to_pointer(tuple(steps)))


def _open(stack: list[_Mapping | list[Any]], event: yaml.CollectionStartEvent, limits: Limits) -> None:
    if len(stack) >= limits.depth:
        raise over_limit("depth", f"mappings and sequences may nest {limits.depth} deep at most")
    if stack and isinstance(stack[-1], _Mapping) and stack[-1].key is None:
        raise _unreadable("a mapping or sequence is no key of an SBOM", event)
    stack.append(_Mapping() if isinstance(event, yaml.MappingStartEvent) else [])


def _closed(stack: list[_Mapping | list[Any]]) -> Any:
    container = stack.pop()
    value = container.entries if isinstance(container, _Mapping) else container
    return Raw(_encode(value)) if len(stack) + 1 == _ENTRY_DEPTH else value


def _put(value: Any, container: _Mapping | list[Any]) -> None:
    if isinstance(container, list):
        container.append(value)
    else:
        assert container.key is not None
        container.entries[container.key], container.key = value, None
        container.written += 1


def _scalar(event: yaml.ScalarEvent) -> str | bool | None:
    value: str = event.value
    # `implicit` says that the scalar is plain and has no tag.
    return _WORDS.get(value, value) if event.implicit[0] else value


def _key(written: str, mapping: _Mapping, depth: int) -> str:
    if depth == 1 and written in mapping.entries:
        raise breaks_specification(f"/{written}", "the key stands twice; one of the two would be lost")
    return written


def _events(text: bytes, limits: Limits) -> Iterator[yaml.Event]:
    """The events of a single document within the limits."""
    documents = 0
    try:
        for count, event in enumerate(yaml.parse(text, Loader=yaml.CSafeLoader)):
            if count > limits.yaml_events:
                raise over_limit("yaml-events", f"a YAML document may have {limits.yaml_events} parts at most")
            documents += isinstance(event, yaml.DocumentStartEvent)
            _check(event, documents)
            yield event
    except yaml.YAMLError as fault:
        raise not_an_sbom(f"The document is not valid YAML: {' '.join(str(fault).split())[:300]}.") from None


def _check(event: yaml.Event, documents: int) -> None:
    if isinstance(event, yaml.AliasEvent):
        raise _unreadable("aliases are not followed; write the value in its place", event)
    if documents > 1:
        raise _unreadable("a second document begins; send each on its own", event)
    if isinstance(event, yaml.ScalarEvent) and "\0" in event.value:
        raise _unreadable("the character NUL, which no field of an SBOM can have", event)
    if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag is not None:
        _check_tag(event.tag, event)


def _check_tag(tag: str, event: yaml.Event) -> None:
    """Refuse tags that ask for more than YAML's plain kinds; local ones, such as names of classes, say nothing here."""
    if len(tag) > _LONGEST_TAG or (tag.startswith(_STANDARD_TAG) and tag.removeprefix(_STANDARD_TAG) not in _TAGS):
        raise _unreadable(f"the tag {tag[:80]!r} is not allowed", event)


def _unreadable(what: str, event: yaml.Event) -> Refused:
    assert event.start_mark is not None
    return not_an_sbom(f"The document is not YAML that is read: {what} (line {event.start_mark.line + 1}).")
