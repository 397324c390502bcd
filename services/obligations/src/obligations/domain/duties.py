"""The duties that one licence expression brings in one usage: catalogue rows that are triggered, less what is lifted."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from obligations.domain.catalogue import ANALYSE_LICENSE, RESOLVE_LICENSE, ExceptionEffect, ObligationCatalogue, Row
from obligations.domain.triggers import Cause, Trigger, Usage
from shared.contracts.decisions import Delivery, Use
from shared.licensing import And, Expression, License, Or, With, leaves

_SCOPES = {
    "weak-copyleft-file": "files",
    "weak-copyleft-library": "library",
    "weak-copyleft": "component",
    "strong-copyleft": "whole-work",
    "strong-copyleft-compat-clause": "whole-work",
    "network-copyleft": "whole-work",
}
_FREED_USE: dict[str, Use] = {"output": "output", "user space": "interface"}
_SOURCE_OR_COPYLEFT = frozenset(
    (
        "source-with-binary",
        "written-offer",
        "source-location",
        "network-source",
        "copyleft-work",
        "copyleft-library",
        "copyleft-file",
        "copyleft-network",
    )
)


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty of a licence in one usage, whatever component it is for.

    `key` (hex) is the same for the same obligation, licence, clause and trigger in every release. `when`: the conditions
    of its row, None = always; `causes`: those of them that bring it about in this usage.
    `scope` tells how far a duty to give source or keep the licence reaches, else None.
    """

    key: str
    obligation: str
    license: str | None
    clause: str | None
    when: Trigger | None = None
    causes: tuple[Cause, ...] = ()
    scope: str | None = None
    alternative_to: str | None = None
    sentences: tuple[str, ...] = ()

    @property
    def trigger(self) -> str:
        """What brings it about, in words."""
        return self.when.describe(self.causes) if self.when else "always"


def duties_of(expression: Expression, usage: Usage, catalogue: ObligationCatalogue) -> tuple[Duty, ...]:
    """The triggered duties of every licence in the expression, those of one licence in the catalogue's order.

    Raises ValueError for an expression that still offers a choice: a branch not taken must bring no duties.
    """
    if offers_choice(expression):
        raise ValueError(f"a branch must be chosen before duties can be told: {expression}")
    return all_duties_of(expression, usage, catalogue)


def all_duties_of(expression: Expression, usage: Usage, catalogue: ObligationCatalogue) -> tuple[Duty, ...]:
    """The triggered duties of every licence that the expression names, those of untaken branches included."""
    return tuple(duty for leaf in leaves(expression) for duty in _leaf_duties(leaf, usage, catalogue))


def offers_choice(expression: Expression) -> bool:
    """Whether the expression holds an OR. An And takes in nested Ands, so its operands are all there is to see."""
    match expression:
        case Or():
            return True
        case And(operands=operands):
            return any(isinstance(operand, Or) for operand in operands)
        case _:
            return False


def resolve_license() -> Duty:
    """The duty that stands for every component whose licence is not known or not chosen."""
    return _question(RESOLVE_LICENSE, None)


def _leaf_duties(leaf: License | With, usage: Usage, catalogue: ObligationCatalogue) -> Iterator[Duty]:
    match leaf:
        case License(id=license_id):
            effect, analysed = None, True
        case With(license=License(id=license_id), exception=exception):
            effect = catalogue.effect_of(license_id, exception)
            analysed = effect is not None
    known = catalogue.duties_of(license_id)
    if known is None or not analysed:
        yield _question(ANALYSE_LICENSE, str(leaf))
    rows = (*(known.rows if known else ()), *(effect.adds if effect else ()))
    category = _category(leaf, usage, catalogue)
    for row in (each for each in rows if not _is_pointless(each.obligation, usage)):
        if causes := row.trigger.causes_in(usage, _lifted_from(row, effect, usage)):
            yield _duty(row, str(leaf), causes, category)


def _is_pointless(obligation: str, usage: Usage) -> bool:
    """Whether people have ruled out what the duty is about; what is not known keeps it (domain model §2.1)."""
    match obligation:
        case "advertising-acknowledgement":
            return usage.advertising is False
        case "ui-legal-notices":
            return usage.interactive_ui is False
        case _:
            return False


def _lifted_from(row: Row, effect: ExceptionEffect | None, usage: Usage) -> frozenset[Delivery]:
    lifts = effect.lifts if effect else ()
    applying = (lift.deliveries for lift in lifts if row.obligation in lift.obligations and lift.applies(usage))
    return frozenset[Delivery]().union(*applying)


def _category(leaf: License | With, usage: Usage, catalogue: ObligationCatalogue) -> str:
    base = leaf.license.id if isinstance(leaf, With) else leaf.id
    known = catalogue.licenses.license(base) or catalogue.licenses.license(base.removesuffix("+"))
    of_license = known.category if known else "unknown"
    if not isinstance(leaf, With):
        return of_license
    of_pair, _, only_for = (catalogue.licenses.pair_category(base, leaf.exception) or of_license).partition(" for ")
    return of_pair if not only_for or usage.use == _FREED_USE[only_for] else of_license


def _duty(row: Row, license_expression: str, causes: tuple[Cause, ...], category: str) -> Duty:
    return Duty(
        key=_key(row.obligation, license_expression, row.clause, row.trigger.describe()),
        obligation=row.obligation,
        license=license_expression,
        clause=row.clause,
        when=row.trigger,
        causes=causes,
        scope=_scope(row.obligation, category),
        alternative_to=row.alternative_to,
        sentences=row.sentences,
    )


def _scope(obligation: str, category: str) -> str | None:
    if obligation == "service-source":
        return "service-stack"
    return _SCOPES.get(category) if obligation in _SOURCE_OR_COPYLEFT else None


def _question(obligation: str, license_expression: str | None) -> Duty:
    key = _key(obligation, license_expression or "", "", "")
    return Duty(key=key, obligation=obligation, license=license_expression, clause=None)


def _key(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
