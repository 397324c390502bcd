"""The conditions of policy rules: small objects that test the facts of one licence in one usage, and say what they test."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

from policy_eval.domain.usage import Usage
from shared.contracts.decisions import UsageContext, Verdict

FactName = Literal["linkage", "modified", "license", "user_product", "linking_exception", "kind"]
FactValue = str | bool | None
DeliveryCondition = Literal["none", "network", "source", "binary"]


@dataclass(frozen=True, slots=True)
class LicenseFacts:
    """What a rule may look at. `license` is the SPDX id left of a WITH, without a plus sign, since the version that is
    named may be taken; `linking_exception`: its right side is one that lifts copyleft for linked work."""

    license: str
    linking_exception: bool
    usage: Usage
    context: UsageContext

    def value(self, name: FactName) -> FactValue:
        """The value of the fact of that name."""
        match name:
            case "linkage" | "modified" | "kind":
                value: FactValue = getattr(self.usage, name)
            case "license" | "linking_exception":
                value = getattr(self, name)
            case "user_product":
                value = self.context.user_product
        return value


class Condition(Protocol):
    """One thing that must hold for a rule to apply."""

    def holds(self, facts: LicenseFacts) -> bool: ...

    def describe(self) -> str: ...


@dataclass(frozen=True, slots=True)
class FactIs:
    """A fact has one of the accepted values."""

    name: FactName
    accepted: tuple[FactValue, ...]

    def holds(self, facts: LicenseFacts) -> bool:
        return facts.value(self.name) in self.accepted

    def describe(self) -> str:
        return f"{self.name} is {' or '.join(_written(value) for value in self.accepted)}"


@dataclass(frozen=True, slots=True)
class OfFamily:
    """The licence is a version or variant of a family: `LGPL-3.0` has LGPL-3.0-only, LGPL-3.0-or-later, LGPL-3.0+."""

    family: str

    def holds(self, facts: LicenseFacts) -> bool:
        return self.has(facts.license)

    def has(self, license_id: str) -> bool:
        """Whether the licence is of the family."""
        return license_id == self.family or license_id.startswith((f"{self.family}-", f"{self.family}+"))

    def describe(self) -> str:
        return f"the licence is of the {self.family} family"


@dataclass(frozen=True, slots=True)
class Delivered:
    """The release is delivered in this way, or, for `none`, in no way at all, use over a network included."""

    delivery: DeliveryCondition

    def holds(self, facts: LicenseFacts) -> bool:
        if self.delivery == "none":
            return not facts.context.delivery
        return self.delivery in facts.context.delivery

    def describe(self) -> str:
        return f"delivery is {self.delivery}" if self.delivery == "none" else f"delivery includes {self.delivery}"


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every condition holds; with none it always holds."""

    conditions: tuple[Condition, ...]

    def holds(self, facts: LicenseFacts) -> bool:
        return all(condition.holds(facts) for condition in self.conditions)

    def describe(self) -> str:
        return _sentence(condition.describe() for condition in self.conditions) or "otherwise"


@dataclass(frozen=True, slots=True)
class Rule:
    """The verdict where all conditions hold."""

    condition: AllOf
    then: Verdict

    def describe(self) -> str:
        """The rule in words: "linkage is separate and modified is false → review-ospo"."""
        return f"{self.condition.describe()} → {self.then}"


def _sentence(parts: Iterable[str]) -> str:
    return " and ".join(parts)


def _written(value: FactValue) -> str:
    return value if isinstance(value, str) else str(value).lower()
