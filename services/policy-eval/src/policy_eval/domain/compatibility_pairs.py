"""The rules on two single licences, in their order: texts and stewards first, OSADL's matrix last (domain.md §3.5)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from policy_eval.domain.categories import NONE_FOUND
from policy_eval.domain.compatibility_facts import Combination, CompatibilityFacts, CompatibilityVerdict, Outcome
from policy_eval.domain.gnu_licenses import FAQ, GnuLicense, combined, gnu_license
from policy_eval.domain.terms import UNKNOWN_TERMS, Terms, copyleft_clause

OWN_RULE: Final = "Licet"
_RAISE: Final = "raise the outbound licence to {}"
_CHANGE: Final = "change the outbound licence to {}, if all other components allow it"
_REPLACE: Final = "replace the component by one under other terms"
_ISOLATE: Final = "run it as a process of its own, so that the two are a mere aggregate (linkage separate)"
_LINK: Final = "keep it unmodified in files or a library of its own and link it, instead of copying code"
_SECONDARY: Final = {
    "EPL-2.0": (
        "if Exhibit A of the component names the GPL as a Secondary License, state its licence as "
        "EPL-2.0 OR GPL-2.0-or-later",
    )
}
_SAYS: Final[dict[str, CompatibilityVerdict]] = {
    "Yes": "compatible",
    "Same": "compatible",
    "Check dependency": "conditional",
    "No": "incompatible",
    "Unknown": "unknown",
}

Rule = Callable[["PairRules", Terms, Terms, Combination], Outcome | None]


@dataclass(frozen=True, slots=True)
class PairRules:
    """Answers for one inbound and one outbound licence, each of one exact version and without exception."""

    facts: CompatibilityFacts

    def decide(self, inbound: Terms, outbound: Terms, combination: Combination) -> Outcome:
        """The answer of the first rule that has one."""
        for rule in RULES:
            outcome = rule(self, inbound, outbound, combination)
            if outcome is not None:
                return outcome
        return Outcome("unknown", f"nothing is known of {inbound.id} in work under {outbound.id}", OWN_RULE)

    def own_terms(self, inbound: Terms, outbound: Terms, _: Combination) -> Outcome | None:
        if not inbound.is_own:
            return None
        why = f"{inbound.id} withholds what {outbound.id} permits to everybody"
        return Outcome("incompatible", why, OWN_RULE, alternatives=("obtain open source terms for it", _ISOLATE))

    def no_derivatives(self, inbound: Terms, outbound: Terms, combination: Combination) -> Outcome | None:
        if inbound.category != "no-derivatives" or not (combination.is_copied or combination.modified):
            return None
        return Outcome("incompatible", f"{inbound.id} does not permit to share adapted material", f"{inbound.id}")

    def same(self, inbound: Terms, outbound: Terms, _: Combination) -> Outcome | None:
        if inbound.id.lower() != outbound.id.lower():
            return None
        return Outcome("compatible", "inbound and outbound licence are the same", OWN_RULE)

    def unread(self, inbound: Terms, outbound: Terms, _: Combination) -> Outcome | None:
        for terms in (inbound, outbound):
            if terms.category in UNKNOWN_TERMS and not terms.is_own:
                return Outcome("unknown", f"{terms.id} is {terms.category}: its terms are not known", OWN_RULE)
        return None

    def free_of_conditions(self, inbound: Terms, outbound: Terms, _: Combination) -> Outcome | None:
        if not inbound.has_no_conditions:
            return None
        return Outcome("compatible", f"{inbound.id} asks for nothing that {outbound.id} could contradict", OWN_RULE)

    def permitted(self, inbound: Terms, outbound: Terms, _: Combination) -> Outcome | None:
        for permission in self.facts.permissions.get(inbound.id, ()):
            if outbound.id in permission.under:
                why = permission.why or f"the text of {inbound.id} names {outbound.id}"
                return Outcome(permission.verdict, why, permission.source)
        return None

    def among_gnu(self, inbound: Terms, outbound: Terms, combination: Combination) -> Outcome | None:
        source, target = gnu_license(inbound.id), gnu_license(outbound.id)
        if source is None or target is None:
            return None
        verdict, why = combined(source, target, combination.is_copied)
        alternatives = _gnu_alternatives(source, target, combination) if verdict == "incompatible" else ()
        return Outcome(verdict, why, FAQ, alternatives=alternatives)

    def into_gnu(self, inbound: Terms, outbound: Terms, combination: Combination) -> Outcome | None:
        target = gnu_license(outbound.id)
        versions = self.facts.gnu.versions.get(inbound.id)
        if target is None or versions is None or (target.family == "LGPL" and inbound.is_weak_copyleft):
            return None
        fits = versions == "every-version" or (versions == "version-3" and target.version == "3.0")
        if target.family == "LGPL" and versions == "none" and not combination.is_copied:
            return None
        return self._by_fsf(inbound, target, fits)

    def linked_weak_copyleft(self, inbound: Terms, outbound: Terms, combination: Combination) -> Outcome | None:
        if not inbound.is_weak_copyleft or combination.is_copied or _reaches_all(outbound):
            return None
        return Outcome(
            "conditional",
            _weak_duties(inbound, combination),
            f"{inbound.id}: copyleft limited to its own files or library",
        )

    def strong_copyleft(self, inbound: Terms, outbound: Terms, _: Combination) -> Outcome | None:
        if not inbound.is_strong_copyleft:
            return None
        why = f"{inbound.id} demands its own terms for the whole combined work, and does not name {outbound.id}"
        change = () if inbound.id.startswith("SSPL") else (_CHANGE.format(inbound.id),)
        alternatives = (*change, _REPLACE, _ISOLATE)
        return Outcome("incompatible", why, copyleft_clause(inbound.id), alternatives=alternatives)

    def not_open_source(self, inbound: Terms, outbound: Terms, _: Combination) -> Outcome | None:
        if not inbound.restricts_use:
            return None
        why = f"{inbound.id} ({inbound.category}) restricts what {outbound.id} permits to everybody"
        return Outcome("incompatible", why, OWN_RULE, alternatives=(_REPLACE, _ISOLATE))

    def content(self, inbound: Terms, _: Terms, combination: Combination) -> Outcome | None:
        if not inbound.is_content:
            return None
        adapted = combination.is_copied or combination.modified
        if adapted and inbound.is_share_alike:
            return Outcome(
                "incompatible", "adapted material must stay under the same terms", f"{inbound.id}: share alike"
            )
        return Outcome("conditional", f"the material stays under {inbound.id} and is attributed", f"{inbound.id}")

    def later_version(self, inbound: Terms, outbound: Terms, combination: Combination) -> Outcome | None:
        later = self.facts.later.get(inbound.id)
        if later is None:
            return None
        if outbound.id in later.under:
            return Outcome("compatible", f"{inbound.id} lets everybody take the later version", later.source)
        onward = ((each, self.facts.permissions.get(each, ())) for each in later.through)
        for version, permission in ((version, each) for version, permissions in onward for each in permissions):
            if outbound.id in permission.under:
                why = f"{inbound.id} lets everybody take {version}, {later.condition}, and that names {outbound.id}"
                return Outcome("conditional", why, f"{later.source}; {permission.source}")
        return None

    def matrix(self, inbound: Terms, outbound: Terms, combination: Combination) -> Outcome | None:
        value = self.facts.matrix.get(outbound.id, {}).get(inbound.id)
        if value is None:
            return None
        verdict = _SAYS[value]
        why = f"OSADL on code of {inbound.id} in work under {outbound.id}: {value}"
        return Outcome(verdict, why, self.facts.matrix_source, alternatives=_to_alternatives(verdict, inbound))

    def into_public_domain(self, inbound: Terms, outbound: Terms, _: Combination) -> Outcome | None:
        if outbound.category != "public-domain" or not (inbound.is_permissive and inbound.is_analysed):
            return None
        why = f"{outbound.id} gives up rights in the own work alone; what is under {inbound.id} keeps its notices and terms"
        source = "CC0-1.0 §4(c)" if outbound.id == "CC0-1.0" else OWN_RULE
        return Outcome("conditional", why, source)

    def both_permissive(self, inbound: Terms, outbound: Terms, _: Combination) -> Outcome | None:
        if not (inbound.is_permissive and inbound.is_analysed and outbound.is_permissive and outbound.is_analysed):
            return None
        return Outcome("compatible", "neither licence demands its own terms for the work of others", OWN_RULE)

    def copied_copyleft(self, inbound: Terms, outbound: Terms, _: Combination) -> Outcome | None:
        if not inbound.is_weak_copyleft:
            return None
        why = f"files that hold code of {inbound.id} stay under it and cannot be under {outbound.id}"
        return Outcome("incompatible", why, f"{inbound.id}: copyleft", alternatives=(_LINK,))

    def _by_fsf(self, inbound: Terms, target: GnuLicense, fits: bool) -> Outcome:
        gnu = self.facts.gnu
        disputed = gnu.disputed.get(inbound.id)
        source = f"{gnu.source}; {disputed}" if disputed else gnu.source
        if fits:
            return Outcome("compatible", f"{inbound.id} adds nothing that {target.id} forbids", source)
        why = gnu.why.get(inbound.id, f"{inbound.id} adds restrictions that {target.id} forbids")
        raised = gnu.versions[inbound.id] == "version-3"
        raise_it = (_RAISE.format(f"{target.family}-3.0-or-later"),) if raised else ()
        alternatives = (*raise_it, *_SECONDARY.get(inbound.id, ()), _ISOLATE)
        return Outcome("incompatible", why, source, alternatives=alternatives)


RULES: Final[tuple[Rule, ...]] = (
    PairRules.unread,
    PairRules.own_terms,
    PairRules.no_derivatives,
    PairRules.same,
    PairRules.free_of_conditions,
    PairRules.permitted,
    PairRules.among_gnu,
    PairRules.into_gnu,
    PairRules.later_version,
    PairRules.linked_weak_copyleft,
    PairRules.strong_copyleft,
    PairRules.not_open_source,
    PairRules.content,
    PairRules.matrix,
    PairRules.into_public_domain,
    PairRules.both_permissive,
    PairRules.copied_copyleft,
)


def _reaches_all(outbound: Terms) -> bool:
    """Whether the outbound licence itself demands its terms for all that is linked with it."""
    target = gnu_license(outbound.id)
    return target is not None and target.family != "LGPL"


def _weak_duties(inbound: Terms, combination: Combination) -> str:
    if inbound.category == "weak-copyleft-library" and combination.linkage == "static":
        return f"{inbound.id} allows linked work under other terms if it can be relinked, with the library's source"
    if inbound.category == "weak-copyleft-library":
        return f"{inbound.id} allows linked work under other terms; the library stays replaceable and under its licence"
    return f"{inbound.id} allows a larger work under other terms; its own files stay separate and under it, with source"


def _gnu_alternatives(source: GnuLicense, target: GnuLicense, combination: Combination) -> tuple[str, ...]:
    is_lesser = source.family == "LGPL"
    wanted = GnuLicense("GPL", source.gpl_version, or_later=True) if is_lesser else source
    is_raised = wanted.family == target.family and wanted.version > target.version
    advice = (_RAISE if is_raised else _CHANGE).format(wanted.id)
    return (_LINK, advice) if is_lesser and combination.is_copied else (advice, _REPLACE, _ISOLATE)


def _to_alternatives(verdict: CompatibilityVerdict, inbound: Terms) -> tuple[str, ...]:
    if verdict != "incompatible":
        return ()
    return (_LINK,) if inbound.is_weak_copyleft else (_ISOLATE,)


def proprietary(inbound: Terms, combination: Combination) -> Outcome:
    """The answer where the outbound work is under its owner's own terms."""
    adapted = combination.is_copied or combination.modified
    own = f"{inbound.id} in work under own terms"
    if inbound.category in UNKNOWN_TERMS | {NONE_FOUND, "proprietary", "source-available"}:
        return Outcome("unknown", f"{own}: its terms or a contract must say so", OWN_RULE, alternatives=("ask legal",))
    if inbound.is_strong_copyleft or inbound.category == "non-commercial":
        source = copyleft_clause(inbound.id) if inbound.is_strong_copyleft else OWN_RULE
        alternatives = (_ISOLATE, _REPLACE, "obtain other terms")
        return Outcome("incompatible", f"{own}: {_forbids(inbound)}", source, alternatives=alternatives)
    if inbound.is_weak_copyleft:
        return _proprietary_weak(inbound, combination)
    if inbound.category in ("content-share-alike", "data-share-alike", "no-derivatives") and adapted:
        return Outcome("incompatible", f"{own}: adapted material cannot be under own terms", OWN_RULE)
    if inbound.is_permissive or inbound.category == "public-domain":
        return _proprietary_permissive(inbound, own)
    return Outcome("conditional", f"{own}: it stays under its own terms, whose conditions are kept", OWN_RULE)


def _proprietary_permissive(inbound: Terms, own: str) -> Outcome:
    if inbound.is_analysed:
        return Outcome("compatible", f"{own}: its notices and conditions are kept", OWN_RULE)
    why = f"{own}: {inbound.category} by ScanCode's LicenseDB alone, which somebody has to confirm"
    return Outcome("conditional", why, "ScanCode LicenseDB", alternatives=("have the OSPO analyse the licence",))


def _proprietary_weak(inbound: Terms, combination: Combination) -> Outcome:
    if combination.is_copied:
        why = f"what code of {inbound.id} is copied into stays under it and cannot be under own terms"
        return Outcome("incompatible", why, f"{inbound.id}: copyleft", alternatives=(_LINK,))
    return Outcome(
        "conditional", _weak_duties(inbound, combination), f"{inbound.id}: copyleft limited to its own files or library"
    )


def _forbids(inbound: Terms) -> str:
    if inbound.category == "non-commercial":
        return "commercial use is not permitted"
    reaches = "the whole combined work would have to be under it"
    if inbound.id.startswith("EUPL"):
        return f"{reaches} (the Commission reads the EUPL as not reaching linked work: ask legal)"
    return reaches
