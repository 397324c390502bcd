"""Versions, exceptions and own terms around the rules on two single licences (domain.md §3.5, rules 5 and 6)."""

from dataclasses import dataclass, replace
from typing import Final

from policy_eval.domain.compatibility_facts import Combination, CompatibilityFacts, Outcome
from policy_eval.domain.compatibility_pairs import OWN_RULE, PairRules, proprietary
from policy_eval.domain.gnu_licenses import FAQ, gnu_license
from policy_eval.domain.terms import Terms, is_proprietary, terms_of
from shared.licensing import Catalogue, License, With

_OUTPUT: Final = "if only what the tool puts out is used, and not the tool itself, the exception frees it"


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of a question: the licence and every version of it that may be taken, the oldest first."""

    id: str
    versions: tuple[Terms, ...]
    or_later: bool


class VersionRules:
    """Answers for a single inbound and a single outbound licence, with or without exception or later versions."""

    def __init__(self, facts: CompatibilityFacts, catalogue: Catalogue) -> None:
        self._facts = facts
        self._catalogue = catalogue
        self._rules = PairRules(facts)

    def decide(self, inbound: License | With, outbound: License | With, combination: Combination) -> Outcome:
        """The answer; `branch` is the version of the inbound licence that was taken, where it offers several."""
        if isinstance(inbound, With) and inbound == outbound:
            return Outcome("compatible", "inbound and outbound licence are the same", OWN_RULE)
        if isinstance(inbound, With):
            return self._from_exception(inbound, outbound, combination)
        if isinstance(outbound, With):
            return self._into_exception(inbound, outbound, combination)
        return self._bare(inbound.id, outbound.id, combination)

    def _bare(self, inbound: str, outbound: str, combination: Combination) -> Outcome:
        source, target = self._side(inbound), self._side(outbound)
        if not combination.is_conveyed and not _gives_copies(source.versions[0], target.versions[0]):
            why = f"{inbound} asks nothing of a use over a network in which no copies reach others"
            return Outcome("not-applicable", why, f"{inbound}: duties begin with distribution")
        if is_proprietary(outbound):
            return proprietary(source.versions[0], combination)
        outcomes = [self._best_version(source, version, target.or_later, combination) for version in target.versions]
        return self._within_named(source, target, _over_versions(source, target, outcomes))

    def _within_named(self, source: _Side, target: _Side, outcome: Outcome) -> Outcome:
        """The answer where the inbound text names versions of the outbound licence, and none that is still to come."""
        if outcome.verdict != "compatible" or not target.or_later:
            return outcome
        granted = [
            permission
            for version in source.versions
            for permission in self._facts.permissions.get(version.id, ())
            if permission.under & {each.id for each in target.versions}
        ]
        if not granted or any(each.or_later for each in granted):
            return outcome
        named = [each.id for each in target.versions if any(each.id in permission.under for permission in granted)]
        why = f"{source.id} names {' and '.join(named)}: the release as a whole goes out under that, without later versions"
        return replace(outcome, verdict="conditional", why=why)

    def _best_version(self, source: _Side, target: Terms, or_later: bool, combination: Combination) -> Outcome:
        outcomes = [(self._rules.decide(version, target, combination), version) for version in source.versions]
        best, version = min(outcomes, key=lambda each: each[0].order)
        if len(outcomes) == 1 or best.verdict in ("unknown", "incompatible"):
            return best
        return replace(best, branch=version.id.replace("-only", "-or-later") if or_later else version.id)

    def _side(self, license_id: str) -> _Side:
        gnu = gnu_license(license_id)
        if gnu is not None:
            versions = tuple(terms_of(each.id, self._catalogue) for each in gnu.versions())
            return _Side(license_id, versions, gnu.or_later)
        bare = license_id.removesuffix("+")
        ids = (bare, *self._facts.successors.get(bare, ())) if license_id.endswith("+") else (bare,)
        return _Side(license_id, tuple(terms_of(each, self._catalogue) for each in ids), license_id.endswith("+"))

    def _from_exception(self, inbound: With, outbound: License | With, combination: Combination) -> Outcome:
        effect = self._facts.exceptions.get(inbound.exception)
        bare = self.decide(inbound.license, outbound, combination)
        is_gnu = gnu_license(inbound.license.id) is not None
        if effect == "gpl_2_waiver" and inbound.license.id == "Apache-2.0":
            return _waived(bare, inbound, combination)
        if effect is None or not is_gnu:
            why = (
                f"nothing is known of {inbound.exception} with {inbound.license}; it is not taken for the licence alone"
            )
            return Outcome("unknown", why, OWN_RULE)
        if combination.is_copied or not _lifts(effect, outbound):
            return replace(bare, alternatives=(*bare.alternatives, _OUTPUT)) if effect == "output" else bare
        why = f"{inbound.exception} lifts copyleft for linked work; the component itself stays under {inbound.license}"
        return _better(bare, Outcome("conditional", why, inbound.exception))

    def _into_exception(self, inbound: License, outbound: With, combination: Combination) -> Outcome:
        effect = self._facts.exceptions.get(outbound.exception)
        bare = self.decide(inbound, outbound.license, combination)
        terms = terms_of(inbound.id, self._catalogue)
        if effect == "openssl" and terms.category == "permissive-advertising" and not combination.is_copied:
            return _better(bare, Outcome("compatible", f"{outbound.exception} permits to link it", outbound.exception))
        if effect == "linking" and not (combination.is_copied or terms.is_strong_copyleft):
            why = f"{outbound.exception} permits to link modules under any terms"
            return _better(bare, Outcome("conditional", why, outbound.exception))
        if effect is None and bare.verdict == "incompatible":
            return Outcome(
                "unknown", f"{outbound.exception} may permit what {outbound.license} alone forbids", OWN_RULE
            )
        if bare.verdict == "compatible" and (terms.is_strong_copyleft or terms.is_weak_copyleft):
            why = f"{outbound.exception} cannot be granted for the parts under {inbound}: the whole goes without it"
            return replace(bare, verdict="conditional", why=why)
        return bare


def _gives_copies(inbound: Terms, outbound: Terms) -> bool:
    """Whether use over a network is enough for the question: by the inbound licence, or since the outbound one has its
    source given to the users, the inbound part with it."""
    is_copyleft = inbound.is_weak_copyleft or inbound.is_strong_copyleft
    return inbound.reaches_network_users or outbound.reaches_network_users or not is_copyleft


def _over_versions(source: _Side, target: _Side, outcomes: list[Outcome]) -> Outcome:
    """The answer for all versions that the outbound licence offers: its lowest must be suited, or be raised."""
    lowest, best = outcomes[0], min(outcomes, key=lambda each: each.order)
    if best.order < lowest.order:
        floor = target.versions[outcomes.index(best)].id.removesuffix("-only")
        raised = f"{floor}-or-later" if gnu_license(target.id) else floor
        why = f"only if the release raises {target.id} to {raised}: {lowest.why}"
        raise_it = f"raise the outbound licence to {raised}"
        return replace(best, verdict="conditional", why=why, alternatives=(raise_it, *lowest.alternatives[1:]))
    worst = max(outcomes, key=lambda each: each.order)
    is_narrowed = _is_narrowed(source, target)
    if (worst.order > lowest.order or is_narrowed) and lowest.verdict in ("compatible", "conditional"):
        why = (
            f"{lowest.why}; the release as a whole then goes out under {target.versions[0].id}, without later versions"
        )
        return replace(lowest, verdict="conditional", why=why, source=FAQ if is_narrowed else lowest.source)
    return lowest


def _is_narrowed(source: _Side, target: _Side) -> bool:
    """Whether the inbound licence lacks the later versions that the outbound one offers."""
    inbound = gnu_license(source.id)
    if not target.or_later or inbound is None or inbound.or_later:
        return False
    return not (inbound.family == "LGPL" and inbound.version != "3.0")


def _waived(bare: Outcome, inbound: With, combination: Combination) -> Outcome:
    why = f"{inbound.exception} waives what conflicts with GPL-2.0 where compiled forms are combined with it"
    waived = Outcome("conditional" if combination.is_copied else "compatible", why, f"{inbound.exception} para 2")
    return _better(bare, waived) if bare.source.startswith("FSF") or bare.verdict == "conditional" else bare


def _lifts(effect: str, outbound: License | With) -> bool:
    target = outbound.license.id if isinstance(outbound, With) else outbound.id
    return (
        effect == "linking"
        or (effect == "open_source" and not is_proprietary(target))
        or (effect == "openssl" and target == "OpenSSL")
    )


def _better(first: Outcome, second: Outcome) -> Outcome:
    return first if first.order <= second.order else second
