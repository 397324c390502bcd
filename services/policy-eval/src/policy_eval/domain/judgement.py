"""The verdict on a licence in a usage, with the reason for it."""

from collections.abc import Mapping
from functools import cached_property
from operator import attrgetter
from typing import Final

from msgspec import Struct, structs

from policy_eval.domain.categories import PROPRIETARY, STATED_PROPRIETARY, UNKNOWN, known_category, strictness
from policy_eval.domain.conditions import LicenseFacts
from policy_eval.domain.decisions import Classification
from policy_eval.domain.gnu_licenses import gnu_license, later_versions
from policy_eval.domain.mapping import Unresolved
from policy_eval.domain.policy import Policy
from policy_eval.domain.usage import Usage
from shared.contracts.decisions import UsageContext, Use, Verdict
from shared.licensing import Catalogue, License, LicenseInfo, With

_PERMISSIVE: Final = "permissive"
_FREE_FOR: Final[dict[str, Use]] = {
    "permissive for output": "output",
    "permissive for user space": "interface",
}
"""Pairs whose exception frees what a tool makes, or what calls it, and nothing else."""


class Judgement(Struct, frozen=True):
    """The verdict on one licence, or on an expression by the licence that decides it.

    `subject` is that licence as text, `rule` the id of the finding that follows if the verdict is not allow, `because`
    the policy rule that gave the verdict, in words. `rank` is the verdict's place in the policy's order. `how_to_fix` is
    what a free rule says to do. `version` is the later version that was taken of a licence that says "or later".
    """

    subject: str
    category: str
    verdict: Verdict
    rank: int
    rule: str
    because: str
    how_to_fix: str | None = None
    version: License | None = None

    @property
    def severity_order(self) -> tuple[int, int, str, str, str]:
        """Orders judgements from the mildest to the strictest, always in the same way."""
        return (self.rank, strictness(self.category), self.subject, self.rule, self.because)


def worst(judgements: list[Judgement]) -> Judgement:
    """The strictest of the judgements: that of an AND."""
    return judgements[0] if len(judgements) == 1 else max(judgements, key=attrgetter("severity_order"))


class Judge:
    """Judges licences by one policy in one context; each licence in each usage once."""

    def __init__(
        self,
        policy: Policy,
        context: UsageContext,
        catalogue: Catalogue,
        classifications: Mapping[str, Classification] | None = None,
        successors: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self.policy = policy
        self._context = context
        self._catalogue = catalogue
        self._successors = successors or {}
        self._classifications = classifications or {}
        self._judged: dict[tuple[License | With, Usage], Judgement] = {}

    def leaf(self, leaf: License | With, usage: Usage) -> Judgement:
        """The judgement on a licence, alone or with its exception.

        "Or later" is an OR of versions (domain model §3.4): a later one is taken where it is milder than the one that is
        named, and so that nobody has to be asked.
        """
        key = (leaf, usage)
        if key not in self._judged:
            named = self._judge_leaf(leaf, usage)
            self._judged[key] = self._mildest_version(named, leaf, usage) if named.rank else named
        return self._judged[key]

    def unresolved(self, statement: Unresolved, usage: Usage) -> Judgement:
        """The judgement on a statement that no licence could be read from."""
        facts = LicenseFacts(statement.value, False, usage, self._context.of(usage.own_context))
        return self._by_category(statement.value, statement.category, facts)

    def categories(self, leaf: License | With, usage: Usage) -> set[str]:
        """Those whose rules may decide on the licence: its own, and those of later versions that may be taken instead."""
        return {self._category_of(each, usage) for each in (leaf, *later_versions(leaf, self._successors))}

    def tried(self, judgement: Judgement) -> list[str]:
        """The policy's rules, in words, that did not hold before the one that gave the verdict."""
        rules = self.policy.rules.get(judgement.category, {}).get(self._context.name, ())
        described = [rule.describe() for rule in rules]
        return described[: described.index(judgement.because)] if judgement.because in described else []

    def _mildest_version(self, named: Judgement, leaf: License | With, usage: Usage) -> Judgement:
        versions = later_versions(leaf, self._successors)
        later = [structs.replace(self._judge_leaf(each, usage), version=each) for each in versions]
        mildest = min((named, *later), key=attrgetter("rank"))
        return mildest if mildest.verdict in self.policy.choice.auto_record else named

    def _judge_leaf(self, leaf: License | With, usage: Usage) -> Judgement:
        license_id = leaf.license.id if isinstance(leaf, With) else leaf.id
        is_linking = isinstance(leaf, With) and leaf.exception in self.policy.linking_exceptions
        facts = LicenseFacts(license_id.removesuffix("+"), is_linking, usage, self._context.of(usage.own_context))
        known, own = self._known(license_id), self.classification(str(leaf))
        judged = self._by_category(str(leaf), self._category_of(leaf, usage), facts)
        if isinstance(leaf, With) and judged.category == UNKNOWN:
            return structs.replace(judged, rule="license/unknown-exception")
        return self._required(judged, known, usage) if known or own else judged

    def classification(self, subject: str) -> Classification | None:
        """What the organisation says of the licence of this text, alone or with an exception."""
        return self._classifications.get(subject)

    def _known(self, license_id: str) -> LicenseInfo | None:
        return self._catalogue.license(license_id) or self._catalogue.license(license_id.removesuffix("+"))

    def _category_of(self, leaf: License | With, usage: Usage) -> str:
        own = self.classification(str(leaf))
        if own is not None:
            return own.category
        known = self._known(leaf.license.id if isinstance(leaf, With) else leaf.id)
        if known is None:
            return PROPRIETARY if str(leaf) == STATED_PROPRIETARY else UNKNOWN
        if isinstance(leaf, License):
            return known_category(known.category)
        pair = self._catalogue.pair_category(known.id, leaf.exception) or UNKNOWN
        if pair in _FREE_FOR:
            return _PERMISSIVE if usage.use == _FREE_FOR[pair] else known_category(known.category)
        return known_category(pair)

    def _by_category(self, subject: str, category: str, facts: LicenseFacts) -> Judgement:
        if facts.usage.shipped:
            rule = self.policy.rule_for(category, facts)
            verdict, because = rule.then, rule.describe()
        else:
            verdict = self.policy.not_shipped.verdict(category)
            because = f"not shipped → {verdict}"
        return Judgement(subject, category, verdict, self.policy.rank(verdict), f"license/{category}", because)

    def _required(self, judged: Judgement, known: LicenseInfo | None, usage: Usage) -> Judgement:
        requirement = self.policy.requirement
        if not usage.shipped or judged.rank >= self._floor:
            return judged
        unconfirmed = known if known and _is_unconfirmed(known) and not self.classification(judged.subject) else None
        if requirement.osi_or_fsf_approved and not self._is_open_source(judged, known, unconfirmed is None):
            return self._raised(judged, "license/not-open-source", "neither OSI nor FSF approved")
        if self._is_delivered(usage) and unconfirmed and judged.category in requirement.analysed_before_delivery:
            by = f"{unconfirmed.category} by {unconfirmed.category_source} alone"
            return self._raised(judged, "license/not-analysed", by)
        return judged

    def _is_open_source(self, judged: Judgement, known: LicenseInfo | None, is_analysed: bool) -> bool:
        if any(each.osi_approved is True or each.fsf_libre is True for each in self._versions(known)):
            return True
        if not is_analysed:
            return False
        own = self.classification(judged.subject)
        category = own.category if own else known.category if known else UNKNOWN
        return category in self.policy.requirement.or_analysed_categories

    def _versions(self, known: LicenseInfo | None) -> list[LicenseInfo]:
        """The licence, and the later versions that may be taken instead: nobody assessed GPL-1.0, but its successors."""
        gnu = gnu_license(known.id) if known else None
        later = [self._catalogue.license(each.id) for each in gnu.versions()] if gnu else []
        return [each for each in (known, *later) if each]

    def _raised(self, judged: Judgement, rule: str, reason: str) -> Judgement:
        at_least = self.policy.requirement.at_least
        because = f"{reason} → at least {at_least}"
        return structs.replace(judged, verdict=at_least, rank=self._floor, rule=rule, because=because)

    @cached_property
    def _floor(self) -> int:
        return self.policy.rank(self.policy.requirement.at_least)

    def _is_delivered(self, usage: Usage) -> bool:
        delivery = self._context.of(usage.own_context).delivery
        return "source" in delivery or "binary" in delivery


def _is_unconfirmed(known: LicenseInfo) -> bool:
    return known.category_source != "licet"
