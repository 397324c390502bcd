"""Changes of a document that keep most of its form, so that they reach what lies behind the parser.

A document of objects and lists is changed as such (JSON; YAML, which JSON is part of), one of elements in those, others in
whole lines and tags; each also in its bytes. The same `random` gives the same change.
"""

import copy
import json
import re
from collections.abc import Callable, Iterator
from random import Random
from typing import Any, Literal

from sbom_ingest.adapters.readers.yaml_document import load_yaml
from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import Refused
from tools.fuzz.xml_mutations import with_other_elements

Form = Literal["json", "yaml", "xml", "lines", "bytes"]
Place = tuple[Any, Any]

_HOW_MANY = (1, 1, 1, 2, 3, 4)
_PIECES = re.compile(r"(<[^>]*>|\n)")
_STRINGS = (
    "",
    " ",
    "\n",
    "\ud800",
    "\x01",
    "\u202ea",
    "NONE",
    "NOASSERTION",
    "MIT AND (",
    "(" * 70 + "MIT" + ")" * 70,
    " OR ".join(["MIT"] * 600),
    "LicenseRef-",
    "DocumentRef-a:SPDXRef-b",
    "SPDXRef-DOCUMENT",
    "SPDX-2.3",
    "pkg:",
    "pkg:npm/%zz@",
    "9" * 40,
    "2026-13-99T99:99:99Z",
    "../../etc/passwd",
    "\N{GRINNING FACE}" * 100,
    "a" * 5_000,
)
_ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 0.5, 1e308, 10**30, -(10**300), 2**63, 2**64),
    *([], {}, [None], [[]], [{}], {"": None}, {"a": [1]}),
    *_STRINGS,
)
_TOKENS = (
    *(b"\x00", b"\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\r", b"\\u0000", b"\\ud800", b'"', b"'", b"\\"),
    *(b"{" * 100, b"[" * 100, b"<a>" * 100, b"&lt;", b"&a;", b"<!DOCTYPE a>", b"<!--", b"<![CDATA[", b"]]>", b"<text>"),
    *(b"</text>", b"&x", b"*x", b"!!python/object:a ", b"? ", b"- ", b"<<: ", b'"a":1,', b"1e999", b"-", b"9" * 5_000),
)
_BEGINNINGS = (
    *(b"", b" \n", b"---\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x1f\x8b", b"<!DOCTYPE a [<!ENTITY b 'c'>]>"),
    *(b"<?xml version='1.0' encoding='%s'?>" % name for name in (b"latin1", b"windows-1252", b"utf-16", b"big5", b"a")),
    *(b"<?xml version='1.0'%s encoding='%s'?>" % (b" " * 300, name) for name in (b"latin1", b"big5", b"rot13", b"a")),
)
_DECLARATION = re.compile(rb"^\s*(<\?xml[^>]*>)?")


def mutated(document: bytes, form: Form, random: Random) -> bytes:
    """The document with a few changes; in lines or bytes where it is not of that form."""
    if random.random() < 0.05:
        return random.choice(_BEGINNINGS) + _DECLARATION.sub(b"", document, count=1)
    changes = random.choice(_HOW_MANY)
    if form == "bytes" or random.random() < 0.1:
        return _with_other_bytes(document, changes, random)
    if form == "lines" or random.random() < 0.1:
        return _with_other_pieces(document, changes, random)
    try:
        if form == "xml":
            return with_other_elements(document, changes, random)
        return written(_with_other_values(loaded(document, form), changes, random), form)
    except ValueError:
        return _with_other_pieces(document, changes, random)


def loaded(document: bytes, form: Form) -> Any:
    """The objects and lists of a document in JSON or YAML; ValueError where it is none."""
    try:
        return load_yaml(document, Limits()) if form == "yaml" else json.loads(document)
    except (Refused, RecursionError) as fault:
        raise ValueError(fault) from None


def written(value: Any, form: Form) -> bytes:
    """The document of these objects and lists. In YAML the members at the top have lines of their own."""
    if form == "yaml" and isinstance(value, dict):
        members = (f"{_flow(key)}: {_flow(inner)}\n" for key, inner in value.items())
        return "".join(members).encode(errors="surrogatepass")
    return json.dumps(value).encode()


def _flow(value: Any) -> str:
    # YAML knows no pairs of surrogates in escapes.
    return json.dumps(value, ensure_ascii=False)


def places(value: Any) -> Iterator[Place]:
    """Each member and list element, as the object or list that holds it and its key there."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(entries):
        yield value, key
        yield from places(inner)


def _with_other_values(document: Any, changes: int, random: Random) -> Any:
    for _ in range(changes):
        found = list(places(document))
        if not found:
            return copy.deepcopy(random.choice(_ODD))
        random.choice(_CHANGES)(random.choice(found), random.choice(found), random)
    return document


def _delete(place: Place, _other: Place, _random: Random) -> None:
    holder, key = place
    del holder[key]


def _duplicate(place: Place, _other: Place, random: Random) -> None:
    holder, key = place
    value = copy.deepcopy(holder[key])
    if isinstance(holder, list):
        holder.insert(random.randint(0, len(holder)), value)
    else:
        holder[f"{key}{random.choice(('', '2', 's', ' '))}"] = value


def _rename(place: Place, other: Place, random: Random) -> None:
    holder, key = place
    if isinstance(holder, dict):
        holder[str(other[1]) if random.random() < 0.5 else random.choice(_STRINGS)] = holder.pop(key)


def _swap(place: Place, other: Place, _random: Random) -> None:
    # Copies, lest an object end up inside itself.
    first, second = copy.deepcopy(place[0][place[1]]), copy.deepcopy(other[0][other[1]])
    place[0][place[1]] = second
    other[0][other[1]] = first


def _take_from(place: Place, other: Place, _random: Random) -> None:
    place[0][place[1]] = copy.deepcopy(other[0][other[1]])


def _replace(place: Place, _other: Place, random: Random) -> None:
    place[0][place[1]] = copy.deepcopy(random.choice(_ODD))


def _alter_string(place: Place, _other: Place, random: Random) -> None:
    value = str(place[0][place[1]])
    cut = random.randint(0, len(value))
    place[0][place[1]] = value[:cut] + random.choice(_STRINGS) + value[cut + random.randint(0, 3) :]


def _retype(place: Place, _other: Place, random: Random) -> None:
    value = place[0][place[1]]
    place[0][place[1]] = random.choice((str(value), [value], {"a": value}, [value, value]))


def _nest(place: Place, _other: Place, random: Random) -> None:
    holder, key = place
    for _ in range(random.choice((3, 40, 70))):
        holder[key] = {str(key): holder[key]} if random.random() < 0.5 else [holder[key]]


_CHANGES: tuple[Callable[[Place, Place, Random], None], ...] = (
    *(_delete, _duplicate, _rename, _swap, _take_from, _replace, _replace, _alter_string, _retype, _nest),
)


def _with_other_pieces(document: bytes, changes: int, random: Random) -> bytes:
    pieces = [piece for piece in _PIECES.split(document.decode(errors="surrogateescape")) if piece]
    for _ in range(changes):
        start, to = (random.randint(0, len(pieces)) for _ in range(2))
        end = start + random.choice((1, 1, 1, 2, 3, 8))
        match random.choice(("delete", "copy", "replace", "move", "alter")):
            case "delete":
                del pieces[start:end]
            case "copy":
                pieces[to:to] = pieces[start:end]
            case "replace":
                pieces[start:end] = [random.choice(_STRINGS)]
            case "move":
                pieces[to : to + 1] = pieces[start:end]
            case _:
                pieces[start:end] = [_altered(piece, random) for piece in pieces[start:end]]
    return "".join(pieces).encode(errors="surrogatepass")


def _altered(piece: str, random: Random) -> str:
    cut = random.randint(0, len(piece))
    return piece[:cut] + random.choice(_STRINGS) + piece[cut + random.randint(0, 3) :]


def _with_other_bytes(document: bytes, changes: int, random: Random) -> bytes:
    changed = bytearray(document)
    for _ in range(changes):
        start, length = random.randint(0, len(changed)), random.choice((1, 1, 4, 40))
        match random.choice(("flip", "delete", "copy", "insert", "cut")):
            case "flip" if start < len(changed):
                changed[start] ^= 1 << random.randint(0, 7)
            case "delete":
                del changed[start : start + length]
            case "copy":
                changed[start:start] = changed[start : start + length]
            case "cut" if random.random() < 0.1:
                del changed[start:]
            case _:
                changed[start:start] = random.choice(_TOKENS)
    return bytes(changed)
