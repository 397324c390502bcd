"""The fifteen checks of a lawyer on a NOTICE (domain model §5.3), each with what it saw."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter
from typing import Literal

from msgspec import Struct

from obligations.domain.derive import Group
from obligations.domain.license_texts import listed_text
from obligations.domain.notice import Notice, NoticeText
from obligations.domain.statements import is_address
from shared.contracts.decisions import DecidedRelease
from shared.licensing import And, Catalogue, License, Or, With, leaves, parse
from shared.remembering import remembered

Result = Literal["passed", "failed", "not-checked"]

_PLACEHOLDER = re.compile(
    r"<(year|name|owner|copyright|organi[sz]ation)[^>]*>|\[(year|yyyy|name|owner)[^]]*\]", re.IGNORECASE
)
_GNU = re.compile(r"^(A|L)?GPL-\d")
_SOURCE_DUTIES = frozenset(("source-with-binary", "source-location", "network-source", "written-offer"))
_ON_OWN_TERMS = frozenset(
    ("reverse-engineering", "no-further-restrictions", "disclaim-for-contributors", "no-endorsement")
)


_place = attrgetter("name", "version", "purl")
_license_and_texts = attrgetter("license", "texts")
_copyright = attrgetter("copyright")


class Check(Struct, frozen=True):
    """One check: its number and question, how it came out, and what it saw."""

    number: int
    title: str
    result: Result
    saw: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checks look at. `groups`: the shipped components with their duties; `licenses`: the archive of texts;
    `printed`: the ids of the licences and exceptions that each text, by its id, is the text of; `licensed`: how many
    components there are of each licence with each set of texts."""

    release: DecidedRelease
    notice: Notice
    groups: Sequence[Group]
    licenses: Catalogue
    printed: Mapping[str, frozenset[str]]
    licensed: Counter[tuple[str, tuple[str, ...]]]

    def open_components(self, *kinds: str) -> int:
        """How many components have an open point of one of these kinds."""
        return len({each for point in self.notice.open_points if point.kind in kinds for each in point.components})

    def with_duty(self, obligations: frozenset[str]) -> int:
        """How many components have one of these duties."""
        return sum(
            len(each.components) for each in self.groups if {duty.obligation for duty in each.duties} & obligations
        )


_Outcome = tuple[Result, str]


def check_notice(
    release: DecidedRelease, notice: Notice, groups: Sequence[Group], licenses: Catalogue
) -> tuple[Check, ...]:
    """All fifteen, in their order. `groups`: the shipped components with their duties; `licenses`: whose texts count."""
    printed = {text.id: frozenset(text.license.split(", ")) for text in notice.texts}
    licensed = Counter(map(_license_and_texts, notice.components))
    licensed = Counter({each: count for each, count in licensed.items() if each[0]})
    checked = Checked(release, notice, groups, licenses, printed, licensed)
    return tuple(Check(number, title, *look(checked)) for number, (title, look) in enumerate(_CHECKS, start=1))


def _each_once(of: Checked) -> _Outcome:
    shipped = [each for each in of.release.components if each.shipped]
    listed = of.notice.components
    held_back = len(of.release.components) - len(shipped)
    saw = f"{len(shipped)} shipped components, {len(listed)} listed; {held_back} not shipped and not listed"
    absent = set(map(_place, shipped))
    distinct = len(absent)
    absent.difference_update(map(_place, listed))
    if len(listed) == distinct:  # so many, and none is absent: each is there once
        return _passed(not absent), saw
    counted = Counter(map(_place, listed))
    return _passed(not absent and counted <= Counter(map(_place, shipped))), saw


def _texts_complete(of: Checked) -> _Outcome:
    missing = of.open_components("license-text-missing")
    sources = Counter(text.source for text in of.notice.texts)
    told = ", ".join(f"{count} from {source}" for source, count in sorted(sources.items())) or "none"
    came = any(text.source == "component" for text in of.notice.texts)
    with_texts = (each for group in of.groups for each in group.components if each.texts) if came else ()
    own = {_sha256(written) for written in {of.release.texts[text.text] for each in with_texts for text in each.texts}}
    altered = [text.id for text in of.notice.texts if not _is_as_archived(text, own, of)]
    saw = f"{len(of.notice.texts)} texts ({told}); {missing} missing; other than archived: {altered or 'none'}"
    return _passed(not missing and not altered), saw


def _is_as_archived(text: NoticeText, own: Collection[bytes], of: Checked) -> bool:
    """Whether the text has the digest of one that came with a component, or that is listed for one of its licences."""
    digest = _sha256(text.text)
    if text.source == "component":
        return digest in own
    listed = (listed_text(each, of.licenses) for each in of.printed[text.id])
    return digest in {_sha256(each) for each in listed if each is not None}


def _sha256(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _no_placeholders(of: Checked) -> _Outcome:
    ours = [text for text in of.notice.texts if text.source == "catalogue-without-holder"]
    left = [text.id for text in ours if _PLACEHOLDER.search(text.text)]
    return _passed(
        not left
    ), f"{len(ours)} texts had their blank for the holder taken out; blanks left in {left or 'none'}"


def _copyright_present(of: Checked) -> _Outcome:
    needing = of.with_duty(frozenset(("copyright-notices", "cc-attribution")))
    missing = of.open_components("copyright-notice-unknown")
    searched = sum(each.copyright_status == "absent" for group in of.groups for each in group.components)
    saw = f"{needing} components need a copyright notice; {missing} have none; {searched} were searched and hold none"
    return _passed(not missing), saw


def _copyright_verbatim(of: Checked) -> _Outcome:
    known = set(chain.from_iterable(map(_copyright, of.release.components)))
    lines = list(chain.from_iterable(map(_copyright, of.notice.components)))
    changed = 0 if known.issuperset(lines) else sum(line not in known for line in lines)
    return _passed(not changed), f"{len(lines)} lines, {changed} differ from the SBOM"


def _upstream_notices(of: Checked) -> _Outcome:
    needing = of.with_duty(frozenset(("notice-file",)))
    missing = of.open_components("upstream-notice-unknown", "upstream-notice-missing")
    saw = f"{needing} components may have an upstream NOTICE, {len(of.notice.notices)} texts printed, {missing} unknown"
    return _passed(not missing), saw


def _one_branch(of: Checked) -> _Outcome:
    chosen = [each for each in of.notice.components if each.chosen_from]
    open_choices = sum(count for (license_, _), count in of.licensed.items() if _has_or(license_))
    return _passed(not open_choices), f"{len(chosen)} choices made, {open_choices} open"


def _all_of_and(of: Checked) -> _Outcome:
    joined = {each: count for each, count in of.licensed.items() if _is_and(each[0])}
    return _of_texts(of, joined, _bases, "conjunctions")


def _exceptions(of: Checked) -> _Outcome:
    excepted = {each: count for each, count in of.licensed.items() if _exception_ids(each[0])}
    return _of_texts(of, excepted, _exception_ids, "licences with an exception")


def _version_precision(of: Checked) -> _Outcome:
    ids = sorted({each for license_, _ in of.licensed for each in _bases(license_) if _GNU.match(each)})
    vague = [each for each in ids if not each.endswith(("-only", "-or-later"))]
    return _passed(
        not vague
    ), f"GNU licences: {', '.join(ids) or 'none'}; without their version: {', '.join(vague) or 'none'}"


def _source(of: Checked) -> _Outcome:
    needing = of.with_duty(_SOURCE_DUTIES)
    open_points = of.open_components("source-location-unknown", "source-with-product")
    told = {each for statement in of.notice.statements for each in statement.components if each.source}
    malformed = [each for each in {each.source or "" for each in told} if not is_address(each)]
    offered = {
        each for statement in of.notice.statements if statement.kind == "written-offer" for each in statement.components
    }
    digests = len([each for group in of.groups for each in group.components if each.source_sha256])
    saw = (
        f"{needing} components need source; {len(told)} with an address, {len(malformed)} malformed; "
        f"{len(offered)} offered in writing; {open_points} without; "
        f"the digest of the archive is known of {digests}. Not checked: whether an address answers, whether it is kept"
    )
    return _passed(not open_points and not malformed), saw


def _acknowledgements(of: Checked) -> _Outcome:
    printed = {each.text for each in of.notice.statements if each.kind == "acknowledgement"}
    due = {sentence for group in of.groups for duty in group.duties for sentence in duty.sentences}
    absent, unknown = len(due - printed), of.open_components("acknowledgement-unknown")
    return _passed(
        not absent and not unknown
    ), f"{len(due)} sentences due, {absent} absent, {unknown} components without one"


def _modifications(of: Checked) -> _Outcome:
    marked = sum(each.modified is True for each in of.notice.components)
    unknown = sum(each.modified is None for each in of.notice.components)
    saw = (
        f"{marked} components marked as modified, of {unknown} it is not known; what was changed when is not in an SBOM"
    )
    return ("not-checked" if marked or unknown else "passed"), saw


def _nothing_unresolved(of: Checked) -> _Outcome:
    kinds = ("license-unresolved", "license-not-analysed", "denied")
    counts = {kind: of.open_components(kind) for kind in kinds}
    return _passed(not any(counts.values())), ", ".join(f"{kind}: {count}" for kind, count in counts.items())


def _own_terms(of: Checked) -> _Outcome:
    limiting = of.with_duty(_ON_OWN_TERMS)
    saw = f"{limiting} components limit what own terms may say; the own terms are not known here"
    return ("not-checked" if limiting else "passed"), saw


_CHECKS: tuple[tuple[str, Callable[[Checked], _Outcome]], ...] = (
    ("Every shipped component appears exactly once, and nothing else", _each_once),
    ("Every licence that applies has its complete text", _texts_complete),
    ("No blanks of a template are left", _no_placeholders),
    ("Every component that needs a copyright notice has one", _copyright_present),
    ("Copyright lines are word for word", _copyright_verbatim),
    ("Upstream NOTICE texts are there, or known to be absent", _upstream_notices),
    ("Of a choice exactly one branch is used", _one_branch),
    ("Of licences that apply together all texts are there", _all_of_and),
    ("The text of an exception stands with that of its licence", _exceptions),
    ("The version of a licence is exact", _version_precision),
    ("Source is told or offered in the way the licence demands", _source),
    ("Acknowledgement sentences are exact", _acknowledgements),
    ("Modified components are marked, with what and when", _modifications),
    ("Nothing is unresolved or denied", _nothing_unresolved),
    ("The own terms do not contradict", _own_terms),
)


def _of_texts(
    of: Checked,
    counted: Mapping[tuple[str, tuple[str, ...]], int],
    wanted: Callable[[str], frozenset[str]],
    what: str,
) -> _Outcome:
    """It fails for a component whose missing text no open point tells; the others are those of check 2."""
    lacking = {(each, texts) for each, texts in counted if not _has_texts(of, wanted(each), texts)}
    named = ("license-text-missing", "license-not-analysed")
    told = {_place(each) for point in of.notice.open_points if point.kind in named for each in point.components}
    without = [each for each in of.notice.components if (each.license, each.texts) in lacking] if lacking else []
    silent = [each for each in without if _place(each) not in told]
    saw = f"{sum(counted.values())} {what}, {len(without)} without all their texts, {len(silent)} of them untold"
    return _passed(not silent), saw


def _passed(holds: bool) -> Result:
    return "passed" if holds else "failed"


@remembered(4096)
def _has_or(license_expression: str) -> bool:
    match parse(license_expression):
        case Or():
            return True
        case And(operands=operands):
            return any(isinstance(operand, Or) for operand in operands)
        case _:
            return False


@remembered(4096)
def _is_and(license_expression: str) -> bool:
    return isinstance(parse(license_expression), And)


@remembered(4096)
def _bases(license_expression: str) -> frozenset[str]:
    return frozenset(_base(leaf) for leaf in leaves(parse(license_expression)))


def _base(leaf: License | With) -> str:
    return leaf.license.id if isinstance(leaf, With) else leaf.id


@remembered(4096)
def _exception_ids(license_expression: str) -> frozenset[str]:
    return frozenset(leaf.exception for leaf in leaves(parse(license_expression)) if isinstance(leaf, With))


def _has_texts(of: Checked, wanted: frozenset[str], texts: Iterable[str]) -> bool:
    return wanted <= frozenset[str]().union(*(of.printed[each] for each in texts))
