"""Findings: what of a release somebody has to know or to act on, and how they are recognised again."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal, Protocol

from msgspec import Struct

from policy_eval.domain.decisions import Waiver
from policy_eval.domain.effective_license import Decision
from policy_eval.domain.guidance import how_to_fix
from policy_eval.domain.policy import Policy
from policy_eval.domain.purls import purl_name
from policy_eval.domain.recorded import Doubt
from shared.contracts.decisions import Verdict
from shared.contracts.inventory import Component

Severity = Literal["hint", "warning", "error"]
FindingKind = Literal["license", "export", "compatibility", "quality"]
Route = Literal["project", "ospo", "legal", "export"]

_ROUTES: Final[dict[Verdict, Route]] = {
    "allow-with-conditions": "project",
    "review-ospo": "ospo",
    "review-legal": "legal",
    "deny": "legal",
}
_SHOWN_LICENSES: Final = 10
_SAID: Final[dict[Verdict, str]] = {
    "allow": "allowed",
    "allow-with-conditions": "allowed with conditions",
    "review-ospo": "to be reviewed by the OSPO",
    "review-legal": "to be reviewed by legal",
    "deny": "denied",
}


class Question(Struct, frozen=True):
    """What a finding says of every component with the same licence facts in the same usage.

    `paths`: of a question about a whole release, the ways from the product to what it is about, lists of names.
    """

    rule: str
    severity: Severity
    kind: FindingKind
    license: str | None
    identity: str
    route: Route | None
    message: str
    how_to_fix: str
    paths: tuple[tuple[str, ...], ...] = ()


class Subject(Struct, frozen=True, gc=False):
    """What a finding is about that is about no component alone: the release, a part, or elements of a type."""

    purl: str | None
    name: str
    version: str | None = None


class Finding(Struct, frozen=True, gc=False):
    """A question asked of one component; `component` is its position in the evaluation, None for the whole release.

    `subject` is the component itself where there is one. A finding with a waiver does not count.
    """

    fingerprint: str
    question: Question
    subject: Subject | Component
    component: int | None
    waiver: Waiver | None = None


class Identified(Protocol):
    """What a component is recognised by."""

    @property
    def name(self) -> str: ...

    @property
    def group(self) -> str | None: ...

    @property
    def purl(self) -> str | None: ...


class Questions:
    """The questions that decisions raise, each written once."""

    def __init__(self, policy: Policy, context_name: str) -> None:
        self._policy = policy
        self._context_name = context_name
        self._written: dict[Decision, tuple[Question, ...]] = {}

    def of(self, decision: Decision) -> tuple[Question, ...]:
        """The questions that this decision raises; none if the licence is simply allowed."""
        if decision not in self._written:
            self._written[decision] = tuple(self._write(decision))
        return self._written[decision]

    def _write(self, decision: Decision) -> list[Question]:
        judgement = decision.judgement
        severity = severity_of(judgement.verdict, judgement.category, self._policy)
        questions = [] if severity is None else [self._verdict_question(decision, severity)]
        if decision.mapped.and_unconfirmed:
            questions.append(_unconfirmed_and(decision))
        if decision.mapped.undeclared:
            questions.append(_conflict(decision))
        return questions + [_doubted(doubt, decision) for doubt in decision.doubts]

    def _verdict_question(self, decision: Decision, severity: Severity) -> Question:
        judgement = decision.judgement
        return Question(
            judgement.rule,
            severity,
            "license",
            decision.shown_license,
            decision.identity,
            _ROUTES[judgement.verdict],
            f"{_saw(decision)}; {_used(decision)} in {self._context_name} it is {_SAID[judgement.verdict]} "
            f"({judgement.because}).",
            judgement.how_to_fix or how_to_fix(judgement.rule, judgement.category, judgement.verdict),
        )


def severity_of(verdict: Verdict, category: str, policy: Policy) -> Severity | None:
    """The severity of a verdict; None for a plain allow. `deny` and `review-legal` stop a release by any policy."""
    match verdict:
        case "deny" | "review-legal":
            return "error"
        case "review-ospo":
            return "error" if policy.blocks & {verdict, category} else "warning"
        case "allow-with-conditions":
            return "hint"
        case "allow":
            return None


def finding(question: Question, component: Component, position: int) -> Finding:
    """The question, asked of the component at this position."""
    return Finding(fingerprint(question, identity_of(component)), question, component, position)


def findings(
    asked: Iterable[Sequence[Question] | None], components: Sequence[Component], first: int
) -> Iterator[Finding]:
    """The questions that are asked of each component, None = none; the first component is at the position `first`."""
    # By the object, which the caller keeps: what the fingerprints of its questions begin with.
    begun: dict[int, list[tuple[bytes, Question]]] = {}
    for position, (questions, component) in enumerate(zip(asked, components, strict=True), first):
        if questions is None:
            continue
        begins = begun.get(id(questions))
        if begins is None:
            begins = begun[id(questions)] = [(_facts_of(each, "").encode(), each) for each in questions]
        identity = identity_of(component).encode()
        # As `fingerprint`, without a call: these are made by the hundred thousand.
        for facts, question in begins:
            yield Finding(hashlib.sha256(facts + identity).hexdigest(), question, component, position)


def no_license_claimed(element_type: str, elements: int) -> Finding:
    """One hint for all elements of a type that is no software package and for which no licence is claimed."""
    rule = "quality/no-license-claim"
    message = f"{elements} × {element_type} without a licence claim; elements of this type need none to be used."
    question = Question(rule, "hint", "quality", None, "", None, message, how_to_fix(rule, "", "allow"))
    return Finding(fingerprint(question, element_type), question, Subject(None, element_type), None)


def fingerprint(question: Question, subject_identity: str) -> str:
    """By what a finding is recognised in other releases: rule, kind, licence and component.

    SHA-256 as hex of `rule`, `kind`, the licence (`domain.expression_fold.canonical` of the effective one, or the words
    of the document where none could be read) and `identity_of` the component, joined by U+001F. Left out on purpose:
    the release, the component's version, the wording, severity, route, usage, policy and position, so that an answer
    holds for the next release and after a change of texts. Two versions of a component in one release share a
    fingerprint, and so do two parts that hold the same component: they are one question.
    """
    return hashlib.sha256(_facts_of(question, subject_identity).encode()).hexdigest()


def _facts_of(question: Question, subject_identity: str) -> str:
    return f"{question.rule}\x1f{question.kind}\x1f{question.identity}\x1f{subject_identity}"


def identity_of(component: Identified) -> str:
    """The component without its version: its canonical purl up to the version, or else group and name.

    Qualifiers and subpath go with the version, since scanners write there the distribution's release. Canonical, so that
    two scanners that spell a package differently ask one question.
    """
    if not component.purl:
        return f"{component.group}/{component.name}" if component.group else component.name
    return purl_name(component.purl) or component.purl


def _unconfirmed_and(decision: Decision) -> Question:
    rule = "license/and-unconfirmed"
    message = f"Several licences are stated without an operator: {'; '.join(decision.mapped.values)}. All are applied."
    fix = how_to_fix(rule, decision.judgement.category, decision.judgement.verdict)
    license_name, identity = decision.shown_license, decision.identity
    return Question(rule, "hint", "license", license_name, identity, "project", message, fix)


def _conflict(decision: Decision) -> Question:
    """What is declared and what was found in files differ (domain model §3.3): to be looked at even if both are allowed."""
    rule, found = "license/conflict", decision.mapped.undeclared
    shown, left = ", ".join(found[:_SHOWN_LICENSES]), len(found) - _SHOWN_LICENSES
    more = f" and {left} more" if left > 0 else ""
    message = f"{'; '.join(decision.mapped.values)} is declared, but the files also hold {shown}{more}."
    fix = how_to_fix(rule, decision.judgement.category, decision.judgement.verdict)
    identity = f"{decision.identity} | {', '.join(found)}"
    return Question(rule, "warning", "license", decision.shown_license, identity, "ospo", message, fix)


def _doubted(doubt: Doubt, decision: Decision) -> Question:
    """Decisions that were not applied: an error where they contradict each other, else a warning."""
    severity: Severity = "error" if doubt.rule == "license/curation-conflict" else "warning"
    fix = how_to_fix(doubt.rule, decision.judgement.category, decision.judgement.verdict)
    identity = ", ".join(source.id for source in doubt.sources)
    return Question(doubt.rule, severity, "license", decision.shown_license, identity, "ospo", doubt.message, fix)


def _saw(decision: Decision) -> str:
    judgement = decision.judgement
    unread = {each.value: each.why for each in decision.mapped.unresolved}
    if not judgement.subject:
        return f"No licence is known: {unread['']}"
    if judgement.subject in unread:
        return f"The licence {judgement.subject!r} is {judgement.category}: {unread[judgement.subject]}"
    return f"{judgement.subject} is {judgement.category}"


def _used(decision: Decision) -> str:
    usage = decision.usage
    if not usage.shipped:
        return "not shipped,"
    return f"with linkage {usage.linkage}, {'modified' if usage.modified else 'not modified'},"
