"""JSON as it comes from strangers: bounded before it is parsed, and parsed one member at a time.

msgspec keeps the last of two equal keys and knows no depth limit of ours; both are looked at here first.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
from msgspec import Raw

from sbom_ingest.domain.outcome import breaks_specification, not_an_sbom, over_limit

_CHUNK = 1 << 20
_OPENING_AND_CLOSING = bytes.maketrans(b"[]", b"{}")
_NOT_STRUCTURE = bytes(code for code in range(256) if code not in b'[]{}"')
_KEY = re.compile(rb'[\s,{]*+("(?:[^"\\]|\\.)*+")\s*+:\s*+')

_list = msgspec.json.Decoder(list[Raw])
_members = msgspec.json.Decoder(dict[str, Raw])
_key = msgspec.json.Decoder(str)


@dataclass(frozen=True, slots=True)
class JsonObject:
    """The top members of a JSON object, each still as bytes. `pointer` is where the object stands in the document."""

    members: dict[str, Raw]
    pointer: str = ""

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
        try:
            return _list.decode(self.members[key])
        except msgspec.ValidationError:
            raise breaks_specification(f"{self.pointer}/{key}", "must be a list") from None


def open_json(text: bytes, max_depth: int) -> JsonObject:
    """The object that the document is, or that stands under `sbom` in it as GitHub's API answers.

    Refuses what is no JSON object, nests deeper than `max_depth`, holds a NUL, or has the same key twice at the top.
    """
    check_depth(text, max_depth)
    members = _unique_members(text, "")
    if "sbom" in members and not {"bomFormat", "spdxVersion"} & members.keys():
        inner = members["sbom"]
        if bytes(memoryview(inner)[:1]) == b"{":
            return JsonObject(_unique_members(bytes(inner), "/sbom"), "/sbom")
    return JsonObject(members)


def _unique_members(text: bytes, pointer: str) -> dict[str, Raw]:
    try:
        members = _members.decode(text)
    except msgspec.ValidationError:
        raise not_an_sbom("The document is JSON, but not an object: an SBOM is one.") from None
    except msgspec.DecodeError as fault:
        raise not_an_sbom(f"The document is not valid JSON: {_explained(str(fault), text)}.") from None
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


def check_depth(text: bytes, max_depth: int) -> None:
    """Refuse JSON that nests deeper than `max_depth`, in time linear in the document; refuses NUL escapes too."""
    structure = _structure(text)
    for _ in range(max_depth):
        inner = structure.replace(b"{}", b"")
        if len(inner) == len(structure):
            break
        structure = inner
    # Unbalanced remains of a malformed document are the parser's to name, unless they are deep themselves.
    if structure.count(b"{") > max_depth or b"{}" in structure:
        raise over_limit("depth", f"objects and lists may nest {max_depth} deep at most")


def _structure(text: bytes) -> bytes:
    """The brackets of the document outside of strings, as `{` and `}`."""
    kept = [_structure_of(piece) for piece in _pieces(text)]
    # A quote toggles between inside and outside: what stands at even places between quotes is outside.
    return b"".join(b"".join(kept).split(b'"')[::2])


def _structure_of(piece: bytes) -> bytes:
    if b"\\" in piece:
        piece = piece.replace(b"\\\\", b"")
        if b"\\u0000" in piece:
            raise not_an_sbom("The document holds the character NUL (\\u0000), which no field of an SBOM can have.")
        piece = piece.replace(b'\\"', b"")
    # Two quotes side by side toggle twice and may go.
    return piece.translate(_OPENING_AND_CLOSING, _NOT_STRUCTURE).replace(b'""', b"")


def _pieces(text: bytes) -> Iterator[bytes]:
    start = 0
    while start < len(text):
        end = start + _CHUNK
        while text[end - 1 : end] == b"\\":  # an escape must not be cut in two
            end += 1
        yield text[start:end]
        start = end
