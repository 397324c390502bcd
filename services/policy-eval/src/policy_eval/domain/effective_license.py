"""The one place that decides which licence a component has: map → curate → choose, each step leaving its trace."""

from dataclasses import dataclass

from policy_eval.domain.categories import NOT_SOFTWARE
from policy_eval.domain.choice import Choice, Chooser
from policy_eval.domain.expression_fold import canonical
from policy_eval.domain.judgement import Judge, Judgement, worst
from policy_eval.domain.mapping import MappedLicense
from policy_eval.domain.trace import TraceStep
from policy_eval.domain.usage import Usage


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """What was decided of one distinct set of licence facts in one usage; components with equal facts share it.

    `license`, `effective_license` and `chosen_from` as in `DecidedComponent`; `judgement` is that of the operand that
    decides. `identity` is the licence as findings are recognised by it: the same text for equal expressions.
    """

    mapped: MappedLicense
    usage: Usage
    judgement: Judgement
    license: str | None
    effective_license: str | None
    chosen_from: str | None
    identity: str
    trace: tuple[TraceStep, ...]

    @property
    def shown_license(self) -> str | None:
        """The effective licence, or what the document says where none could be read."""
        return self.effective_license or "; ".join(self.mapped.values) or None


class Decider:
    """Decides each distinct pair of mapped licence and usage once."""

    def __init__(self, judge: Judge, chooser: Chooser) -> None:
        self._judge = judge
        self._chooser = chooser
        self._decided: dict[tuple[MappedLicense, Usage, bool], Decision] = {}
        # By the object itself: that an expression is the same is found out once for each object, not for each component.
        self._seen: dict[tuple[int, Usage, bool], tuple[MappedLicense, Decision]] = {}

    def decide(self, mapped: MappedLicense, usage: Usage, needs_license: bool = True) -> Decision:
        """The decision on the licence facts in this usage, the same object for equal facts.

        `needs_license` is False for an element that is no software and claims no licence: there is nothing to judge.
        """
        key = (id(mapped), usage, needs_license)
        seen = self._seen.get(key)
        if seen is None:
            # The object is kept beside its decision, so that its id is no other's.
            seen = self._seen[key] = (mapped, self._equal(mapped, usage, needs_license))
        return seen[1]

    def _equal(self, mapped: MappedLicense, usage: Usage, needs_license: bool) -> Decision:
        key = (mapped, usage, needs_license)
        if key not in self._decided:
            decide = self._decide if needs_license else self._nothing_to_license
            self._decided[key] = decide(_curated(mapped), usage)
        return self._decided[key]

    def _decide(self, mapped: MappedLicense, usage: Usage) -> Decision:
        choice = self._chooser.choose(mapped.expression, usage) if mapped.expression is not None else None
        judgements = [self._judge.unresolved(each, usage) for each in mapped.unresolved]
        judgement = worst([*judgements, choice.judgement] if choice else judgements)
        steps = [choosing.step() for choosing in choice.choosings] if choice else []
        trace = (*mapped.trace, *steps, *self._reasons(judgement))
        if choice is None or mapped.unresolved:
            return Decision(mapped, usage, judgement, None, None, None, "; ".join(mapped.values), trace)
        return _resolved(mapped, usage, choice, judgement, trace)

    def _nothing_to_license(self, mapped: MappedLicense, usage: Usage) -> Decision:
        because = "no software package, and no licence is claimed"
        mildest = self._judge.policy.verdict_order[0]
        judgement = Judgement("", NOT_SOFTWARE, mildest, 0, "quality/no-license-claim", because)
        return Decision(mapped, usage, judgement, None, None, None, "", (*mapped.trace, *self._reasons(judgement)))

    def _reasons(self, judgement: Judgement) -> tuple[TraceStep, ...]:
        policy = f"policy {self._judge.policy.name} version {self._judge.policy.version}"
        return (
            TraceStep("category", f"{judgement.subject or 'nothing stated'} is {judgement.category}"),
            TraceStep("rule", judgement.because, policy),
            TraceStep("verdict", judgement.verdict),
        )


def _curated(mapped: MappedLicense) -> MappedLicense:
    """The mapped licence with reviewers' corrections in place of what the document says: there are none yet."""
    return mapped


def _resolved(
    mapped: MappedLicense, usage: Usage, choice: Choice, judgement: Judgement, trace: tuple[TraceStep, ...]
) -> Decision:
    written = str(mapped.expression)
    return Decision(
        mapped,
        usage,
        judgement,
        license=written,
        effective_license=str(choice.remaining),
        chosen_from=written if choice.made else None,
        identity=canonical(choice.remaining),
        trace=trace,
    )
