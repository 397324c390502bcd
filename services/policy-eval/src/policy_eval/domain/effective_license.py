"""The one place that decides which licence a component has: map → curate → exclude → choose, each step leaving its trace."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from msgspec import Struct, structs

from policy_eval.domain.answers import NO_ANSWERS, Answers
from policy_eval.domain.categories import NOT_SOFTWARE
from policy_eval.domain.choice import Choice, Chooser
from policy_eval.domain.choice_book import NO_CHOICES, ChoiceBook
from policy_eval.domain.exclusions import confirmed, excluded
from policy_eval.domain.judgement import Judge, Judgement, worst
from policy_eval.domain.mapping import MappedLicense
from policy_eval.domain.recorded import Doubt, Recorded, curated, step_of
from policy_eval.domain.stated_use import modified_as_stated, says_linkage, steps_of, usage_as_stated
from policy_eval.domain.trace import TraceStep
from policy_eval.domain.usage import Usage
from policy_eval.domain.weight import Weight
from shared.licensing import License, With, leaves

MOST_SEEN: Final = 1_000


class Decision(Struct, frozen=True, eq=False):
    """What was decided of one distinct set of licence facts in one usage; components with equal facts share it.

    `license`, `effective_license` and `chosen_from` as in `DecidedComponent`; `judgement` is that of the operand that
    decides. `identity` is the licence as findings are recognised by it: the same text for equal expressions.
    `doubts` are decisions of people that could not be applied.
    """

    mapped: MappedLicense
    usage: Usage
    judgement: Judgement
    license: str | None
    effective_license: str | None
    chosen_from: str | None
    identity: str
    trace: tuple[TraceStep, ...]
    doubts: tuple[Doubt, ...] = ()
    modified: bool | None = None
    """Whether people say that the component is modified."""
    linkage_said: bool = False
    """Whether people say how the component is linked."""

    @property
    def shown_license(self) -> str | None:
        """The effective licence, or what the document says where none could be read."""
        return self.effective_license or "; ".join(self.mapped.values) or None


class Decider:
    """Decides each distinct pair of mapped licence and usage once."""

    def __init__(self, judge: Judge, chooser: Chooser, book: ChoiceBook = NO_CHOICES) -> None:
        self._judge = judge
        self._chooser = chooser
        self._book = book
        self._decided: dict[tuple[MappedLicense, Usage, bool, Answers | None], Decision] = {}
        self._weight = Weight[Decision](lambda each: each.effective_license or "")
        self._reasoned: dict[tuple[Judgement, Usage], tuple[TraceStep, ...]] = {}
        # By the object itself: that an expression is the same is found out once for each object, not for each component.
        # Each document with texts or definitions of its own brings new objects for equal facts: forgotten at a size.
        self._seen: dict[tuple[int, Usage, bool, Answers | None], tuple[MappedLicense, Decision]] = {}

    def decide(
        self, mapped: MappedLicense, usage: Usage, needs_license: bool = True, answers: Answers = NO_ANSWERS
    ) -> Decision:
        """The decision on the licence facts in this usage, the same object for equal facts and answers of people.

        `needs_license` is False for an element that is no software and claims no licence: there is nothing to judge.
        """
        key = (id(mapped), usage, needs_license, _given(answers))
        seen = self._seen.get(key)
        if seen is None:
            if len(self._seen) >= MOST_SEEN:
                self._seen = {}
            # The object is kept beside its decision, so that its id is no other's.
            seen = self._seen.setdefault(key, (mapped, self._equal(mapped, usage, needs_license, answers)))
        return seen[1]

    def categories(self, decisions: Iterable[Decision]) -> set[str]:
        """Those whose rules the policy was, or might have been, asked for to make these decisions."""
        found, asked = set[str](), set[tuple[License | With, Usage]]()
        for each in decisions:
            mapped = each.mapped
            found.update(unresolved.category for unresolved in mapped.unresolved)
            if mapped.expression is not None:
                asked.update((leaf, each.usage) for leaf in leaves(mapped.expression))
        return found.union(*(self._judge.categories(leaf, usage) for leaf, usage in asked))

    @property
    def weight(self) -> int:
        """How much it remembers: decisions on distinct facts, in those of the usual length, and licences."""
        return max(self._weight.of(self._decided.values()), self._chooser.licenses)

    def _equal(self, mapped: MappedLicense, usage: Usage, needs_license: bool, answers: Answers) -> Decision:
        key = (mapped, usage, needs_license, _given(answers))
        known = self._decided.get(key)
        if known is None:
            decide = self._decide if needs_license or answers.curations else self._nothing_to_license
            # What is excluded as a whole is not shipped, and judged as such.
            used = usage_as_stated(usage, answers.uses) if answers.uses else usage
            used = structs.replace(used, shipped=False) if answers.excludes_all else used
            decided = decide(self._after_people(mapped, answers), used)
            if says_linkage(answers.uses):
                decided = structs.replace(decided, linkage_said=True)
            known = self._decided.setdefault(key, decided)
        return known

    def _after_people(self, mapped: MappedLicense, answers: Answers) -> Recorded:
        if answers is NO_ANSWERS:
            return self._book.applied(Recorded(mapped), ())
        recorded = excluded(confirmed(curated(mapped, answers), answers), answers)
        if answers.uses:
            steps = (*recorded.steps, *steps_of(answers.uses))
            recorded = replace(recorded, steps=steps, modified=modified_as_stated(answers.uses))
        return self._book.applied(recorded, answers.choices)

    def _decide(self, recorded: Recorded, usage: Usage) -> Decision:
        mapped = recorded.mapped
        choice = self._chooser.choose(recorded.expression, usage) if recorded.expression is not None else None
        judgements = [self._judge.unresolved(each, usage) for each in mapped.unresolved]
        judgement = worst([*judgements, choice.judgement] if choice else judgements)
        steps = choice.steps if choice else ()
        trace = (*mapped.trace, *recorded.steps, *steps, *self._reasons(judgement, usage))
        if choice is None or mapped.unresolved:
            unread = "; ".join(mapped.values)
            doubts, modified = recorded.doubts, recorded.modified
            return Decision(mapped, usage, judgement, None, None, None, unread, trace, doubts, modified)
        return _resolved(recorded, usage, choice, judgement, trace)

    def _nothing_to_license(self, recorded: Recorded, usage: Usage) -> Decision:
        mapped = recorded.mapped
        because = "no software package, and no licence is claimed"
        mildest = self._judge.policy.verdict_order[0]
        judgement = Judgement("", NOT_SOFTWARE, mildest, 0, "quality/no-license-claim", because)
        trace = (*mapped.trace, *self._reasons(judgement, usage))
        return Decision(mapped, usage, judgement, None, None, None, "", trace, recorded.doubts)

    def _reasons(self, judgement: Judgement, usage: Usage) -> tuple[TraceStep, ...]:
        known = self._reasoned.get((judgement, usage))
        return self._reasoned.setdefault((judgement, usage), self._reason(judgement, usage)) if known is None else known

    def _reason(self, judgement: Judgement, usage: Usage) -> tuple[TraceStep, ...]:
        policy, version = f"policy {self._judge.policy.name}", str(self._judge.policy.version)
        saw = f"linkage {usage.linkage or 'unknown'}, modified {str(usage.modified).lower()}, kind {usage.kind}"
        tried = [f"does not hold for {saw}: {each}" for each in self._judge.tried(judgement)]
        return (
            self._category_step(judgement),
            *(TraceStep("rule", each, policy, version) for each in tried),
            TraceStep("rule", judgement.because, policy, version),
            TraceStep("verdict", judgement.verdict, policy, version),
        )

    def _category_step(self, judgement: Judgement) -> TraceStep:
        saw = f"{judgement.subject or 'nothing stated'} is {judgement.category}"
        own = self._judge.classification(judgement.subject)
        return step_of("category", saw, own.source) if own else TraceStep("category", saw)


def _given(answers: Answers) -> Answers | None:
    """The answers as a key: none for the empty ones of nearly all, which are many to hash."""
    return None if answers is NO_ANSWERS else answers


def _resolved(
    recorded: Recorded, usage: Usage, choice: Choice, judgement: Judgement, trace: tuple[TraceStep, ...]
) -> Decision:
    written = str(recorded.mapped.expression)
    return Decision(
        recorded.mapped,
        usage,
        judgement,
        license=written,
        effective_license=str(choice.remaining),
        chosen_from=written if choice.made or recorded.chosen is not None else None,
        identity=choice.identity,
        trace=trace,
        doubts=recorded.doubts,
        modified=recorded.modified,
    )
