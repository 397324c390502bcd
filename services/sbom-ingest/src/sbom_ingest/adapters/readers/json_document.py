"""JSON as it comes from strangers: bounded before it is read, and read one member, or entry of a list, at a time.

msgspec keeps the last of two equal keys and knows no depth limit of ours; both are looked at here.
"""

import re
from collections.abc import Iterator
from itertools import accumulate

import msgspec
from msgspec import Raw

from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import breaks_specification, not_an_sbom, over_limit

_CHUNK = 1 << 20
AS_BRACES = bytes.maketrans(b"[]", b"{}")
_STEPS = bytes.maketrans(b"{}", b"\x01\xff")  # 1 and -1, as signed bytes
_NOT_STRUCTURE = bytes(code for code in range(256) if code not in b'[]{}"')
# Behind an even number of backslashes; an odd one is a backslash, and then u0000.
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*+\\u0000")
_BACKSLASH = ord("\\")
_KEY = re.compile(rb'[\s,{]*+("(?:[^"\\]|\\.)*+")\s*+:\s*+')

_list = msgspec.json.Decoder(list[Raw])
_members = msgspec.json.Decoder(dict[str, Raw])
_key = msgspec.json.Decoder(str)


class JsonObject:
    """The top members of a JSON object, each still as bytes. `pointer` is where the object stands in the document."""

    def __init__(self, members: dict[str, Raw], pointer: str = "") -> None:
        self.members = members
        self.pointer = pointer
        self._elements: dict[str, list[Raw]] = {}
        self._with_objects: dict[str, bytearray] = {}

    def text(self, key: str) -> str | None:
        """The member as a string; None where it is missing or something else."""
        try:
            return msgspec.json.decode(self.members[key], type=str)
        except (KeyError, msgspec.ValidationError):
            return None

    def is_null(self, key: str) -> bool:
        """Whether the member is missing or null."""
        member = self.members.get(key)
        return member is None or bytes(memoryview(member)[:4]) == b"null"

    def elements(self, key: str) -> list[Raw]:
        """The entries of a list member, each as bytes; none where it is missing or null, refused if it is no list."""
        if self.is_null(key):
            return []
        if key not in self._elements:
            try:
                self._elements[key] = _list.decode(self.members[key])
            except msgspec.ValidationError:
                raise breaks_specification(f"{self.pointer}/{key}", "must be a list") from None
        return self._elements[key]

    def may_hold_objects(self, key: str) -> bytearray:
        """Of each entry of a list member whose depth was checked, whether braces in it may be of an object inside."""
        return self._with_objects.get(key, bytearray())

    def check(self, most: int, most_entries: int) -> None:
        """Refuse members that nest deeper than `most` with the object itself, and lists of more than `most_entries`.

        Takes time linear in the document. An entry of a list that opens no more objects and lists than may nest needs no
        closer look.
        """
        for key, member in self.members.items():
            if bytes(memoryview(member)[:1]) != b"[":
                check_depth(memoryview(member), most - 1)
                continue
            entries = self.elements(key)
            if len(entries) > most_entries:
                message = f"a list may have {most_entries} entries at most, not {len(entries)}"
                raise over_limit("relationships", message, f"{self.pointer}/{key}")
            with_objects = self._with_objects[key] = bytearray()
            for entry in entries:
                text = bytes(entry)
                objects = text.count(b"{")
                with_objects.append(objects > 1)
                if objects + text.count(b"[") > most - 2:
                    check_depth(memoryview(entry), most - 2)


def open_json(text: bytes, limits: Limits) -> JsonObject:
    """The object that the document is, or that stands under `sbom` in it as GitHub's API answers.

    Refuses what is no JSON object, passes a limit, holds a NUL, or has the same key twice at the top. No list has more
    entries than a document may have relationships, of which there may be most.
    """
    _refuse_nul(text)
    document, max_depth = JsonObject(_unique_members(text, "", limits)), limits.depth
    if "sbom" in document.members and not {"bomFormat", "spdxVersion"} & document.members.keys():
        inner = document.members["sbom"]
        if bytes(memoryview(inner)[:1]) == b"{":
            document, max_depth = JsonObject(_unique_members(bytes(inner), "/sbom", limits), "/sbom"), max_depth - 1
    document.check(max_depth, limits.relationships)
    return document


def _refuse_nul(text: bytes) -> None:
    if b"\\u0000" in text and _NUL.search(text):
        raise not_an_sbom("The document holds the character NUL (\\u0000), which no field of an SBOM can have.")


def _unique_members(text: bytes, pointer: str, limits: Limits) -> dict[str, Raw]:
    try:
        members = _members.decode(text)
    except msgspec.ValidationError:
        check_depth(memoryview(text), limits.depth)
        raise not_an_sbom("The document is JSON, but not an object: an SBOM is one.") from None
    except RecursionError:
        raise _too_deep(limits.depth) from None
    except msgspec.DecodeError as fault:
        raise not_an_sbom(f"The document is not valid JSON: {_explained(str(fault), text)}.") from None
    if len(members) > limits.entries:
        raise over_limit("entries", f"an object may have {limits.entries} members at most, not {len(members)}", pointer)
    _refuse_repeated_keys(text, members, pointer)
    return members


def _explained(fault: str, text: bytes) -> str:
    if re.search(rb"\\u[dD][89a-fA-F]", text) and ("truncated" in fault or "escape" in fault):
        return f"{fault}; half of a surrogate pair is no character"
    return fault


def _refuse_repeated_keys(text: bytes, members: dict[str, Raw], pointer: str) -> None:
    """Walk over the members where they stand: a repeated key shows as a member that is not the next expected one."""
    place = 0
    for key, value in members.items():
        found = _KEY.match(text, place)
        written = _key.decode(found.group(1)) if found else None
        if found is None or written != key or not text.startswith(memoryview(value), found.end()):
            raise _repeated(written if written in members else key, pointer)
        place = found.end() + len(memoryview(value))
    found = _KEY.match(text, place)
    if found is not None:
        raise _repeated(_key.decode(found.group(1)), pointer)


def _repeated(key: str | None, pointer: str) -> Exception:
    return breaks_specification(f"{pointer}/{key}", "the key stands twice; one of the two would be lost")


def _too_deep(max_depth: int) -> Exception:
    return over_limit("depth", f"objects and lists may nest {max_depth} deep at most")


def check_depth(text: memoryview, max_depth: int) -> None:
    """Refuse JSON that nests deeper than `max_depth`, in time linear in the document."""
    structure = _structure(text)
    # What opens at once needs no adding up, and is how most that nests too deep is written.
    if b"{" * (max_depth + 1) in structure or depth_of(structure) > max_depth:
        raise _too_deep(max_depth)


def depth_of(structure: bytes) -> int:
    """How deep braces nest, where there is nothing else."""
    return max(accumulate(memoryview(structure.translate(_STEPS)).cast("b")), default=0)


def _structure(text: memoryview) -> bytes:
    """The brackets of the document outside of strings, as `{` and `}`."""
    kept = [_structure_of(piece) for piece in _pieces(text)]
    # A quote toggles between inside and outside: what stands at even places between quotes is outside.
    return b"".join(b"".join(kept).split(b'"')[::2])


def _structure_of(piece: bytes) -> bytes:
    if b"\\" in piece:
        piece = piece.replace(b"\\\\", b"").replace(b'\\"', b"")
    # Two quotes side by side toggle twice and may go.
    return piece.translate(AS_BRACES, _NOT_STRUCTURE).replace(b'""', b"")


def _pieces(text: memoryview) -> Iterator[bytes]:
    start = 0
    while start < len(text):
        end = start + _CHUNK
        while end <= len(text) and text[end - 1] == _BACKSLASH:  # an escape must not be cut in two
            end += 1
        yield bytes(text[start:end])
        start = end
