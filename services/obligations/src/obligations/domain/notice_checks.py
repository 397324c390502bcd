"""The fifteen checks of a lawyer on a NOTICE (domain model §5.3), each with what it saw."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from msgspec import Struct

from obligations.domain.derive import Group
from obligations.domain.notice import Notice, NoticeComponent
from obligations.domain.statements import ADDRESS
from shared.contracts.decisions import DecidedRelease
from shared.licensing import And, License, Or, With, leaves, parse

Result = Literal["passed", "failed", "not-checked"]

_PLACEHOLDER = re.compile(
    r"<(year|name|owner|copyright|organi[sz]ation)[^>]*>|\[(year|yyyy|name|owner)[^]]*\]", re.IGNORECASE
)
_GNU = re.compile(r"^(A|L)?GPL-\d")
_SOURCE_DUTIES = frozenset(("source-with-binary", "source-location", "network-source", "written-offer"))
_ON_OWN_TERMS = frozenset(
    ("reverse-engineering", "no-further-restrictions", "disclaim-for-contributors", "no-endorsement")
)


class Check(Struct, frozen=True):
    """One check: its number and question, how it came out, and what it saw."""

    number: int
    title: str
    result: Result
    saw: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checks look at. `groups`: the shipped components with their duties; `printed`: the ids of the licences
    and exceptions that each text, by its id, is the text of."""

    release: DecidedRelease
    notice: Notice
    groups: Sequence[Group]
    printed: Mapping[str, frozenset[str]]

    def open_components(self, *kinds: str) -> int:
        """How many components have an open point of one of these kinds."""
        return sum(len(point.components) for point in self.notice.open_points if point.kind in kinds)

    def with_duty(self, obligations: frozenset[str]) -> int:
        """How many components have one of these duties."""
        return sum(
            len(each.components) for each in self.groups if {duty.obligation for duty in each.duties} & obligations
        )


_Outcome = tuple[Result, str]


def check_notice(release: DecidedRelease, notice: Notice, groups: Sequence[Group]) -> tuple[Check, ...]:
    """All fifteen, in their order. `groups`: the shipped components with their duties."""
    printed = {text.id: frozenset(text.license.split(", ")) for text in notice.texts}
    checked = Checked(release, notice, groups, printed)
    return tuple(Check(number, title, *look(checked)) for number, (title, look) in enumerate(_CHECKS, start=1))


def _each_once(of: Checked) -> _Outcome:
    shipped = Counter((each.name, each.version, each.purl) for each in of.release.components if each.shipped)
    listed = Counter((each.name, each.version, each.purl) for each in of.notice.components)
    exact = shipped.keys() == listed.keys() and all(listed[place] <= shipped[place] for place in listed)
    held_back = len(of.release.components) - shipped.total()
    saw = f"{shipped.total()} shipped components, {listed.total()} listed; {held_back} not shipped and not listed"
    return _passed(exact), saw


def _texts_complete(of: Checked) -> _Outcome:
    missing = of.open_components("license-text-missing")
    sources = Counter(text.source for text in of.notice.texts)
    told = ", ".join(f"{count} from {source}" for source, count in sorted(sources.items())) or "none"
    return _passed(not missing), f"{len(of.notice.texts)} texts ({told}); {missing} missing"


def _no_placeholders(of: Checked) -> _Outcome:
    ours = [text for text in of.notice.texts if text.source == "catalogue-without-holder"]
    left = [text.id for text in ours if _PLACEHOLDER.search(text.text)]
    return _passed(
        not left
    ), f"{len(ours)} texts had their blank for the holder taken out; blanks left in {left or 'none'}"


def _copyright_present(of: Checked) -> _Outcome:
    needing = of.with_duty(frozenset(("copyright-notices", "cc-attribution")))
    missing = of.open_components("copyright-notice-unknown")
    return _passed(not missing), f"{needing} components need a copyright notice; {missing} have none"


def _copyright_verbatim(of: Checked) -> _Outcome:
    known = {line for each in of.release.components for line in each.copyright}
    lines = [line for each in of.notice.components for line in each.copyright]
    changed = sum(line not in known for line in lines)
    return _passed(not changed), f"{len(lines)} lines, {changed} differ from the SBOM"


def _upstream_notices(of: Checked) -> _Outcome:
    needing = of.with_duty(frozenset(("notice-file",)))
    missing = of.open_components("upstream-notice-unknown", "upstream-notice-missing")
    saw = f"{needing} components may have an upstream NOTICE, {len(of.notice.notices)} texts printed, {missing} unknown"
    return _passed(not missing), saw


def _one_branch(of: Checked) -> _Outcome:
    chosen = [each for each in of.notice.components if each.chosen_from]
    open_choice = [each for each in _licensed(of) if _has_or(each)]
    return _passed(not open_choice), f"{len(chosen)} choices made, {len(open_choice)} open"


def _all_of_and(of: Checked) -> _Outcome:
    joined = [each for each in _licensed(of) if isinstance(parse(each.license or ""), And)]
    lacking = [each for each in joined if not _has_texts(of, each, _bases)]
    return _of_texts(of, len(joined), len(lacking), "conjunctions")


def _exceptions(of: Checked) -> _Outcome:
    excepted = [each for each in _licensed(of) if _exception_ids(each)]
    lacking = [each for each in excepted if not _has_texts(of, each, _exception_ids)]
    return _of_texts(of, len(excepted), len(lacking), "licences with an exception")


def _version_precision(of: Checked) -> _Outcome:
    ids = sorted({each for component in _licensed(of) for each in _bases(component) if _GNU.match(each)})
    vague = [each for each in ids if not each.endswith(("-only", "-or-later"))]
    return _passed(
        not vague
    ), f"GNU licences: {', '.join(ids) or 'none'}; without their version: {', '.join(vague) or 'none'}"


def _source(of: Checked) -> _Outcome:
    needing = of.with_duty(_SOURCE_DUTIES)
    open_points = of.open_components("source-location-unknown", "source-with-product")
    told = [each.source for statement in of.notice.statements for each in statement.components if each.source]
    malformed = [each for each in told if not ADDRESS.match(each)]
    saw = (
        f"{needing} components need source; {len(told)} addresses, {len(malformed)} malformed; {open_points} open. "
        "Not checked: whether an address answers, the digest of the archive, how long it is kept"
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


def _of_texts(of: Checked, found: int, lacking: int, what: str) -> _Outcome:
    """A text that is missing for a reason that check 2 names is not counted twice."""
    explained = of.open_components("license-text-missing", "license-not-analysed")
    return _passed(lacking <= explained), f"{found} {what}, {lacking} without all their texts"


def _passed(holds: bool) -> Result:
    return "passed" if holds else "failed"


def _licensed(of: Checked) -> list[NoticeComponent]:
    return [each for each in of.notice.components if each.license]


def _has_or(component: NoticeComponent) -> bool:
    match parse(component.license or ""):
        case Or():
            return True
        case And(operands=operands):
            return any(isinstance(operand, Or) for operand in operands)
        case _:
            return False


def _bases(component: NoticeComponent) -> list[str]:
    found = leaves(parse(component.license or ""))
    return [_base(leaf) for leaf in found]


def _base(leaf: License | With) -> str:
    return leaf.license.id if isinstance(leaf, With) else leaf.id


def _exception_ids(component: NoticeComponent) -> list[str]:
    return [leaf.exception for leaf in leaves(parse(component.license or "")) if isinstance(leaf, With)]


def _has_texts(of: Checked, component: NoticeComponent, wanted: Callable[[NoticeComponent], Iterable[str]]) -> bool:
    printed = frozenset[str]().union(*(of.printed[each] for each in component.texts))
    return frozenset(wanted(component)) <= printed
