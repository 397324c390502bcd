"""What files and snippets say of licences and copyright, for the packages that contain them."""

from array import array
from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from sbom_ingest.adapters.readers.spdx_packages import SAYS_NOTHING
from sbom_ingest.adapters.readers.spdx_relationships import Meaning
from sbom_ingest.adapters.readers.spill import Spill
from sbom_ingest.domain.component_store import Found
from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.outcome import over_limit
from shared.contracts.inventory import ROOT, LicenseClaim

_NOWHERE = -2
_FIRST = -4  # the position of the first file; the next is at -5
_TEXTS = 8  # as much as so many of the longest texts may be added to packages
_EACH = 64  # bytes for what is around a statement


class _Facts(Struct, array_like=True):
    """What the file at this position says; `notices` are keys of texts."""

    position: int
    licenses: list[LicenseClaim]
    copyright: list[str]
    notices: list[str]


class Files:
    """The files of a document that has packages; call `settle` when all of the document is read.

    They are at positions from -4 downwards, so that they can be among those of elements. What they say waits in a stream,
    since which package contains a file is often said at the end.
    """

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._facts = Spill(draft.new_stream, _Facts)
        self._owners = array("i")
        self._further: dict[int, set[int]] = {}  # where several packages contain a file
        self._added = 0  # bytes

    def add(self, owner: int | None = None) -> int:
        """Add a file of an element, if that is known; returns its position."""
        self._owners.append(_NOWHERE if owner is None else owner)
        return _FIRST - len(self._owners) + 1

    def of_snippet(self, position: int | None) -> int:
        """The file that a snippet is from, which may be an element itself, or not in the document: then a new one."""
        return self.add(position) if position is None or position > _FIRST else position

    def tell(self, position: int, licenses: Iterable[LicenseClaim], copyright_: list[str], notices: list[str]) -> None:
        """Note what a file says, or a part of it; a licence that was concluded stands for those that were found."""
        claims = _that_count(licenses)
        if claims or copyright_ or notices:
            self._facts.append(_Facts(position, claims, copyright_, notices))

    def relate(self, source: int, target: int, meaning: Meaning) -> None:
        """Note what a relationship means of which one is no element: only that an element, or the root, contains a file."""
        owner, file = (target, source) if meaning.reverse else (source, target)
        if meaning.kind == "containment" and owner >= ROOT and file <= _FIRST:
            self.put(file, owner)

    def put(self, position: int, owner: int) -> None:
        """Note that an element, or -1, the root, contains what is at a position, if that is a file."""
        number = _FIRST - position
        if number < 0:
            return
        if self._owners[number] < 0:
            self._owners[number] = owner
        elif self._owners[number] != owner and owner != ROOT:
            self._further.setdefault(number, set()).add(owner)

    def settle(self) -> None:
        """Add what files say to the elements that contain them; to the root where nothing does."""
        found: dict[int, Found] = {}
        outside = 0
        for facts in self._facts:
            owners = self._owners_of(_FIRST - facts.position)
            outside += not owners
            self._added += _EACH * len(owners[1:])  # so that time is bounded too
            for owner in owners:
                self._add(facts, found.setdefault(owner, Found()), owner)
        for position, each in found.items():
            self._draft.components.find(position, each)
        if outside:
            message = f"what {outside} files or snippets say of licences is not used: no package contains them"
            self._draft.warn("file-outside", message, "")

    def _owners_of(self, number: int) -> Sequence[int]:
        owner, root = self._owners[number], self._draft.root_position
        if owner >= 0:
            return [owner, *self._further.get(number, ())]
        if root is None and len(self._draft.components) == 1:
            root = 0
        return [] if root is None else [root]

    def _add(self, facts: _Facts, found: Found, owner: int) -> None:
        for claim in facts.licenses:
            if claim.value not in found.licenses:
                found.licenses[claim.value] = claim
                self._added += len(claim.value) + _EACH
        for known, further in ((found.copyright, facts.copyright), (found.notices, facts.notices)):
            new = [each for each in further if each not in known]
            known.update(new)
            self._added += sum(map(len, new)) + _EACH * len(new)
        self._check_added(max(len(found.licenses), len(found.copyright), len(found.notices)), owner)

    def _check_added(self, entries: int, owner: int) -> None:
        """Refuse too many entries for one element; and too much for all, since many packages may contain a long file."""
        if entries > self._draft.limits.entries:
            self._draft.check_entries(entries, self._draft.components[owner].pointer)
        most = _TEXTS * self._draft.limits.text_bytes
        if self._added > most:
            message = f"what files say may add {most} bytes to all packages that contain them at most"
            raise over_limit("text", message, self._draft.components[owner].pointer)


def _that_count(claims: Iterable[LicenseClaim]) -> list[LicenseClaim]:
    """The concluded claims that say anything, else the others that do, as observed."""
    saying = [claim for claim in claims if claim.value not in SAYS_NOTHING]
    concluded = [claim for claim in saying if claim.origin == "concluded"]
    return [replace(claim, origin="observed") for claim in concluded or saying]
