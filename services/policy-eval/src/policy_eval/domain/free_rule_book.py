"""What the free rules of a policy say to components.

The first of them that holds gives the verdict, whatever the rules of the licence's category gave. One that cannot be told
of a component, such as after a division by zero, has the component reviewed: it never counts as passed.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from msgspec import structs

from policy_eval.domain.effective_license import Decision
from policy_eval.domain.free_rules import Facts, FreeRule, Situated
from policy_eval.domain.judgement import Judgement
from policy_eval.domain.trace import TraceStep
from shared.contracts.decisions import OwnContext, UsageContext, Verdict
from shared.contracts.inventory import Component

_LONGEST: Final = 1000
_OF_PEOPLE: Final = frozenset({"mapped", "curated", "confirmed", "excluded", "chosen", "category"})


class FreeRules:
    """The free rules of a policy in a usage context."""

    def __init__(
        self, rules: Sequence[FreeRule], context: UsageContext, order: Sequence[Verdict], today: date | None = None
    ) -> None:
        """`order`: the verdicts from the mildest to the strictest; `today`: the day up to which decisions are of an age."""
        self._rules = rules
        self._order = order
        self._today = today
        self._context = context
        self._of_context: dict[OwnContext | None, Facts] = {None: _of_context(context)}
        self._replaced: dict[tuple[Decision, FreeRule, bool], Decision] = {}

    def __bool__(self) -> bool:
        return bool(self._rules)

    def applied(self, decision: Decision, component: Component, depth: int) -> Decision:
        """The decision after the first free rule that holds; the same object for the same decision and rule."""
        age = _age_days(decision.trace, self._today)
        found = self.first(self.facts(decision, Situated(component, depth, age)))
        return decision if found is None else self._after(decision, *found)

    def facts(self, decision: Decision, situated: Situated) -> Facts:
        """What expressions see of a component."""
        component, usage, judgement = situated.component, decision.usage, decision.judgement
        own = usage.own_context
        if own not in self._of_context:
            self._of_context[own] = _of_context(self._context.of(own))
        return {
            **self._of_context[own],
            "component.group": _text(component.group),
            "component.name": _text(component.name),
            "component.purl": _text(component.purl),
            "component.scope": component.scope,
            "component.supplier": _text(component.supplier),
            "component.type": _text(component.type),
            "component.version": _text(component.version),
            "decision.age_days": situated.age_days,
            "graph.depth": situated.depth,
            "license.category": judgement.category,
            "license.effective": _text(decision.effective_license),
            "license.id": _text(judgement.subject),
            "license.source": decision.mapped.origin or "",
            "license.verdict": judgement.verdict,
            "usage.kind": usage.kind,
            "usage.linkage": usage.linkage or "",
            "usage.modified": usage.modified,
            "usage.shipped": usage.shipped,
        }

    def first(self, facts: Facts) -> tuple[FreeRule, bool] | None:
        """The first rule that holds, or of which it cannot be told (False)."""
        for rule in self._rules:
            holds = rule.when.holds(facts)
            if holds is not False:
                return rule, holds is True
        return None

    def judged(self, judgement: Judgement, rule: FreeRule, is_told: bool) -> Judgement:
        """The judgement that the rule makes of another."""
        then = rule.then if is_told else max("review-ospo", judgement.verdict, key=self._order.index)
        why = rule.text if is_told else f"cannot be told here: {rule.text}"
        return structs.replace(
            judgement,
            verdict=then,
            rank=self._order.index(then),
            rule=f"rule/{rule.name}",
            because=f"free rule {rule.name}: {why} → {then}",
            how_to_fix=rule.how_to_fix,
        )

    def _after(self, decision: Decision, rule: FreeRule, is_told: bool) -> Decision:
        key = (decision, rule, is_told)
        if key not in self._replaced:
            judgement = self.judged(decision.judgement, rule, is_told)
            last = decision.trace[-1]
            steps = (
                structs.replace(last, step="rule", saw=judgement.because),
                structs.replace(last, saw=judgement.verdict),
            )
            self._replaced[key] = structs.replace(decision, judgement=judgement, trace=(*decision.trace[:-1], *steps))
        return self._replaced[key]


def _of_context(context: UsageContext) -> Facts:
    return {
        "context.audience": context.audience or "",
        "context.commercial": context.commercial,
        "context.delivery": list(context.delivery),
        "context.medium": context.medium,
        "context.name": context.name,
        "context.outbound": _text(context.outbound),
        "context.user_product": context.user_product,
    }


def _age_days(trace: Sequence[TraceStep], today: date | None) -> int:
    """How many days ago the newest decision of people was made that the trace rests on; -1 without one."""
    made = [each.version for each in trace if each.author and each.version and each.step in _OF_PEOPLE]
    if not made or today is None:
        return -1
    return max(0, (today - datetime.fromisoformat(max(made)).date()).days)


def _text(value: str | None) -> str:
    return (value or "")[:_LONGEST]
